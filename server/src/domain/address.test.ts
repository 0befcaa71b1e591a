import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { getAddress } from 'viem'
import { checksumAddress, parseAddress } from './address.ts'
import { AppError } from './errors.ts'
import { bytesToHex } from './hex.ts'

// The test vectors of EIP-55.
const VECTORS = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x27b1fdb04752bbc536007a920d24acb045561c26',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
] as const

describe('parseAddress', () => {
  for (const vector of VECTORS) {
    it(`accepts ${vector} as it is, in lower and in upper case`, () => {
      const lower = vector.toLowerCase()
      assert.equal(parseAddress(vector, 'address'), lower)
      assert.equal(parseAddress(lower, 'address'), lower)
      assert.equal(parseAddress(`0x${vector.slice(2).toUpperCase()}`, 'address'), lower)
    })
  }

  it('refuses one letter in the wrong case, without offering another address', () => {
    const mistyped = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD'
    assert.throws(
      () => parseAddress(mistyped, 'withdrawalAddress'),
      (error: unknown) =>
        error instanceof AppError &&
        error.code === 'address_checksum' &&
        error.param === 'withdrawalAddress' &&
        !error.message.includes('0x5'),
    )
  })

  const wrong = [
    '',
    '0x',
    '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0X52908400098527886E0F7030069857D2E4169EE7',
    '0x52908400098527886E0F7030069857D2E4169EE',
    '0x52908400098527886E0F7030069857D2E4169EE77',
    '0x52908400098527886E0F7030069857D2E4169EG7',
    ' 0x52908400098527886E0F7030069857D2E4169EE7',
    '0x52908400098527886E0F7030069857D2E4169EE7\n',
    'vitalik.eth',
  ]
  for (const text of wrong) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseAddress(text, 'address'),
        (error: unknown) => error instanceof AppError && error.code === 'address_invalid' && error.param === 'address',
      )
    })
  }
})

describe('checksumAddress', () => {
  it('agrees with viem and is undone by parseAddress', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), bytes => {
        const address = bytesToHex(bytes)
        assert.equal(checksumAddress(address), getAddress(address))
        assert.equal(parseAddress(checksumAddress(address), 'address'), address)
      }),
      { numRuns: 1000 },
    )
  })
})
