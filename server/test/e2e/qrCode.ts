import type { Locator } from 'playwright-core'
import { readPng } from '../harness/readPng.ts'

const FINDER = 7
const FORMAT_MASK = 0b101010000010010
const LEVEL_M = 0b00
/** Blocks and data codewords in each, of versions 1 to 6 at error correction level M (ISO/IEC 18004, table 9). */
const BLOCKS_M = [
  { blocks: 1, data: 16, check: 10 },
  { blocks: 1, data: 28, check: 16 },
  { blocks: 1, data: 44, check: 26 },
  { blocks: 2, data: 32, check: 18 },
  { blocks: 2, data: 43, check: 24 },
  { blocks: 4, data: 27, check: 16 },
]
const MASKS: ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  r => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
]

type Modules = readonly (readonly boolean[])[]

/** The text of a QR code as a camera would see it: read from a picture of `locator`, not from markup. */
export async function readQrCode(locator: Locator): Promise<string> {
  return readQrPicture(await locator.screenshot())
}

/**
 * The text of the QR code in a PNG file. Reads what our pages show (upright, versions 1 to 6, level M, bytes) and demands that every
 * check symbol is right.
 */
export function readQrPicture(png: Buffer): string {
  const { width, height, channels, samples } = readPng(png)
  const pixels = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (samples[(y * width + x) * channels] ?? 0) < 128),
  )
  return decodeQrCode(modulesOf(pixels))
}

/** The modules of an upright code on a light ground: its first dark run is the top of a finder, seven modules long. */
function modulesOf(pixels: Modules): Modules {
  const top = pixels.findIndex(row => row.includes(true))
  const row = pixels[top] ?? []
  const left = row.indexOf(true)
  const side = row.lastIndexOf(true) + 1 - left
  const finder = row.indexOf(false, left) - left
  const count = Math.round(side / (finder / FINDER))
  const at = (index: number) => Math.floor(((index + 0.5) * side) / count)
  return Array.from({ length: count }, (_, y) =>
    Array.from({ length: count }, (_, x) => pixels[top + at(y)]?.[left + at(x)] === true),
  )
}

/** The text of a code given as modules, `true` for dark. */
export function decodeQrCode(modules: Modules): string {
  const size = modules.length
  const layout = BLOCKS_M[(size - 17) / 4 - 1]
  if (layout === undefined) throw new Error(`${size} modules a side: not a code of versions 1 to 6`)
  const codewords = bytesOf(dataBits(modules))
  const blocks = Array.from({ length: layout.blocks }, (_, block) =>
    Array.from({ length: layout.data + layout.check }, (_, index) => codewords[index * layout.blocks + block] ?? 0),
  )
  for (const block of blocks) demandChecks(block, layout.check)
  return textOf(blocks.flatMap(block => block.slice(0, layout.data)))
}

function dataBits(modules: Modules): boolean[] {
  const size = modules.length
  const mask = maskOf(modules)
  const bits: boolean[] = []
  let isUpward = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++) {
      const row = isUpward ? size - 1 - step : step
      for (const column of [right, right - 1]) {
        if (!isFixed(row, column, size)) bits.push(modules[row]?.[column] !== mask(row, column))
      }
    }
    isUpward = !isUpward
  }
  return bits
}

/** Finders with their separators and formats, timing, and the alignment pattern that versions 2 to 6 have. */
function isFixed(row: number, column: number, size: number): boolean {
  const isNear = (position: number) => Math.abs(position - (size - 7)) <= 2
  if (row === 6 || column === 6) return true
  if (row < 9 && (column < 9 || column >= size - 8)) return true
  if (row >= size - 8 && column < 9) return true
  return size > 21 && isNear(row) && isNear(column)
}

function maskOf(modules: Modules): (row: number, column: number) => boolean {
  const places = [0, 1, 2, 3, 4, 5, 7, 8].map(column => [8, column] as const)
  const rest = [7, 5, 4, 3, 2, 1, 0].map(row => [row, 8] as const)
  const format = [...places, ...rest].reduce((value, [row, column]) => value * 2 + (modules[row]?.[column] ? 1 : 0), 0)
  const plain = format ^ FORMAT_MASK
  if (plain >> 13 !== LEVEL_M) throw new Error('not a code of level M')
  const mask = MASKS[(plain >> 10) & 7]
  if (mask === undefined) throw new Error('no such mask')
  return mask
}

function bytesOf(bits: readonly boolean[]): number[] {
  return Array.from({ length: Math.floor(bits.length / 8) }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0),
  )
}

/** A block is a multiple of the Reed-Solomon generator: it is zero at each of the first `count` powers of 2 in GF(256) mod 0x11d. */
function demandChecks(block: readonly number[], count: number): void {
  for (let power = 0, point = 1; power < count; power++, point = times(point, 2)) {
    const value = block.reduce((sum, codeword) => times(sum, point) ^ codeword, 0)
    if (value !== 0) throw new Error('a check symbol is wrong')
  }
}

function times(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ (product >> 7 === 1 ? 0x11d : 0)
    if ((b >> bit) & 1) product ^= a
  }
  return product
}

function textOf(data: readonly number[]): string {
  const nibbles = data.flatMap(byte => [byte >> 4, byte & 15])
  if (nibbles[0] !== 0b0100) throw new Error('not in byte mode')
  const byteAt = (index: number) => (nibbles[index * 2 + 1] ?? 0) * 16 + (nibbles[index * 2 + 2] ?? 0)
  return Buffer.from(Array.from({ length: byteAt(0) }, (_, index) => byteAt(index + 1))).toString('utf8')
}
