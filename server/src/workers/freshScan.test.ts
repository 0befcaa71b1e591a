import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type FakeChain, fakeChain } from '../../test/harness/fakeChain.ts'
import {
  createOrganization,
  createSession,
  eventTypes,
  hashFor,
  openBareContext,
  paymentTo,
  readSession,
  testClock,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase } from '../../test/harness/testDatabase.ts'
import type { BlockHeader } from '../chain/chainNode.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { readChain } from './watchChain.ts'

const CHAIN_ID = 80001

const closings: (() => Promise<void>)[] = []

after(async () => {
  for (const close of closings.toReversed()) await close()
})

type Reader = {
  ctx: Awaited<ReturnType<typeof openBareContext>>
  sessions: CheckoutSession[]
  /** Reads until there is nothing new. */
  read: () => Promise<void>
}

/** A database of its own with sessions that have the same ids and addresses in each. */
async function openReader(chain: FakeChain, count: number): Promise<Reader> {
  const database = await createTestDatabase()
  const ctx = await openBareContext(database.url)
  closings.push(async () => {
    await ctx.close()
    await database.drop()
  })
  ctx.clock = testClock()
  let drawn = 0
  ctx.random = size => {
    drawn += 1
    return Buffer.from(hashFor(`bytes ${drawn}`).slice(2, 2 + 2 * size), 'hex')
  }
  const caller = await createOrganization(ctx)
  const sessions: CheckoutSession[] = []
  for (let made = 0; made < count; made++) sessions.push(await createSession(ctx, caller))
  const reading = readChain(ctx, CHAIN_ID, chain.node, new AbortController().signal)
  const read = async () => {
    for (let kind: string | undefined = ''; kind !== 'idle' && kind !== undefined; ) {
      kind = (await reading.next()).value?.kind
    }
  }
  return { ctx, sessions, read }
}

/** What follows from the chain alone: how a session got there is no part of it. */
async function stateOf({ ctx, sessions }: Reader) {
  const { rows } = await ctx.db.owner.query(
    'select number::text, hash from blocks where is_canonical order by blocks.number desc limit 700',
  )
  const cursor = await ctx.db.owner.query('select number::text, hash from cursors')
  const entries = await ctx.db.owner.query(
    `select address, account, sum(amount)::text as amount from (
       select address, debit as account, amount_raw as amount from entries
       union all select address, credit, -amount_raw from entries) moved
     group by address, account having sum(amount) <> 0 order by address, account`,
  )
  const settled = await Promise.all(sessions.map(session => readSession(ctx, session)))
  return {
    cursor: cursor.rows,
    blocks: rows,
    entries: entries.rows,
    sessions: settled.map(({ status, exceptions, intent, transfers, deadline, isClosed }) => ({
      status,
      // That a chain once took a payment back is told for as long as nothing came in its place.
      exceptions: exceptions.filter(exception => exception !== 'reorged'),
      intent: [intent.status, intent.amountReceived],
      deadline,
      isClosed,
      live: transfers
        .filter(transfer => transfer.orphanedAt === null)
        .map(({ amountRaw, blockNumber, place, txHash, postedAt }) => [
          amountRaw,
          blockNumber,
          place,
          txHash,
          postedAt !== null,
        ]),
    })),
  }
}

/** That what `reader` has come to is what a database comes to that never saw another branch. */
async function equalsFreshScan(reader: Reader, chain: FakeChain): Promise<void> {
  const fresh = await openReader(chain, reader.sessions.length)
  assert.deepEqual(
    fresh.sessions.map(({ deposit }) => deposit.address),
    reader.sessions.map(({ deposit }) => deposit.address),
  )
  // A chain that was never read begins a little before its head: here, at its beginning.
  const { headers, node } = chain
  const first = headers()[0] as BlockHeader
  const { head } = node
  let isFirst = true
  node.head = async () => {
    if (!isFirst) return await head()
    isFirst = false
    return first
  }
  await fresh.read()
  await fresh.read()
  node.head = head
  const [expected, actual] = [await stateOf(fresh), await stateOf(reader)]
  const common = Math.min(expected.blocks.length, actual.blocks.length)
  assert.ok(common > 1)
  assert.deepEqual(
    { ...actual, blocks: actual.blocks.slice(0, common) },
    { ...expected, blocks: expected.blocks.slice(0, common) },
  )
}

for (const depth of [1, 2, 3, 7, 32, 64, 157, 512]) {
  test(`B2.1 G29: after a reorg of ${depth} the state equals a fresh scan of the winning chain`, async () => {
    const chain = fakeChain(testClock().now())
    const reader = await openReader(chain, 5)
    const [kept, moved, replaced, dropped, added] = reader.sessions as [
      CheckoutSession,
      CheckoutSession,
      CheckoutSession,
      CheckoutSession,
      CheckoutSession,
    ]
    await reader.read()
    const ancestor = chain.mine(block => [paymentTo(kept, block)])
    chain.mine(block => [
      paymentTo(moved, block, { tx: `moved ${depth}` }),
      paymentTo(replaced, block, { tx: `first ${depth}`, logIndex: 1, amountRaw: 10_000_000n }),
      paymentTo(dropped, block, { tx: `dropped ${depth}`, logIndex: 2 }),
    ])
    for (let more = 1; more < depth; more++) chain.mine()
    await reader.read()
    chain.goBackTo(ancestor)
    chain.mine(block => [paymentTo(added, block, { tx: `added ${depth}` })], { branch: 'b' })
    chain.mine(() => [], { branch: 'b' })
    chain.mine(
      block => [
        paymentTo(moved, block, { tx: `moved ${depth}`, logIndex: 9 }),
        paymentTo(replaced, block, { tx: `second ${depth}`, logIndex: 3, amountRaw: 6_000_000n }),
      ],
      { branch: 'b' },
    )
    for (let more = 0; more <= depth; more++) chain.mine(() => [], { branch: 'b' })
    await reader.read()
    const statuses = await Promise.all(
      reader.sessions.map(async session => (await readSession(reader.ctx, session)).status),
    )
    assert.deepEqual(statuses, ['complete', 'complete', 'incomplete', 'open', 'complete'])
    const told = await eventTypes(reader.ctx, moved.id)
    const twice = depth >= 3 ? ['checkout_session.completed', 'checkout_session.reverted'] : []
    assert.deepEqual(
      told.filter(type => type !== 'checkout_session.exception'),
      ['checkout_session.processing', ...twice, 'checkout_session.completed'],
    )
    await equalsFreshScan(reader, chain)
  })
}

test('B2.5: there and back again, the branch that was first: the same payment, one live credit, as a fresh scan has it', async () => {
  const chain = fakeChain(testClock().now())
  const reader = await openReader(chain, 1)
  const [session] = reader.sessions as [CheckoutSession]
  await reader.read()
  const ancestor = chain.mine()
  chain.mine(block => [paymentTo(session, block)])
  chain.mine()
  const first = chain.mine()
  await reader.read()
  const paid = (await readSession(reader.ctx, session)).transfers
  chain.goBackTo(ancestor)
  for (let depth = 0; depth < 4; depth++) chain.mine(() => [], { branch: 'b' })
  await reader.read()
  assert.equal((await readSession(reader.ctx, session)).status, 'open')
  chain.goTo(first)
  chain.mine()
  chain.mine()
  await reader.read()
  const back = await readSession(reader.ctx, session)
  assert.equal(back.status, 'complete')
  assert.deepEqual(
    back.transfers.map(({ id }) => id),
    paid.map(({ id }) => id),
  )
  const { rows } = await reader.ctx.db.owner.query(
    'select nth, reverses is not null as reversed from entries where subject_id = $1 order by nth',
    [paid[0]?.id],
  )
  assert.equal(rows.length % 2, 1, 'what was reversed was booked again, and one entry is live')
  await equalsFreshScan(reader, chain)
})

test('B2.5 G30: a reorg while nobody watches, and one while many blocks are read at once', async () => {
  const chain = fakeChain(testClock().now())
  const reader = await openReader(chain, 2)
  const [early, late] = reader.sessions as [CheckoutSession, CheckoutSession]
  await reader.read()
  const ancestor = chain.mine()
  chain.mine(block => [paymentTo(early, block, { tx: 'lost early' })])
  for (let more = 0; more < 300; more++) chain.mine()
  // The node changes its mind in the middle of the catching up.
  const { block } = chain.node
  let asked = 0
  chain.node.block = async id => {
    asked += 1
    if (asked === 150) {
      chain.goBackTo(ancestor)
      for (let more = 0; more < 100; more++) chain.mine(() => [], { branch: 'b' })
      chain.mine(header => [paymentTo(early, header), paymentTo(late, header, { logIndex: 1 })], { branch: 'b' })
      for (let more = 0; more < 250; more++) chain.mine(() => [], { branch: 'b' })
    }
    return await block(id)
  }
  await reader.read()
  await reader.read()
  chain.node.block = block
  for (const session of reader.sessions) assert.equal((await readSession(reader.ctx, session)).status, 'complete')
  await equalsFreshScan(reader, chain)
})
