import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { encodeAbiParameters, encodePacked, getCreate2Address, keccak256 } from 'viem'
import { NATIVE } from './asset.ts'
import {
  create2Address,
  depositAddress,
  depositSalt,
  type Payout,
  payoutsHash,
  validatePayouts,
} from './depositAddress.ts'
import { AppError } from './errors.ts'
import { bytesToHex, type Hex, hexToBytes } from './hex.ts'
import { bytesToUuid, uuidToBigint } from './uuid.ts'

const FACTORY: Hex = '0x00000000000000000000000000000000000000fa'
const by = { factory: FACTORY, initCodeHash: bytesToHex(keccak_256(Uint8Array.of(1, 2, 3))) }

function receiver(number: number): Hex {
  return `0x${number.toString(16).padStart(40, '0')}`
}

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const addresses = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytesToHex)
const sessionIds = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(bytes => bytesToUuid(bytes, 7))

/** Valid payouts: up to four chains, up to five receivers each, shares that add up. */
const validPayouts = fc
  .uniqueArray(fc.nat(2 ** 40), { minLength: 1, maxLength: 4 })
  .chain(chains =>
    fc.tuple(
      ...chains
        .sort((left, right) => left - right)
        .map(chainId =>
          fc.uniqueArray(fc.integer({ min: 1, max: 1999 }), { minLength: 0, maxLength: 4 }).map(shares => {
            const first = 10_000 - shares.reduce((sum, share) => sum + share, 0)
            return [first, ...shares].map((share, index) => ({ chainId, receiver: receiver(index + 1), share }))
          }),
        ),
    ),
  )
  .map(groups => groups.flat())

/** What contract, server and SDK accept, refuse and compute alike. */
function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../contracts/test/vectors/${name}.json`, import.meta.url), 'utf8'))
}

describe('create2Address', () => {
  const { vectors } = readVectors<{ vectors: Record<'deployer' | 'salt' | 'initCode' | 'address', Hex>[] }>('create2')
  for (const { deployer, salt, initCode, address } of vectors) {
    it(`gives ${address}, as EIP-1014 does`, () => {
      const initCodeHash = bytesToHex(keccak_256(hexToBytes(initCode)))
      assert.equal(create2Address(deployer, hexToBytes(salt), initCodeHash), address)
    })
  }

  it('has all seven examples', () => assert.equal(vectors.length, 7))

  it('refuses parts of another length', () => {
    const hash = by.initCodeHash
    assert.throws(() => create2Address('0x00', new Uint8Array(32), hash), /invariant/)
    assert.throws(() => create2Address(FACTORY, new Uint8Array(31), hash), /invariant/)
    assert.throws(() => create2Address(FACTORY, new Uint8Array(32), FACTORY), /invariant/)
  })

  it('agrees with viem', () => {
    fc.assert(
      fc.property(addresses, bytes32, bytes32, (deployer, salt, hash) => {
        const bytecodeHash = bytesToHex(hash)
        const expected = getCreate2Address({ from: deployer, salt: bytesToHex(salt), bytecodeHash }).toLowerCase()
        assert.equal(create2Address(deployer, salt, bytecodeHash), expected)
      }),
      { numRuns: 1000 },
    )
  })
})

type Shared = { name: string; factory: Hex; payouts: Payout[] }
type Valid = Shared &
  Record<'initCodeHash' | 'sessionNumber' | 'payoutsHash' | 'salt' | 'deposit', Hex> & { sessionId: string }
const shared = readVectors<{ valid: Valid[]; malformed: (Shared & { error: string })[] }>('payouts')

describe('the vectors shared with the contract', () => {
  for (const vector of shared.valid) {
    it(`accept ${vector.name}`, () => {
      const { sessionId, payouts } = vector
      assert.equal(uuidToBigint(sessionId), BigInt(vector.sessionNumber))
      assert.equal(bytesToHex(payoutsHash(payouts)), vector.payoutsHash)
      assert.equal(bytesToHex(depositSalt(sessionId, payouts)), vector.salt)
      assert.equal(depositAddress(vector, sessionId, payouts), vector.deposit)
    })
  }

  // The contract's error, and the words of ours.
  const words: Record<string, RegExp> = {
    PayoutsLength: /at (least|most)/,
    PayoutsUnsorted: /sorted/,
    ReceiverInvalid: /must not be/,
    ReceiverRepeated: /named twice/,
    ShareInvalid: /share must be/,
    SharesSum: /add up to/,
  }
  for (const { name, factory, error: reason, payouts } of shared.malformed) {
    it(`refuse ${name}`, () => {
      assert.throws(
        () => validatePayouts(payouts, factory),
        (error: unknown) =>
          error instanceof AppError && error.code === 'payouts_invalid' && words[reason]?.test(error.message) === true,
      )
    })
  }

  it('are there', () => {
    assert.ok(shared.valid.length >= 20 && shared.malformed.length >= 20)
  })
})

describe('depositAddress', () => {
  it('is create2 over abi.encode(uint128, keccak256(words)), as viem encodes them', () => {
    fc.assert(
      fc.property(sessionIds, validPayouts, (sessionId, payouts) => {
        const words = payouts.map(row =>
          encodePacked(
            ['uint256', 'uint256', 'uint256'],
            [BigInt(row.chainId), BigInt(row.receiver), BigInt(row.share)],
          ).slice(2),
        )
        const rows = keccak256(`0x${words.join('')}`)
        assert.equal(bytesToHex(payoutsHash(payouts)), rows)
        const salt = keccak256(
          encodeAbiParameters([{ type: 'uint128' }, { type: 'bytes32' }], [uuidToBigint(sessionId), rows]),
        )
        assert.equal(bytesToHex(depositSalt(sessionId, payouts)), salt)
        const expected = getCreate2Address({ from: by.factory, salt, bytecodeHash: by.initCodeHash }).toLowerCase()
        assert.equal(depositAddress(by, sessionId, payouts), expected)
      }),
      { numRuns: 1000 },
    )
  })

  it('changes with every part that it commits to', () => {
    const id = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'
    const payouts = [{ chainId: 1, receiver: receiver(1), share: 10_000 }]
    const hashOfOther = bytesToHex(keccak_256(Uint8Array.of(4)))
    const all = [
      depositAddress(by, id, payouts),
      depositAddress(by, '017f22e2-79b0-7cc3-98c4-dc0c0c073990', payouts),
      depositAddress(by, id, [{ chainId: 2, receiver: receiver(1), share: 10_000 }]),
      depositAddress(by, id, [{ chainId: 1, receiver: receiver(2), share: 10_000 }]),
      depositAddress({ ...by, factory: receiver(0xfb) }, id, payouts),
      depositAddress({ ...by, initCodeHash: hashOfOther }, id, payouts),
      depositAddress(by, id, [
        { chainId: 1, receiver: receiver(1), share: 9_999 },
        { chainId: 1, receiver: receiver(2), share: 1 },
      ]),
      depositAddress(by, id, [
        { chainId: 1, receiver: receiver(2), share: 1 },
        { chainId: 1, receiver: receiver(1), share: 9_999 },
      ]),
    ]
    assert.equal(new Set(all).size, all.length)
  })

  it('gives no address that the factory would refuse to sweep', () => {
    assert.throws(() => depositAddress(by, '017f22e2-79b0-7cc3-98c4-dc0c0c07398f', []), AppError)
  })
})

describe('validatePayouts', () => {
  it('accepts what is sorted, whole and complete', () => {
    fc.assert(
      fc.property(validPayouts, payouts => validatePayouts(payouts, FACTORY)),
      { numRuns: 1000 },
    )
    validatePayouts([{ chainId: 0, receiver: receiver(1), share: 10_000 }], FACTORY)
    validatePayouts(
      Array.from({ length: 20 }, (_, index) => ({ chainId: 1, receiver: receiver(index + 1), share: 500 })),
      FACTORY,
    )
  })

  const whole = (chainId: number, number = 1): Payout => ({ chainId, receiver: receiver(number), share: 10_000 })
  const half = (chainId: number, number: number): Payout => ({ chainId, receiver: receiver(number), share: 5_000 })
  const wrong: [string, Payout[], RegExp][] = [
    ['no rows', [], /at least one/],
    ['rows out of order', [whole(2), whole(1)], /sorted/],
    ['a chain that comes twice', [half(1, 1), whole(2), half(1, 2)], /add up to 5000/],
    ['a receiver twice on a chain', [half(1, 1), half(1, 1)], /twice on chain 1/],
    ['a share of 0', [whole(1), { chainId: 1, receiver: receiver(2), share: 0 }], /share must be 1 to 10000/],
    ['a negative share', [{ ...half(1, 1), share: -1 }], /share must be/],
    ['half a basis point', [{ ...half(1, 1), share: 4_999.5 }, half(1, 2)], /whole basis points/],
    ['a share that is no number', [{ ...half(1, 1), share: Number.NaN }], /whole basis points/],
    ['too little', [half(1, 1), whole(2)], /chain 1 add up to 5000/],
    ['too much at the end', [whole(1), whole(2), half(2, 2)], /chain 2 add up to 15000/],
    ['more than 20 rows', Array.from({ length: 21 }, (_, chain) => whole(chain)), /at most 20/],
    ['the zero address', [{ ...whole(1), receiver: NATIVE }], /zero address/],
    ['the factory', [{ ...whole(1), receiver: FACTORY }], /the factory/],
    ['a negative chain', [whole(-1)], /chainId/],
    ['half a chain', [whole(1.5)], /chainId/],
    ['a chain beyond 53 bits', [whole(2 ** 53)], /chainId/],
    ['an address in mixed case', [{ ...whole(1), receiver: `0xA${receiver(1).slice(3)}` }], /lower case/],
    ['an address too short', [{ ...whole(1), receiver: '0x01' }], /lower case/],
  ]
  for (const [name, payouts, message] of wrong) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => validatePayouts(payouts, FACTORY, 'withdrawalAddresses'),
        (error: unknown) =>
          error instanceof AppError &&
          error.code === 'payouts_invalid' &&
          error.param === 'withdrawalAddresses' &&
          message.test(error.message),
      )
    })
  }

  it('keeps the same receiver apart on two chains', () => {
    validatePayouts([whole(1), whole(2)], FACTORY)
    assert.equal(
      hexToBytes(depositAddress(by, '017f22e2-79b0-7cc3-98c4-dc0c0c07398f', [whole(1), whole(2)])).length,
      20,
    )
  })
})
