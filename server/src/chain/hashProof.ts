import type { Hex } from '../domain/hex.ts'
import type { Log } from './blockLogs.ts'
import { BLOOM } from './bloom.ts'
import type { BlockHeader } from './chainNode.ts'
import { headerHash } from './headerHash.ts'
import { type JsonRpc, RpcError } from './jsonRpc.ts'
import { arePlain, receiptsRoot } from './receiptsRoot.ts'
import { addressOf, expect, type Fields, fieldsOf, hashOf, listOf, toQuantity } from './rpcAnswer.ts'
import { stateSyncHash } from './stateSync.ts'

/** Holds what a node tells against the hashes of its blocks; on a chain that hashes in another way nothing is held against it. */
export type HashProof = {
  /** The bloom of a block if its hash follows from its fields, else null; `lie` where that of other blocks of its form does. */
  bloomOf(fields: Fields, hash: Hex): Hex | null
  /**
   * The logs of a block out of receipts that its hash commits to, and those of a state sync out of a receipt beside them; else null;
   * `lie` where those of other blocks can be proved.
   */
  logsOf(block: BlockHeader): Promise<Log[] | null>
}

type BlockId = Pick<BlockHeader, 'number' | 'hash'>

/** In a self-test: how many older blocks are looked at, and how many with transactions are tried. */
const LOOKED_AT = 64n
const TRIED = 4

/** Proof by the hashes that the node of that chain behind `call` tells. Whether its chain can be proved is learnt from blocks, and remembered. */
export function hashProof(call: JsonRpc, chainId: number): HashProof {
  /** The names of the fields of a block whose hash followed from them; a fork that adds to headers changes the names. */
  let form: string | null = null
  let areReceiptsProvable: boolean | null = null

  function isProved(fields: Fields, hash: Hex): boolean {
    if (headerHash(fields) === hash) {
      form ??= formOf(fields)
      return true
    }
    expect(form !== formOf(fields), 'a block whose hash does not follow from its fields', 'lie')
    return false
  }

  async function receiptsOf(hash: Hex): Promise<readonly Fields[] | null> {
    try {
      const receipts = listOf(await call('eth_getBlockReceipts', [hash]), 'receipts')
      return receipts.map(receipt => fieldsOf(receipt, 'receipt'))
    } catch (error) {
      // Not every node tells them.
      if (error instanceof RpcError) return null
      throw error
    }
  }

  /** Those of a block's receipts that its header may commit to. */
  function committed(receipts: readonly Fields[], block: BlockId): readonly Fields[] {
    const synced = stateSyncHash(chainId, block)
    return receipts.filter(({ transactionHash }) => synced === null || transactionHash !== synced)
  }

  /** Whether receipts can be proved on this chain: tried on blocks before that height, once. */
  async function selfTest(height: bigint): Promise<boolean> {
    let tried = 0
    for (let number = height - 1n; number > height - LOOKED_AT && number >= 0n && tried < TRIED; number -= 1n) {
      if (areReceiptsProvable !== null) break
      const block = await call('eth_getBlockByNumber', [toQuantity(number), false])
      expect(block !== null, 'no such block', 'stale')
      const fields = fieldsOf(block, 'block')
      if (listOf(fields.transactions, 'transactions').length === 0) continue
      const hash = hashOf(fields.hash, 'block hash')
      const told = isProved(fields, hash) ? await receiptsOf(hash) : null
      const receipts = told && committed(told, { number, hash })
      // Where there is nothing but what validators added, there is nothing to try.
      if (told && told.length > 0 && receipts?.length === 0) continue
      tried += 1
      if (receipts && receiptsRoot(receipts) === fields.receiptsRoot) areReceiptsProvable = true
    }
    if (tried > 0) areReceiptsProvable ??= false
    return areReceiptsProvable === true
  }

  return {
    bloomOf(fields, hash) {
      const { logsBloom } = fields
      if (!isProved(fields, hash) || typeof logsBloom !== 'string' || !BLOOM.test(logsBloom)) return null
      return logsBloom as Hex
    },
    async logsOf({ number, hash }) {
      if (areReceiptsProvable === false) return null
      const block = await call('eth_getBlockByHash', [hash, false])
      expect(block !== null, 'no such block', 'stale')
      const fields = fieldsOf(block, 'block')
      const told = await receiptsOf(hash)
      const receipts = told && committed(told, { number, hash })
      if (told && receipts && isProved(fields, hash) && receiptsRoot(receipts) === fields.receiptsRoot) {
        if (receipts.length > 0) areReceiptsProvable = true
        return logsIn(told)
      }
      if (receipts !== null && !arePlain(receipts)) return null
      // After the self-test the form of headers is known, too.
      const isProvable = (await selfTest(number)) && isProved(fields, hash)
      expect(!isProvable || receipts !== null, 'no receipts, but with those of other blocks', 'failed')
      expect(!isProvable, 'receipts that their block does not commit to', 'lie')
      return null
    },
  }
}

function formOf(fields: Fields): string {
  return Object.keys(fields).sort().join()
}

/** All logs of a block by its receipts, each with the index that its place gives it. */
function logsIn(receipts: readonly Fields[]): Log[] {
  const logs = receipts.flatMap(receipt => {
    const txHash = hashOf(receipt.transactionHash, 'transaction hash')
    return listOf(receipt.logs, 'logs').map(
      entry => ({ ...fieldsOf(entry, 'log'), txHash }) as Fields & { txHash: Hex },
    )
  })
  return logs.map(({ address, topics, data, txHash }, index) => {
    return {
      address: addressOf(address, 'address of a log'),
      topics: listOf(topics, 'topics'),
      data,
      txHash,
      place: `${index}`,
    }
  })
}
