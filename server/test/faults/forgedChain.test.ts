// Two providers tell the same forged blocks, with money in them that is not there, while an honest third is silenced.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BlockHeader, Transfer } from '../../src/chain/chainNode.ts'
import { watchedChain } from '../../src/chain/watchedChain.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import { UpstreamError } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import { readChain } from '../../src/workers/watchChain.ts'
import { fakeProvider, growChain } from '../harness/fakeProviders.ts'
import {
  blockAfter,
  createOrganization,
  createSession,
  openBareContext,
  paymentTo,
  readSession,
  testChainConfig,
} from '../harness/fixtures.ts'
import { createTestDatabase } from '../harness/testDatabase.ts'

const CHAIN_ID = 80001
const DOLLAR = 1_00000000n
const CAP = 5_000n
const SMALL = 100n
/** More than the cap lets through. */
const COUNT = 60

/** Those of a small and the one of a large session that complete by the word of two forgers against `third`. */
async function forge(third: 'silenced' | 'own') {
  const database = await createTestDatabase()
  const config: ChainConfig = {
    ...testChainConfig(),
    finality: [
      { below: 1_000n * DOLLAR, wait: 2, witness: 'quorum' },
      { below: null, wait: 2, witness: 'all' },
    ],
  }
  const ctx = await openBareContext(database.url, { chains: [config] })
  try {
    const honest = growChain([blockAfter(null, { time: ctx.clock.now() })], 4)
    const forgers = [fakeProvider('alpha', honest), fakeProvider('beta', honest)]
    const last = fakeProvider('gamma', honest, { isOwn: third === 'own' })
    const watched = watchedChain(
      [...forgers, last].map(({ node }) => node),
      { chainId: CHAIN_ID, quorum: 2, tagsMs: 0, now: () => ctx.clock.now().getTime() },
    )
    const anew = () => readChain(ctx, CHAIN_ID, watched, new AbortController().signal)
    let reading = anew()
    const read = async () => {
      try {
        for (let kind: string | undefined; kind !== 'idle'; kind = (await reading.next()).value?.kind);
      } catch (error) {
        // A block that not all have: the watcher begins again, as here.
        assert.ok(error instanceof UpstreamError && error.retryable)
        reading = anew()
      }
    }
    const caller = await createOrganization(ctx)
    const small: CheckoutSession[] = []
    for (let made = 0; made < COUNT; made++) small.push(await createSession(ctx, caller, { amount: SMALL * DOLLAR }))
    const large = await createSession(ctx, caller, { amount: 1_000n * DOLLAR })
    await read()

    if (third === 'silenced') last.fault = 'timeout'
    else last.chain = growChain(honest, 3)
    let forged: BlockHeader[] = growChain(honest, 1, 'forged')
    const [tip] = forged.slice(-1)
    assert.ok(tip)
    const told: Transfer[] = [...small, large].map((session, logIndex) => paymentTo(session, tip, { logIndex }))
    const lies = { transfers: new Map([[tip.hash, told]]), balances: new Map(told.map(lieOf)) }
    for (let block = 0; block < 100; block++) {
      for (const forger of forgers) Object.assign(forger, lies, { chain: forged })
      ctx.clock.advance(1_000)
      await read()
      forged = growChain(forged, 1, 'forged')
    }
    await read()
    const statusOf = async (session: CheckoutSession) => (await readSession(ctx, session)).status
    const complete = (await Promise.all(small.map(statusOf))).filter(status => status === 'complete')
    const { problem } = watched.providers().find(({ name }) => name === 'gamma') ?? {}
    const { rows } = await ctx.db.owner.query<{ hash: Buffer }>('select hash from cursors')
    const isForged = forged.some(
      ({ hash }) => rows[0]?.hash.toString('hex') === hash.slice(2) && hash !== honest.at(-1)?.hash,
    )
    return { isForged, complete: complete.length, large: (await readSession(ctx, large)).intent.status, problem }
  } finally {
    await ctx.close()
    await database.drop()
  }
}

const lieOf = ({ to, amountRaw }: Transfer): [Hex, bigint] => [to, amountRaw]

test('G22, B4.2: two that forge while the third is silenced complete nothing large, and small payments up to the cap of a merchant', async () => {
  const { complete, large, problem } = await forge('silenced')
  assert.equal(large, 'processing')
  assert.equal(BigInt(complete) * SMALL, CAP)
  assert.match(problem ?? '', /^timeout: /)
})

test('G22, B4.2: where an own node contradicts them, two that forge complete nothing', async () => {
  const { complete, large, isForged } = await forge('own')
  assert.equal(isForged, false, 'what is read is what the own node tells')
  assert.equal(complete, 0)
  assert.notEqual(large, 'succeeded')
})
