const MASK = (1n << 64n) - 1n
const RATE = 136

const ROTATIONS = [
  [0n, 36n, 3n, 41n, 18n],
  [1n, 44n, 10n, 45n, 2n],
  [62n, 6n, 43n, 15n, 61n],
  [28n, 55n, 25n, 21n, 56n],
  [27n, 20n, 39n, 8n, 14n],
]

/** Keccak-256 with the padding that Ethereum kept from before FIPS 202: 32 bytes. */
export function keccak256(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(message.length / RATE) + 1) * RATE)
  padded.set(message)
  padded[message.length] = 0x01
  padded[padded.length - 1] = (padded[padded.length - 1] ?? 0) | 0x80
  const view = new DataView(padded.buffer)
  let state = Array.from({ length: 25 }, () => 0n)
  for (let start = 0; start < padded.length; start += RATE) {
    for (let lane = 0; lane < RATE / 8; lane++)
      state[lane] = at(state, lane) ^ view.getBigUint64(start + lane * 8, true)
    state = permute(state)
  }
  const digest = new DataView(new ArrayBuffer(32))
  for (let lane = 0; lane < 4; lane++) digest.setBigUint64(lane * 8, at(state, lane), true)
  return new Uint8Array(digest.buffer)
}

/** Keccak-f[1600] of 25 lanes; the round constants come from the shift register that the specification defines. */
function permute(lanes: bigint[]): bigint[] {
  let state = lanes
  let register = 1
  for (let round = 0; round < 24; round++) {
    const columns = [0, 1, 2, 3, 4].map(x => [0, 5, 10, 15, 20].reduce((sum, y) => sum ^ at(state, x + y), 0n))
    const mixed = state.map((lane, i) => lane ^ at(columns, (i + 4) % 5) ^ rotate(at(columns, (i + 1) % 5), 1n))
    const moved = [...mixed]
    for (let x = 0; x < 5; x++) {
      for (let y = 0; y < 5; y++)
        moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(at(mixed, x + 5 * y), ROTATIONS[x]?.[y] ?? 0n)
    }
    state = moved.map((lane, i) => {
      const row = i - (i % 5)
      return lane ^ (~at(moved, row + ((i + 1) % 5)) & MASK & at(moved, row + ((i + 2) % 5)))
    })
    for (let bit = 0; bit < 7; bit++) {
      if (register & 1) state[0] = at(state, 0) ^ (1n << ((1n << BigInt(bit)) - 1n))
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0)
    }
  }
  return state
}

function at(lanes: readonly bigint[], index: number): bigint {
  return lanes[index] ?? 0n
}

function rotate(lane: bigint, by: bigint): bigint {
  return ((lane << by) | (lane >> (64n - by))) & MASK
}
