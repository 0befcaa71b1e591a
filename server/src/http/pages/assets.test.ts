// The page's own files: named by their bytes, within the budgets, and free of anything from elsewhere.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { loadAssets } from './assets.ts'

const { script, walletScript, style } = loadAssets()

test('paths and integrity are made of the bytes served', () => {
  for (const [asset, name] of [
    [script, 'checkout.js'] as const,
    [walletScript, 'wallet.js'] as const,
    [style, 'checkout.css'] as const,
  ]) {
    const [base, extension] = name.split('.')
    const hash = createHash('sha256').update(Buffer.from(asset.body))
    const digest = hash.digest()
    assert.equal(asset.integrity, `sha256-${digest.toString('base64')}`)
    assert.equal(asset.path, `/assets/${base}-${digest.toString('hex').slice(0, 16)}.${extension}`)
  }
})

test('the scripts are at most 25 KB gzipped, 7 KB of them the wallets’, and the style sheet 15 KB', () => {
  const [page, wallets] = [gzipSync(script.body).length, gzipSync(walletScript.body).length]
  assert.ok(page + wallets <= 25_000, `scripts: ${page + wallets} bytes`)
  assert.ok(wallets <= 7_000, `wallets: ${wallets} bytes`)
  assert.ok(gzipSync(style.body).length <= 15_000, `style sheet: ${gzipSync(style.body).length} bytes`)
})

test('none names another host, nor hands a string to a parser', () => {
  assert.doesNotMatch(script.body + walletScript.body + style.body, /https?:\/\/|@import|url\(/)
  assert.doesNotMatch(
    script.body + walletScript.body,
    /innerHTML\s*=|outerHTML\s*=|insertAdjacentHTML|document\.write|DOMParser|\beval\b|Function\(/,
  )
})
