import { testUsdcAbi } from '@bitstream/contracts/testUsdc.ts'
import { encodeFunctionData, erc20Abi, parseEventLogs } from 'viem'
import type { TestTransaction, TestWallet } from '../context.ts'
import { type Asset, NATIVE } from '../domain/asset.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { type LocalWallet, localClient } from './localWallet.ts'

type Payment = { asset: Asset; to: Hex; amountRaw: bigint }

/** A local chain; `setBalance` gives native coin out of nothing. */
type LocalChain = { chainId: number; rpcUrl: string; setBalance: (address: Hex, wei: bigint) => Promise<void> }

/** The wallets of the test world: `payer` pays with coins that `faucet` gives it as needed, so that it is never empty. */
export function createTestWallet(payer: LocalWallet, faucet: LocalWallet, chain: LocalChain): TestWallet {
  const mint = (to: Hex, amountRaw: bigint) =>
    encodeFunctionData({ abi: testUsdcAbi, functionName: 'mint', args: [to, amountRaw] })
  const transfer = (to: Hex, amountRaw: bigint) =>
    encodeFunctionData({ abi: testUsdcAbi, functionName: 'transfer', args: [to, amountRaw] })
  const fill = async (wallet: LocalWallet, atLeast: bigint) =>
    await chain.setBalance(wallet.address, atLeast + 1_000n * 10n ** 18n)
  const give = async ({ asset, to, amountRaw }: Payment) => {
    if (asset.address !== NATIVE) return await faucet.send({ to: asset.address, data: mint(to, amountRaw) })
    await fill(faucet, amountRaw)
    return await faucet.send({ to, value: amountRaw })
  }
  return {
    transaction: hash => findTransaction(chain, hash),
    give,
    pay: async ({ asset, to, amountRaw }) => {
      await fill(payer, asset.address === NATIVE ? amountRaw : 0n)
      if (asset.address === NATIVE) return await payer.send({ to, value: amountRaw })
      await give({ asset, to: payer.address, amountRaw })
      return await payer.send({ to: asset.address, data: transfer(to, amountRaw) })
    },
  }
}

async function findTransaction({ chainId, rpcUrl }: LocalChain, hash: Hex): Promise<TestTransaction | null> {
  const client = localClient(rpcUrl)
  const unlessMissing = (error: Error) => {
    if (/NotFoundError$/.test(error.name)) return null
    throw new UpstreamError('The local chain did not answer.', { retryable: true, cause: error })
  }
  const transaction = await client.getTransaction({ hash }).catch(unlessMissing)
  if (transaction === null) return null
  const known = {
    chainId,
    hash: lower(hash),
    from: lower(transaction.from),
    to: transaction.to === null ? null : lower(transaction.to),
    value: transaction.value,
  }
  const receipt = await client.getTransactionReceipt({ hash }).catch(unlessMissing)
  if (receipt === null) return { ...known, status: 'waiting', block: null, tokenTransfers: [] }
  const [{ timestamp }, head] = await Promise.all([
    client.getBlock({ blockHash: receipt.blockHash }),
    client.getBlockNumber({ cacheTime: 0 }),
  ])
  return {
    ...known,
    status: receipt.status === 'success' ? 'succeeded' : 'failed',
    block: {
      number: receipt.blockNumber,
      time: new Date(Number(timestamp) * 1000),
      confirmations: head - receipt.blockNumber + 1n,
    },
    tokenTransfers: parseEventLogs({ abi: erc20Abi, eventName: 'Transfer', logs: receipt.logs }).map(log => ({
      token: lower(log.address),
      from: lower(log.args.from),
      to: lower(log.args.to),
      amountRaw: log.args.value,
    })),
  }
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex
}
