import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assetId, NATIVE } from './asset.ts'
import { isUuid } from './uuid.ts'

const USDC = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'

describe('assetId', () => {
  it('is pinned for ever: stored rows name assets by it', () => {
    assert.equal(assetId(1, USDC), 'd227a321-32b4-8deb-9ace-3a2546482757')
    assert.equal(assetId(80001, NATIVE), '6a841d59-4886-8645-8d57-b7d2eb3671cf')
  })

  it('differs by chain and by address, not by letter case', () => {
    const ids = [assetId(1, USDC), assetId(137, USDC), assetId(1, NATIVE), assetId(11, NATIVE)]
    assert.equal(new Set(ids).size, 4)
    assert.ok(ids.every(isUuid))
    assert.equal(assetId(1, '0xA0B86991C6218B36C1D19D4A2E9EB0CE3606EB48'), assetId(1, USDC))
  })
})
