import type { Hex } from '../domain/hex.ts'
import { hashDigits, RLP_EMPTY, rlpList, rlpString } from './rlp.ts'

/** A key with its value, both as hex digits without `0x`; sorted by key in what follows. */
type Entry = { key: string; value: string }

const DIGITS = [...'0123456789abcdef']

/**
 * The root of the Merkle-Patricia trie of `entries` (Ethereum's yellow paper, appendix D); each key is there once, and no
 * value is empty.
 */
export function trieRoot(entries: readonly Entry[]): Hex {
  const sorted = entries.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return hashDigits(sorted.length === 0 ? RLP_EMPTY : node(sorted, 0))
}

/** The node below which `entries` lie, whose keys are the same before `depth`. */
function node(entries: readonly Entry[], depth: number): string {
  const [first, ...others] = entries
  if (first === undefined) return RLP_EMPTY
  if (others.length === 0) return rlpList([path(first.key.slice(depth), true), rlpString(first.value)])
  const end = sameUntil(first.key, entries.at(-1)?.key ?? '')
  if (end > depth) return rlpList([path(first.key.slice(depth, end), false), reference(node(entries, end))])
  const value = first.key.length === depth ? rlpString(first.value) : RLP_EMPTY
  const children = Map.groupBy(entries, ({ key }) => key.charAt(depth))
  return rlpList([...DIGITS.map(digit => reference(node(children.get(digit) ?? [], depth + 1))), value])
}

/** A node as its parent holds it: by its hash, or itself where that is shorter. */
function reference(encoded: string): string {
  return encoded.length < 64 ? encoded : rlpString(hashDigits(encoded).slice(2))
}

/** Digits of a key with a first digit that says whether they end it and whether their count is odd. */
function path(digits: string, isEnd: boolean): string {
  const isOdd = digits.length % 2 === 1
  const flag = (isEnd ? 2 : 0) + (isOdd ? 1 : 0)
  return rlpString(`${flag}${isOdd ? '' : '0'}${digits}`)
}

function sameUntil(one: string, other: string): number {
  let end = 0
  while (end < one.length && one[end] === other[end]) end += 1
  return end
}
