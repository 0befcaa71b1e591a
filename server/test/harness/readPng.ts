import { inflateSync } from 'node:zlib'
import { invariant } from '../../src/domain/errors.ts'

const SIGNATURE_BYTES = 8
const CHANNELS = { 0: 1, 2: 3, 6: 4 } as const

/** A picture's samples, row by row from the top: `channels` bytes for each dot, of which the first is grey or red. */
export type Picture = { width: number; height: number; channels: number; samples: Uint8Array }

/** Reads a PNG file as browsers write it (ISO/IEC 15948): 8 bits a sample, grey or true colour, not interlaced. */
export function readPng(file: Buffer): Picture {
  const data: Buffer[] = []
  let header: Buffer | null = null
  for (let at = SIGNATURE_BYTES; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const type = file.toString('latin1', at + 4, at + 8)
    const body = file.subarray(at + 8, at + 8 + file.readUInt32BE(at))
    if (type === 'IHDR') header = body
    if (type === 'IDAT') data.push(body)
  }
  invariant(header !== null && header[8] === 8 && header[12] === 0, 'a PNG of 8 bits a sample, not interlaced')
  const channels = CHANNELS[header[9] as keyof typeof CHANNELS]
  invariant(channels !== undefined, 'a PNG of grey or true colour')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  return { width, height, channels, samples: unfilter(inflateSync(Buffer.concat(data)), width * channels, channels) }
}

/** Undoes the filter that each row begins with (9.2 of the standard): a sample is told by those to its left and above. */
function unfilter(rows: Buffer, rowBytes: number, channels: number): Uint8Array {
  const height = rows.length / (rowBytes + 1)
  const samples = new Uint8Array(height * rowBytes)
  for (let row = 0; row < height; row++) {
    const filter = rows[row * (rowBytes + 1)]
    for (let column = 0; column < rowBytes; column++) {
      const at = row * rowBytes + column
      const left = column < channels ? 0 : (samples[at - channels] ?? 0)
      const above = row === 0 ? 0 : (samples[at - rowBytes] ?? 0)
      const corner = row === 0 || column < channels ? 0 : (samples[at - rowBytes - channels] ?? 0)
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter ?? 0] ?? 0
      samples[at] = (rows[at + row + 1] ?? 0) + guess
    }
  }
  return samples
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner
}
