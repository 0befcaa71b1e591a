import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CRYPTO, FIAT, FIAT_DECIMALS, isCrypto, isFiat, isSameCoin } from './currency.ts'

describe('currencies', () => {
  it('are the lists of the API, without a symbol in both', () => {
    assert.equal(CRYPTO.join(' '), 'usdc usdt dai eth btc matic pol bnb eurc pyusd')
    assert.equal(FIAT.join(' '), 'usd eur gbp cad aud sgd inr')
    assert.ok(CRYPTO.every(symbol => isCrypto(symbol) && !isFiat(symbol)))
    assert.ok(FIAT.every(symbol => isFiat(symbol) && !isCrypto(symbol)))
    assert.deepEqual(Object.keys(FIAT_DECIMALS), [...FIAT])
  })

  for (const text of ['usd ', 'USDX', 'US', 'USDC', '840', 'İSK', 'usdc\u0000', '', 'constructor']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(isCrypto(text), false)
      assert.equal(isFiat(text), false)
    })
  }

  it('knows the two names of one coin', () => {
    assert.equal(isSameCoin('matic', 'pol'), true)
    assert.equal(isSameCoin('pol', 'matic'), true)
    assert.equal(isSameCoin('usdc', 'usdc'), true)
    assert.equal(isSameCoin('usdc', 'usdt'), false)
    assert.equal(isSameCoin('pol', 'eth'), false)
  })
})
