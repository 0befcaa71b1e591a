import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** One file of the page: where it is served (its path carries the hash of its bytes), its bytes, and its SRI value. */
export type Asset = {
  readonly path: string
  readonly body: string
  readonly contentType: string
  readonly integrity: string
}

/** What an asset is served with: a path names its bytes for ever, so it may be kept for ever. */
export const ASSET_HEADERS = {
  'Cache-Control': 'public, max-age=31536000, immutable',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/**
 * Reads the scripts and the style sheet of the payer's page, and the style sheet of the test world's inbox; all are served byte for byte
 * as they stand in the repository.
 */
export function loadAssets(): { script: Asset; walletScript: Asset; style: Asset; inboxStyle: Asset } {
  return {
    script: loadAsset('checkout', 'js', 'text/javascript; charset=utf-8'),
    walletScript: loadAsset('wallet', 'js', 'text/javascript; charset=utf-8'),
    style: loadAsset('checkout', 'css', 'text/css; charset=utf-8'),
    inboxStyle: loadAsset('inbox', 'css', 'text/css; charset=utf-8'),
  }
}

function loadAsset(name: string, extension: string, contentType: string): Asset {
  const body = readFileSync(new URL(`../../../../web/checkout/${name}.${extension}`, import.meta.url), 'utf8')
  const hash = createHash('sha256').update(body).digest()
  return {
    path: `/assets/${name}-${hash.toString('hex').slice(0, 16)}.${extension}`,
    body,
    contentType,
    integrity: `sha256-${hash.toString('base64')}`,
  }
}
