// The headers of the payer's pages, letter by letter: a deviation is a decision, never an accident.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageHeaders } from './securityHeaders.ts'

const TEST_MODE = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'sha256-abc=' 'sha256-def='; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), clipboard-write=(self)',
  'Cache-Control': 'no-store',
}

test('exactly these in test mode', () => {
  assert.deepEqual(
    pageHeaders({ mode: 'test', scriptIntegrities: ['sha256-abc=', 'sha256-def='], embedder: null }),
    TEST_MODE,
  )
})

test('in live mode a year of HSTS is added, for this host alone', () => {
  assert.deepEqual(pageHeaders({ mode: 'live', scriptIntegrities: ['sha256-abc=', 'sha256-def='], embedder: null }), {
    ...TEST_MODE,
    'Strict-Transport-Security': 'max-age=31536000',
  })
})

test('C7.1: on the site that shows the page in a frame, that origin alone is named, and X-Frame-Options knows no such thing', () => {
  const embedder = 'https://shop.example:8443'
  const { 'X-Frame-Options': _, ...others } = TEST_MODE
  assert.deepEqual(pageHeaders({ mode: 'test', scriptIntegrities: ['sha256-abc=', 'sha256-def='], embedder }), {
    ...others,
    'Content-Security-Policy': TEST_MODE['Content-Security-Policy'].replace(
      "frame-ancestors 'none'",
      'frame-ancestors https://shop.example:8443',
    ),
  })
})
