// The page's own files: named by their bytes, within the budgets, and free of anything from elsewhere.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { loadAssets } from './assets.ts'

const { script, style } = loadAssets()

test('paths and integrity are made of the bytes served', () => {
  for (const [asset, extension] of [[script, 'js'] as const, [style, 'css'] as const]) {
    const hash = createHash('sha256').update(Buffer.from(asset.body))
    const digest = hash.digest()
    assert.equal(asset.integrity, `sha256-${digest.toString('base64')}`)
    assert.equal(asset.path, `/assets/checkout-${digest.toString('hex').slice(0, 16)}.${extension}`)
  }
})

test('the script is at most 25 KB gzipped, the style sheet 15 KB', () => {
  assert.ok(gzipSync(script.body).length <= 25_000, `script: ${gzipSync(script.body).length} bytes`)
  assert.ok(gzipSync(style.body).length <= 15_000, `style sheet: ${gzipSync(style.body).length} bytes`)
})

test('neither names another host, nor hands a string to a parser', () => {
  assert.doesNotMatch(script.body + style.body, /https?:\/\/|@import|url\(/)
  assert.doesNotMatch(
    script.body,
    /innerHTML\s*=|outerHTML\s*=|insertAdjacentHTML|document\.write|DOMParser|\beval\b|Function\(/,
  )
})
