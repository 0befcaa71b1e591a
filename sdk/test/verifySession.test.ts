import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { depositFactoryAddress } from '../../contracts/abi/depositFactory.ts'
import { depositProxyInitCodeHash } from '../../contracts/abi/depositProxy.ts'
import { depositAddress, type Payout, validatePayouts } from '../../server/src/domain/depositAddress.ts'
import { bytesToHex, type Hex } from '../../server/src/domain/hex.ts'
import { bytesToUuid } from '../../server/src/domain/uuid.ts'
import { type Expected, type ProvenSession, SessionError, verifySession, type Wallet } from '../src/bitstream.ts'
import { FACTORIES } from '../src/factories.ts'

type Shared = { name: string; factory: Hex; payouts: Payout[] }
type Valid = Shared & { initCodeHash: Hex; sessionId: string; deposit: Hex }
type Vectors = { valid: Valid[]; malformed: Shared[] }

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../contracts/test/vectors/payouts.json', import.meta.url), 'utf8'),
)
const by = { factory: '0x5afe00000000000000000000000000000000fac1', initCodeHash: `0x${'6c'.repeat(32)}` } as const
const ID = '01932c07-5a1e-7d3b-8f42-6c0a9e517b24'
const ALICE = `0x${'a1'.repeat(20)}` as const
const BOB = `0x${'b0'.repeat(20)}` as const

/** A session as an honest server with these payouts would answer it. */
function sessionOf(payouts: readonly Payout[], { factory, initCodeHash }: { factory: Hex; initCodeHash: Hex } = by) {
  const paymentAddress = depositAddress({ factory, initCodeHash }, ID, payouts)
  return proven({ factory, initCodeHash, payouts, paymentAddress })
}

type Parts = { factory: string; initCodeHash: string; payouts: readonly Payout[]; paymentAddress: string; id?: string }

function proven({ factory, initCodeHash, payouts, paymentAddress, id = ID }: Parts): ProvenSession {
  const asset = { chainId: payouts[0]?.chainId ?? 1 }
  return { id, addresses: [{ paymentAddress, asset, proof: { factory, initCodeHash, sessionId: id, payouts } }] }
}

/** The merchant's configuration that these payouts follow from. */
function walletsOf(payouts: readonly { chainId: number; receiver: string; share: number }[]): Record<number, Wallet> {
  const wallets: Record<number, { address: string; share: number }[]> = {}
  for (const { chainId, receiver, share } of payouts) {
    const rows = wallets[chainId] ?? []
    wallets[chainId] = rows
    rows.push({ address: receiver, share })
  }
  return wallets
}

function refused(code: string, session: ProvenSession, expected: Partial<Expected> = {}): void {
  const { payouts = [] } = session.addresses[0]?.proof ?? {}
  assert.throws(
    () => verifySession(session, { factories: [by], ...expected, wallets: expected.wallets ?? walletsOf(payouts) }),
    (error: unknown) => {
      assert.ok(error instanceof SessionError, String(error))
      assert.equal(error.code, code, error.message)
      return true
    },
  )
}

const all = (chainId: number, receiver: Hex): Payout => ({ chainId, receiver, share: 10_000 })
const part = (chainId: number, receiver: Hex, share: number): Payout => ({ chainId, receiver, share })

const addresses = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytesToHex)
const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex)
const sessionIds = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(bytes => bytesToUuid(bytes, 7))
const anyPayouts = fc.array(
  fc.record({
    chainId: fc.constantFrom(0, 1, 10, 137),
    receiver: fc.constantFrom<Hex>(ALICE, BOB, by.factory, `0x${'0'.repeat(40)}`),
    share: fc.constantFrom(0, 1, 4_999, 5_000, 9_999, 10_000, 10_001),
  }),
  { maxLength: 4 },
)
const rightPayouts = fc
  .uniqueArray(fc.nat(2 ** 40), { minLength: 1, maxLength: 4 })
  .chain(chainIds =>
    fc.tuple(
      ...chainIds
        .sort((left, right) => left - right)
        .map(chainId =>
          fc
            .uniqueArray(fc.bigInt(1n, 2n ** 160n - 1n), { minLength: 1, maxLength: 5 })
            .map(receivers =>
              receivers.map((receiver, index) =>
                part(
                  chainId,
                  `0x${receiver.toString(16).padStart(40, '0')}`,
                  index === 0 ? 10_000 - 100 * (receivers.length - 1) : 100,
                ),
              ),
            ),
        ),
    ),
  )
  .map(groups => groups.flat())

describe('the vectors shared with contract and server', () => {
  test('are there', () => assert.ok(vectors.valid.length >= 20 && vectors.malformed.length >= 20))

  for (const { name, factory, initCodeHash, sessionId, payouts, deposit } of vectors.valid) {
    test(`accept ${name}`, () => {
      const session = proven({ factory, initCodeHash, payouts, paymentAddress: deposit, id: sessionId })
      verifySession(session, { wallets: walletsOf(payouts), factories: [{ factory, initCodeHash }] })
    })
  }
  for (const { name, factory, payouts } of vectors.malformed) {
    test(`refuse ${name}`, () => {
      const { initCodeHash } = by
      const session = proven({ factory, initCodeHash, payouts, paymentAddress: ALICE })
      refused('payouts_invalid', session, { factories: [{ factory, initCodeHash }] })
    })
  }
})

describe('the server’s own computation', () => {
  test('C2.5: agrees for any session, factory and payouts', () => {
    fc.assert(
      fc.property(addresses, hashes, sessionIds, rightPayouts, (factory, initCodeHash, id, payouts) => {
        fc.pre(!payouts.some(({ receiver }) => receiver === factory))
        const paymentAddress = depositAddress({ factory, initCodeHash }, id, payouts)
        const session = proven({ factory, initCodeHash, payouts, paymentAddress, id })
        verifySession(session, { wallets: walletsOf(payouts), factories: [{ factory, initCodeHash }] })
      }),
      { numRuns: 300 },
    )
  })

  test('refuses the same payouts', () => {
    fc.assert(
      fc.property(anyPayouts, payouts => {
        const accepts = (() => {
          try {
            validatePayouts(payouts, by.factory)
            return true
          } catch {
            return false
          }
        })()
        if (accepts) verifySession(sessionOf(payouts), { wallets: walletsOf(payouts), factories: [by] })
        else refused('payouts_invalid', proven({ ...by, payouts, paymentAddress: ALICE }))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a session that was tampered with', () => {
  const payouts = [part(1, ALICE, 9_000), part(1, BOB, 1_000), all(137, ALICE)]
  const honest = sessionOf(payouts)
  const [address] = honest.addresses
  assert.ok(address)
  const wallets = walletsOf(payouts)
  const change = (changes: Partial<typeof address>, proof: Partial<(typeof address)['proof']> = {}): ProvenSession => ({
    ...honest,
    addresses: [{ ...address, ...changes, proof: { ...address.proof, ...proof } }],
  })

  test('is accepted before', () => {
    verifySession(honest, { wallets, factories: [by] })
    verifySession(change({ paymentAddress: address.paymentAddress.toUpperCase().replace('X', 'x') }), {
      wallets: { ...wallets, 137: ALICE.toUpperCase().replace('X', 'x') },
      factories: [by],
    })
  })

  test('C2.5: another address', () => {
    for (const paymentAddress of [ALICE, '', '0x', `${address.paymentAddress}00`, address.paymentAddress.slice(2)]) {
      refused('address_mismatch', change({ paymentAddress }), { wallets })
    }
  })

  test('C2.5: another receiver, with the address that belongs to it or without', () => {
    const theirs = payouts.map(row =>
      row.receiver === BOB ? { ...row, receiver: `0x${'ee'.repeat(20)}` as const } : row,
    )
    refused('wallet_mismatch', change({}, { payouts: theirs }), { wallets })
    refused('wallet_mismatch', sessionOf(theirs), { wallets })
  })

  test('another share, one receiver less, one more, one chain more', () => {
    const others = [
      [part(1, ALICE, 8_999), part(1, BOB, 1_001), all(137, ALICE)],
      [all(1, ALICE), all(137, ALICE)],
      [part(1, ALICE, 8_999), part(1, BOB, 1_000), part(1, `0x${'ee'.repeat(20)}`, 1), all(137, ALICE)],
      [...payouts, all(56, BOB)].sort((left, right) => left.chainId - right.chainId),
      [all(0, BOB), ...payouts],
    ]
    for (const theirs of others) refused('wallet_mismatch', sessionOf(theirs), { wallets })
  })

  test('one receiver twice, which would take another’s share', () => {
    const twice = [part(1, ALICE, 5_000), part(1, ALICE, 5_000)]
    refused('payouts_invalid', proven({ ...by, payouts: twice, paymentAddress: ALICE }), {
      wallets: {
        1: [
          { address: ALICE, share: 5_000 },
          { address: BOB, share: 5_000 },
        ],
      },
    })
  })

  test('payouts in another order make another address', () => {
    const [first, second, ...rest] = payouts
    assert.ok(first && second)
    refused('address_mismatch', change({}, { payouts: [second, first, ...rest] }), { wallets })
  })

  test('another session’s proof, and ids that are none', () => {
    const other = '01932c07-5a1e-7d3b-8f42-6c0a9e517b25'
    refused('session_mismatch', change({}, { sessionId: other }), { wallets })
    refused('session_mismatch', { ...honest, id: other }, { wallets })
    refused('address_mismatch', { ...change({}, { sessionId: other }), id: other }, { wallets })
    for (const id of ['', 'x', `${ID}0`, ID.replaceAll('-', ''), `0x${ID}`]) {
      refused('session_mismatch', { ...change({}, { sessionId: id }), id }, { wallets })
    }
  })

  test('another factory or another code, however well the address fits them', () => {
    for (const theirs of [
      { ...by, factory: BOB },
      { ...by, initCodeHash: `0x${'6d'.repeat(32)}` as const },
    ]) {
      refused('factory_unknown', sessionOf([all(1, ALICE)], theirs), { wallets: { 1: ALICE } })
    }
    refused('factory_unknown', honest, { wallets, factories: [] })
    const two = [
      { factory: BOB, initCodeHash: by.initCodeHash },
      { factory: by.factory, initCodeHash: `0x${'6d'.repeat(32)}` },
    ]
    refused('factory_unknown', honest, { wallets, factories: two })
  })

  test('a chain that no wallet is given for', () => {
    refused('wallet_mismatch', honest, { wallets: { 1: wallets[1] ?? [] } })
    refused('wallet_mismatch', honest, { wallets: {} })
  })

  test('an asset on a chain where the address pays nobody, so that what arrives would stay', () => {
    refused('wallet_mismatch', change({ asset: { chainId: 56 } }), { wallets })
    const everywhere = sessionOf([all(0, ALICE), all(137, BOB)])
    const [first] = everywhere.addresses
    assert.ok(first)
    const onOther = { ...everywhere, addresses: [{ ...first, asset: { chainId: 56 } }] }
    verifySession(onOther, { wallets: { 0: ALICE, 137: BOB }, factories: [by] })
  })

  test('every address counts, not the first alone', () => {
    const second = { ...address, paymentAddress: ALICE }
    refused('address_mismatch', { ...honest, addresses: [address, second] }, { wallets })
  })

  test('no address, and none that is proven', () => {
    refused('no_addresses', { ...honest, addresses: [] }, { wallets })
    const { proof: _, ...shown } = address
    for (const each of [shown, { ...shown, proof: null }]) {
      refused('proof_missing', { ...honest, addresses: [each] } as unknown as ProvenSession, { wallets })
    }
  })

  test('names of every object are no wallets', () => {
    for (const name of ['constructor', '__proto__', '1e0']) {
      const theirs = [{ chainId: name as unknown as number, receiver: ALICE, share: 10_000 }]
      refused('payouts_invalid', change({}, { payouts: theirs }), { wallets })
    }
  })
})

test('the factories of a release are those of its contracts', () => {
  const own = { factory: depositFactoryAddress.toLowerCase() as Hex, initCodeHash: depositProxyInitCodeHash }
  assert.deepEqual(FACTORIES, [own])
  verifySession(sessionOf([all(1, ALICE)], own), { wallets: { 1: ALICE } })
})
