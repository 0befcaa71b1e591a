import { balanceReaderBytecode } from '@bitstream/contracts/balanceReader.ts'
import type { Hex } from '../domain/hex.ts'
import type { BalanceWanted, BlockHeader } from './chainNode.ts'
import { inOrder } from './inOrder.ts'
import { bytesOf, expect } from './rpcAnswer.ts'
import type { StateCall } from './stateCall.ts'

/** Balances in one call: creation code and answer stay below what a chain takes (49,152 and 24,576 bytes; EIP-3860, EIP-170). */
const WANTED_MOST = 500
const CALLS_AHEAD = 4

const WORD = 64
/** What the reader answers for a token that does not say. */
const UNTOLD = 2n ** 256n - 1n

/** The balances `wanted` at `block`, as `ChainNode.balances` promises them; one call for 500 of them, on every chain. */
export async function readBalances(
  ask: StateCall,
  wanted: readonly BalanceWanted[],
  block: BlockHeader,
): Promise<(bigint | null)[] | null> {
  const parts = Array.from({ length: Math.ceil(wanted.length / WANTED_MOST) }, (_, part) => {
    return wanted.slice(part * WANTED_MOST, (part + 1) * WANTED_MOST)
  })
  const found: (bigint | null)[] = []
  for await (const balances of inOrder(parts, CALLS_AHEAD, part => readPart(ask, part, block))) {
    if (balances === null) return null
    found.push(...balances)
  }
  return found
}

async function readPart(
  ask: StateCall,
  wanted: readonly BalanceWanted[],
  block: BlockHeader,
): Promise<(bigint | null)[] | null> {
  const found: (bigint | null)[] = []
  while (found.length < wanted.length) {
    const rest = wanted.slice(found.length)
    const told = await ask('eth_call', [{ data: creationCode(rest) }], block)
    if (told === null) return null
    found.push(...balancesIn(told.answer, rest.length))
  }
  return found
}

/** The reader with its argument as the ABI encodes it: where the list begins, its length, its pairs. */
function creationCode(wanted: readonly BalanceWanted[]): Hex {
  const words = [
    32n,
    BigInt(wanted.length),
    ...wanted.flatMap(({ asset, address }) => [BigInt(asset), BigInt(address)]),
  ]
  return `${balanceReaderBytecode}${words.map(word => word.toString(16).padStart(WORD, '0')).join('')}`
}

function balancesIn(answer: unknown, asked: number): (bigint | null)[] {
  const digits = bytesOf(answer, 'list of balances').slice(2)
  const words = Array.from({ length: digits.length / WORD }, (_, i) => {
    return BigInt(`0x${digits.slice(i * WORD, (i + 1) * WORD)}`)
  })
  const [count, ...balances] = words
  expect(digits.length === words.length * WORD && count === BigInt(balances.length), 'a malformed list of balances')
  expect(balances.length > 0 && balances.length <= asked, 'more or less balances than asked for')
  return balances.map(balance => (balance === UNTOLD ? null : balance))
}
