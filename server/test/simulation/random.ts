import { invariant } from '../../src/domain/errors.ts'

/** Numbers that follow from a seed alone: xoshiro128** (Blackman, Vigna 2018), its state filled by splitmix32. */
export type Random = {
  /** A whole number from 0 to `end` − 1. */
  below: (end: number) => number
  /** A whole number from `least` to `most`. */
  between: (least: number, most: number) => number
  /** True with probability `percent` of 100. */
  chance: (percent: number) => boolean
  /** One of `list`, which must not be empty. */
  pick: <T>(list: readonly T[]) => T
  /** `list` in another order. */
  shuffle: <T>(list: readonly T[]) => T[]
  bytes: (size: number) => Uint8Array
}

/** The numbers of `seed`, a whole number of 32 bits. */
export function randomOf(seed: number): Random {
  let [a, b, c, d] = splitmix(seed)
  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return result
  }
  const below = (end: number) => Math.floor((next() / 2 ** 32) * end)
  const shuffle = <T>(list: readonly T[]) => {
    const rest = [...list]
    return list.flatMap(() => rest.splice(below(rest.length), 1))
  }
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: percent => below(100) < percent,
    pick: list => {
      const found = list[below(list.length)]
      invariant(list.length > 0, 'one of nothing cannot be picked')
      return found as (typeof list)[number]
    },
    shuffle,
    bytes: size => Uint8Array.from({ length: size }, () => below(256)),
  }
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

function splitmix(seed: number): [number, number, number, number] {
  let state = seed | 0
  const next = () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
  return [next(), next(), next(), next()]
}
