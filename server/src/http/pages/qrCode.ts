import { html } from 'hono/html'
import { encode } from 'uqr'
import type { Html } from './words.ts'

const QUIET_ZONE = 4
const KEPT_MAX = 1_000

/** Codes that were drawn before, the oldest first: drawing one takes longer than the rest of its page, which is asked for many times. */
const kept = new Map<string, { path: string; side: number }>()

/** The QR code of `text` as an SVG path in modules, and the side of the square with the quiet zone of ISO/IEC 18004. */
export function qrPath(text: string): { path: string; side: number } {
  const known = kept.get(text)
  if (known !== undefined) return known
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  const drawn = { path: data.map((row, y) => rowPath(row, y)).join(''), side: size }
  kept.set(text, drawn)
  const [oldest] = kept.keys()
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
  return drawn
}

function rowPath(row: readonly boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x += 1) {
    const start = x
    while (row[x] === true) x += 1
    if (x > start) path += `M${start} ${y}h${x - start}v1h-${x - start}z`
  }
  return path
}

/** The QR code of `text` as inline SVG, black on white whatever the colour scheme, named `label` for those who cannot see it. */
export function qrCode(text: string, label: string): Html {
  const { path, side } = qrPath(text)
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${side} ${side}" width="208" height="208" shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#fff"/><path fill="#000" d="${path}"/></svg>`
}
