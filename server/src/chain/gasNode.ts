import { sweepProbeBytecode } from '@bitstream/contracts/sweepProbe.ts'
import { concatHex, encodeAbiParameters, parseAbiParameters } from 'viem'
import { NATIVE } from '../domain/asset.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { invariant } from '../domain/errors.ts'
import type { GasMarket } from '../domain/gasFees.ts'
import { bytesToHex, type Hex, hexToBytes } from '../domain/hex.ts'
import type { Call } from '../domain/sweepCall.ts'
import type { BlockHeader, Sent, WatchedChain } from './chainNode.ts'
import { type GasAccount, openGasAccount } from './gasAccount.ts'
import { type JsonRpc, type JsonRpcOptions, jsonRpc, RpcError } from './jsonRpc.ts'
import { expect, fieldsOf, listOf, quantityOf } from './rpcAnswer.ts'

/** What a sweep would do to one asset at one deposit address: base units there before it and after it. */
export type Trial = { deposit: Hex; token: Hex; heldRaw: bigint; leftRaw: bigint }

/**
 * The account that pays the gas of sweeps, on one chain. Answers that are missing or malformed are `UpstreamError`s; none of them,
 * and no log, tells its key.
 */
export type GasNode = Pick<GasAccount, 'address' | 'sign' | 'replace'> & {
  /** What gas costs now and usually; `coinUsd` is for others to say. */
  market(): Promise<Omit<GasMarket, 'coinUsd'>>
  /** The newest block, and how many transactions the account has in it and before. */
  head(): Promise<{ block: BlockHeader; nonce: bigint } | null>
  /** Base units of the native coin that the account has at that block. */
  balance(block: BlockHeader): Promise<bigint | null>
  /** What the call would do at that block, for each token at each deposit address; null where it reverts as a whole. */
  attempt(call: Call, deposits: readonly Hex[], tokens: readonly Hex[], block: BlockHeader): Promise<Trial[] | null>
  /** Whether the token says that it is paused, as Circle's, Tether's and OpenZeppelin's do. */
  isPaused(token: Hex, block: BlockHeader): Promise<boolean>
  /** The gas that the call takes; null where it reverts. */
  estimate(call: Call): Promise<bigint | null>
  /** Gives signed bytes to every provider, and answers how many took them; that says nothing of what becomes of them. */
  broadcast(raw: Hex): Promise<number>
  /** The mined transaction of that hash, or null. */
  sent(txHash: Hex): Promise<Sent | null>
}

/** How a gas node is reached; see `JsonRpcOptions`. */
export type GasNodeOptions = Partial<Omit<JsonRpcOptions, 'rpcUrl'>>

const RPC_TIMEOUT_MS = 10_000
/** As many blocks as every node tells the fees of. */
const USUAL_BLOCKS = 1_024
/** keccak256 of `paused()`, its first four bytes. */
const PAUSED: Hex = '0x5c975abb'
const PROBE = parseAbiParameters('address, bytes, address[], address[]')

/** The gas account of `key` (32 bytes) on a chain, whose state is read through `chain`. */
export function openGasNode(
  config: ChainConfig,
  key: Uint8Array,
  chain: WatchedChain,
  options: GasNodeOptions = {},
): GasNode {
  const account = openGasAccount(config.chain.id, key)
  const providers = config.providers.map(({ rpcUrl }) => jsonRpc({ timeoutMs: RPC_TIMEOUT_MS, ...options, rpcUrl }))
  const call: JsonRpc = (method, params) => firstAnswer(providers, method, params)
  return {
    ...account,
    market: () => (config.chain.isEIP1559Supported ? marketOf(call) : legacyMarketOf(call)),
    head: async () => {
      const block = await chain.head()
      const nonce = await chain.nonce(account.address, block)
      return nonce === null ? null : { block, nonce }
    },
    balance: async block => {
      const balances = await chain.balances([{ asset: NATIVE, address: account.address }], block)
      return balances?.[0] ?? null
    },
    attempt: async ({ to, data }, deposits, tokens, block) => {
      const input = encodeAbiParameters(PROBE, [to, data, [...deposits], [...tokens]])
      const answer = await chain.call(null, concatHex([sweepProbeBytecode, input]), block)
      return answer === null ? null : trialsOf(answer, deposits, tokens)
    },
    isPaused: async (token, block) => {
      const answer = token === NATIVE ? null : await chain.call(token, PAUSED, block)
      return answer !== null && answer.length === 66 && BigInt(answer) === 1n
    },
    estimate: async ({ to, data }) => {
      try {
        return quantityOf(await call('eth_estimateGas', [{ from: account.address, to, data }]), 'gas')
      } catch (error) {
        if (error instanceof RpcError && error.isRevert) return null
        throw error
      }
    },
    broadcast: async raw => {
      const answers = await Promise.allSettled(providers.map(send => send('eth_sendRawTransaction', [raw])))
      return answers.filter(({ status }) => status === 'fulfilled').length
    },
    sent: txHash => chain.sent(txHash),
  }
}

/** The answer of the first provider that has one; what a contract reverts with is one. */
async function firstAnswer(
  providers: readonly JsonRpc[],
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  let failure: unknown
  for (const ask of providers) {
    try {
      return await ask(method, params)
    } catch (error) {
      if (error instanceof RpcError && error.isRevert) throw error
      failure = error
    }
  }
  throw failure
}

/** EIP-1559: the next block's base fee with a tip, twice the base fee as the cap, so that it holds for six full blocks. */
async function marketOf(call: JsonRpc): Promise<Omit<GasMarket, 'coinUsd'>> {
  const history = fieldsOf(
    await call('eth_feeHistory', [`0x${USUAL_BLOCKS.toString(16)}`, 'latest', []]),
    'fee history',
  )
  const baseFees = listOf(history.baseFeePerGas, 'base fees').map(fee => quantityOf(fee, 'base fee'))
  const base = baseFees.at(-1)
  expect(base !== undefined, 'no base fee')
  const tip = quantityOf(await call('eth_maxPriorityFeePerGas', []), 'tip')
  const price = base + tip
  return { fees: { cap: 2n * base + tip, tip }, price, usual: median(baseFees) + tip }
}

async function legacyMarketOf(call: JsonRpc): Promise<Omit<GasMarket, 'coinUsd'>> {
  const price = quantityOf(await call('eth_gasPrice', []), 'gas price')
  return { fees: { cap: price + price / 4n, tip: null }, price, usual: null }
}

function median(values: readonly bigint[]): bigint {
  const sorted = values.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0))
  return sorted[sorted.length >> 1] ?? 0n
}

/** The words of `SweepProbe`: whether the call was taken, what was held, what is left. */
function trialsOf(answer: Hex, deposits: readonly Hex[], tokens: readonly Hex[]): Trial[] | null {
  const bytes = hexToBytes(answer)
  const count = deposits.length * tokens.length
  expect(bytes.length === 32 * (1 + 2 * count), 'something else than what a sweep would do')
  const word = (index: number) => BigInt(bytesToHex(bytes.subarray(32 * index, 32 * (index + 1))))
  if (word(0) === 0n) return null
  return Array.from({ length: count }, (_, index) => {
    const [deposit, token] = [deposits[Math.floor(index / tokens.length)], tokens[index % tokens.length]]
    invariant(deposit !== undefined && token !== undefined, 'every pair is asked for')
    return { deposit, token, heldRaw: word(1 + index), leftRaw: word(1 + count + index) }
  })
}
