import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  allAgree,
  blockAfter,
  createOrganization,
  createSession,
  hashFor,
  paymentTo,
  type RecordedChain,
  readSession,
  recordChain,
} from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import type { BlockHeader, Transfer } from '../chain/chainNode.ts'
import { assetId, NATIVE } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import { fallbackAddresses } from '../domain/fallbackAddress.ts'
import type { Hex } from '../domain/hex.ts'
import type { CheckoutSession } from '../domain/session.ts'
import type { Caller } from './caller.ts'
import { leadChain } from './leadChain.ts'
import { recordBlocks } from './recordBlocks.ts'

const CHAIN = 80001
const STRANGER: Hex = `0x${'5a'.repeat(20)}`
const PARTNER: Hex = `0x${'9a'.repeat(20)}`

let ctx: FreshContext
let caller: Caller
let chain: RecordedChain

before(async () => {
  ctx = await openFreshContext()
  caller = await createOrganization(ctx)
  chain = await recordChain(ctx)
})

after(() => ctx.close())

const receiverOf = ({ deposit }: CheckoutSession): Hex => deposit.payouts[0]?.receiver ?? assert.fail()

/** What leaves the session's address in a hand-made block: `amountRaw` of USDC to its first receiver unless told. */
function sweepOf(
  session: CheckoutSession,
  block: BlockHeader,
  options: { to?: Hex; from?: Hex; amountRaw?: bigint; asset?: Hex; logIndex?: number; tx?: string } = {},
): Transfer {
  const { amountRaw = 10_000_000n, logIndex = 90, tx = `sweep of ${session.id}` } = options
  const usdc = paymentTo(session, block).asset
  return {
    chainId: CHAIN,
    asset: options.asset ?? usdc,
    from: options.from ?? session.deposit.address,
    to: options.to ?? receiverOf(session),
    amountRaw,
    txHash: hashFor(tx),
    place: `${logIndex}`,
    blockHash: block.hash,
    blockNumber: block.number,
  }
}

/** What lies on each account for the session, asset side above zero as debits, claim side above zero as credits; zeros left out. */
async function accounts(session: CheckoutSession): Promise<Record<string, bigint>> {
  const { rows } = await ctx.db.owner.query<{ account: string; sum: string }>(
    `select account, sum(amount) from (
       select debit as account, case when debit in ('deposits', 'swept') then amount_raw else -amount_raw end as amount
       from entries where checkout_session_id = $1
       union all
       select credit, case when credit in ('deposits', 'swept') then -amount_raw else amount_raw end
       from entries where checkout_session_id = $1) lines
     group by account having sum(amount) <> 0`,
    [session.id],
  )
  return Object.fromEntries(rows.map(({ account, sum }) => [account, BigInt(sum)]))
}

/** The entries of the session in their order, in short; a reversal in brackets. */
async function entries(session: CheckoutSession): Promise<string[]> {
  const { rows } = await ctx.db.owner.query(
    `select credit || ' → ' || debit || ' ' || amount_raw as move, reverses is null as books from entries
     where checkout_session_id = $1 order by created_at, subject_id, nth`,
    [session.id],
  )
  return rows.map(({ move, books }) => (books ? move : `(${move})`))
}

async function facts(session: CheckoutSession) {
  const { rows } = await ctx.db.owner.query(
    `select kind, amount_raw, orphaned_at is null as live from sweep_facts where checkout_session_id = $1 order by id`,
    [session.id],
  )
  return rows.map(({ kind, amount_raw, live }) => `${kind} ${amount_raw}${live ? '' : ' lost'}`)
}

test('I5: a payment moves from pending to posted, and its sweep from deposits to swept, whoever sent it', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header)])
  assert.deepEqual(await accounts(session), { deposits: 10_000_000n, pending: 10_000_000n })
  await chain.mine()
  await chain.mine()
  assert.deepEqual(await accounts(session), { deposits: 10_000_000n, posted: 10_000_000n })
  await chain.mine(header => [sweepOf(session, header)])
  assert.deepEqual(await accounts(session), { swept: 10_000_000n, posted: 10_000_000n })
  assert.deepEqual(await entries(session), [
    'pending → deposits 10000000',
    '(deposits → pending 10000000)',
    'posted → deposits 10000000',
    'deposits → swept 10000000',
  ])
  assert.equal((await readSession(ctx, session)).status, 'complete')
})

test('B8.6: paid, swept, and paid again within one block and between two looks: three were received, never two', async () => {
  const session = await createSession(ctx, caller)
  const blocks = [1, 2].map((_, index) => index)
  let tip = chain.tip()
  const found = blocks.map(index => {
    tip = blockAfter(tip, { time: ctx.clock.now() })
    const tx = (part: string) => `${part} ${index}`
    return {
      header: tip,
      transfers: [
        paymentTo(session, tip, { tx: tx('one'), logIndex: 1, amountRaw: 1_000_000n }),
        sweepOf(session, tip, { tx: tx('sweep'), logIndex: 2, amountRaw: 1_000_000n }),
        paymentTo(session, tip, { tx: tx('two'), logIndex: 3, amountRaw: 2_000_000n }),
        ...(index === 0 ? [] : [sweepOf(session, tip, { tx: tx('last'), logIndex: 4, amountRaw: 3_000_000n })]),
      ],
    }
  })
  assert.deepEqual(await recordBlocks(ctx, chain.lead, found, allAgree(tip.number)), { strayed: [], unreliable: [] })
  chain = await recordChain(ctx)
  const { intent, transfers } = await readSession(ctx, session)
  assert.equal(transfers.length, 4)
  assert.equal(intent.amountReceived, 6_00000000n)
  assert.deepEqual(await accounts(session), { deposits: 1_000_000n, swept: 5_000_000n, pending: 6_000_000n })
})

test('F99: a price that is paid in 101 parts adds up exactly, in the session and in the ledger', async () => {
  const session = await createSession(ctx, caller, { amount: 10_10000000n })
  for (let block = 0; block < 3; block++) {
    const parts = block < 2 ? 40 : 21
    await chain.mine(header =>
      Array.from({ length: parts }, (_, part) => {
        const logIndex = block * 40 + part
        return paymentTo(session, header, { tx: `${session.id} ${logIndex}`, logIndex, amountRaw: 100_000n })
      }),
    )
  }
  await chain.mine()
  await chain.mine()
  const { status, exceptions, intent, transfers } = await readSession(ctx, session)
  assert.deepEqual([status, exceptions, intent.amountReceived, transfers.length], ['complete', [], 10_10000000n, 101])
  assert.deepEqual(await accounts(session), { deposits: 10_100_000n, posted: 10_100_000n })
})

test('F101, B6.5: one transaction pays three sessions: three credits', async () => {
  const sessions = [
    await createSession(ctx, caller),
    await createSession(ctx, caller),
    await createSession(ctx, caller),
  ]
  await chain.mine(header => sessions.map((session, logIndex) => paymentTo(session, header, { tx: 'batch', logIndex })))
  for (const session of sessions) {
    assert.deepEqual(await accounts(session), { deposits: 10_000_000n, pending: 10_000_000n })
  }
})

test('B6.11: an address that was funded before anybody was shown it counts like any other', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [{ ...paymentTo(session, header), from: null }])
  assert.equal((await readSession(ctx, session)).intent.status, 'processing')
})

test('B7.11: what is minted to an address counts; what it sends to itself leaves no trace', async () => {
  const session = await createSession(ctx, caller)
  const self = session.deposit.address
  await chain.mine(header => [
    { ...paymentTo(session, header, { logIndex: 1, amountRaw: 4_000_000n }), from: NATIVE },
    { ...paymentTo(session, header, { logIndex: 2, tx: 'self', amountRaw: 4_000_000n }), from: self },
  ])
  assert.equal((await readSession(ctx, session)).intent.amountReceived, 4_00000000n)
  assert.deepEqual(await facts(session), [])
})

/** That money of the session's address went where it cannot pay. */
const takenFrom = (session: CheckoutSession) => {
  const { asset, to } = paymentTo(session, chain.tip())
  return { assetId: assetId(CHAIN, asset), address: to, sessionId: session.id }
}

test('B7.11: from one deposit address to another nobody has paid: it nets to nothing, and the coin is told as strange', async () => {
  const [one, two] = [await createSession(ctx, caller), await createSession(ctx, caller)]
  await chain.mine(header => [paymentTo(one, header)])
  const header = blockAfter(chain.tip(), { time: ctx.clock.now() })
  const transfers = [sweepOf(one, header, { to: two.deposit.address })]
  const { strayed } = await recordBlocks(ctx, chain.lead, [{ header, transfers }], allAgree(header.number))
  chain = await recordChain(ctx)
  assert.deepEqual(strayed, [takenFrom(one)])
  assert.equal((await readSession(ctx, two)).intent.status, 'requires_payment_method')
  assert.deepEqual(await accounts(one), { swept: 10_000_000n, pending: 10_000_000n })
  assert.deepEqual(await accounts(two), { deposits: 10_000_000n, swept: -10_000_000n })
})

test('F102, B7.12: a token that moves money out to a stranger is booked as it is and told', async () => {
  const session = await createSession(ctx, caller)
  const header = blockAfter(chain.tip(), { time: ctx.clock.now() })
  const transfers = [
    paymentTo(session, header, { tx: 'hook', logIndex: 1 }),
    sweepOf(session, header, { tx: 'hook', logIndex: 2, to: STRANGER }),
  ]
  const { strayed } = await recordBlocks(ctx, chain.lead, [{ header, transfers }], allAgree(header.number))
  chain = await recordChain(ctx)
  assert.deepEqual(strayed, [takenFrom(session)])
  assert.deepEqual(await accounts(session), { swept: 10_000_000n, pending: 10_000_000n })
})

test('what a reorg takes is reversed, and is booked anew when it comes back; a branch that comes back has the same rows', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header)])
  const paid = await chain.mine()
  const swept = await chain.mine(header => [sweepOf(session, header)])
  await chain.goBackTo(paid)
  assert.deepEqual(await facts(session), ['out 10000000 lost'])
  assert.deepEqual(await accounts(session), { deposits: 10_000_000n, posted: 10_000_000n })
  await chain.mine(() => [], 'b')
  await chain.goBackTo(paid)
  await chain.record(swept, [sweepOf(session, swept)])
  assert.deepEqual(await facts(session), ['out 10000000'])
  assert.deepEqual(await accounts(session), { swept: 10_000_000n, posted: 10_000_000n })
  assert.equal((await entries(session)).filter(move => move.includes('swept')).length, 3)
})

test('B2.5: A, B and A again reverse and book the original transfer: net one', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = await chain.mine()
  const paid = await chain.mine(header => [paymentTo(session, header)])
  await chain.goBackTo(ancestor)
  assert.deepEqual(await accounts(session), {})
  await chain.mine(() => [], 'b')
  await chain.goBackTo(ancestor)
  await chain.record(paid, [paymentTo(session, paid)])
  assert.deepEqual(await accounts(session), { deposits: 10_000_000n, pending: 10_000_000n })
  assert.deepEqual(await entries(session), [
    'pending → deposits 10000000',
    '(deposits → pending 10000000)',
    'pending → deposits 10000000',
  ])
  const { rows } = await ctx.db.owner.query('select distinct subject_id from entries where checkout_session_id = $1', [
    session.id,
  ])
  assert.equal(rows.length, 1)
})

test('a share that its receiver refused lies at his own address, from where it is swept; nobody has paid it', async () => {
  const receivers = [
    { splitPercentage: 70, address: STRANGER },
    { splitPercentage: 30, address: PARTNER },
  ]
  const session = await createSession(ctx, caller, { chainIds: [CHAIN], receivers })
  const { deposit } = session
  const [fallback] = [...fallbackAddresses(deposit, session.id, deposit.payouts, CHAIN)].find(
    ([, [row]]) => row?.receiver === PARTNER,
  ) ?? [assert.fail('the partner has an address of his own')]
  await chain.mine(header => [paymentTo(session, header)])
  // Swept, refused and swept from there, all before anybody looks.
  let tip = chain.tip()
  const next = (transfersIn: (header: BlockHeader) => Transfer[]) => {
    tip = blockAfter(tip, { time: ctx.clock.now() })
    return { header: tip, transfers: transfersIn(tip) }
  }
  const found = [
    next(header => [
      sweepOf(session, header, { to: STRANGER, amountRaw: 7_000_000n, logIndex: 1 }),
      sweepOf(session, header, { to: fallback, amountRaw: 3_000_000n, logIndex: 2 }),
    ]),
    next(header => [{ ...paymentTo(session, header, { tx: 'gift', logIndex: 3, amountRaw: 5n }), to: fallback }]),
    next(header => [
      sweepOf(session, header, { tx: 'partly', from: fallback, to: PARTNER, amountRaw: 2_000_000n, logIndex: 1 }),
    ]),
  ]
  const recorded = await recordBlocks(ctx, chain.lead, found, allAgree(tip.number))
  chain = await recordChain(ctx)
  assert.deepEqual(recorded, { strayed: [], unreliable: [] })
  assert.deepEqual(await facts(session), ['out 7000000', 'out 3000000', 'back 3000000', 'back 5', 'out 2000000'])
  const { rows } = await ctx.db.owner.query(
    `select d.is_fallback, sum(case 'deposits' when e.debit then e.amount_raw when e.credit then -e.amount_raw else 0 end)
     from deposit_addresses d join entries e using (address) where d.checkout_session_id = $1 group by d.address order by 1`,
    [session.id],
  )
  assert.deepEqual(rows, [
    { is_fallback: false, sum: '0' },
    { is_fallback: true, sum: '1000005' },
  ])
  const { intent, transfers, deposit: shown } = await readSession(ctx, session)
  assert.deepEqual([intent.amountReceived, transfers.length, shown.address], [10_00000000n, 1, deposit.address])
})

test('coin leaves by the factory’s log, and what lies there is not told twice', async () => {
  const session = await createSession(ctx, caller, { currency: 'eth' })
  await chain.mine(header => [paymentTo(session, header, { asset: NATIVE, amountRaw: 5n })])
  await chain.mine(header => [
    { ...paymentTo(session, header, { asset: NATIVE, amountRaw: 2n }), from: session.deposit.address },
    sweepOf(session, header, { asset: NATIVE, amountRaw: 7n }),
  ])
  assert.deepEqual(await facts(session), ['out 7'])
  assert.deepEqual(await accounts(session), { swept: 7n, pending: 7n })
})

test('what does not count is booked apart, and moves when a decision makes it count', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header)])
  await chain.mine()
  await chain.mine()
  await chain.mine(header => [paymentTo(session, header, { tx: 'again', amountRaw: 3n })])
  await chain.mine()
  await chain.mine()
  assert.deepEqual(await accounts(session), { deposits: 10_000_003n, posted: 10_000_000n, unmatched: 3n })
})

test('I2: nobody can change or remove an entry, whatever role; I1, I8, I10: nor add one that does not balance', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header)])
  const pool = ctx.db.owner
  const [entry] = (await pool.query('select * from entries where checkout_session_id = $1', [session.id])).rows
  invariant(entry, 'the payment is booked')
  for (const role of ['bitstream_app', 'bitstream_worker', null]) {
    for (const statement of [
      'update entries set amount_raw = 1 where id = $1',
      'update entries set debit = credit where id = $1',
      'delete from entries where id = $1',
    ]) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        await client.query("select set_config('app.organization_id', $1, true)", [session.organizationId])
        if (role !== null) await client.query(`set local role ${role}`)
        await assert.rejects(client.query(statement, [entry.id]), { code: '42501' }, `${role}: ${statement}`)
      } finally {
        await client.query('rollback')
        client.release()
      }
    }
  }
  const columns = Object.keys(entry)
  const add = (changes: object) => {
    const row = { ...entry, id: '00000000-0000-7000-8000-000000000001', ...changes }
    const values = columns.map(column => row[column as keyof typeof row])
    const places = columns.map((_, index) => `$${index + 1}`)
    return pool.query(`insert into entries (${columns.join()}) values (${places.join()})`, values)
  }
  const reversal = { nth: 2, debit: entry.credit, credit: entry.debit, reverses: entry.id }
  await assert.rejects(add({}), { constraint: 'entries_subject_id_nth_key' })
  await assert.rejects(add({ nth: 3, debit: 'deposits', credit: 'deposits' }), { code: '23514' })
  await assert.rejects(add({ nth: 3, amount_raw: '0' }), { code: '23514' })
  await assert.rejects(add({ nth: 3, amount_raw: (2n ** 256n).toString() }), { code: '23514' })
  await assert.rejects(add({ ...reversal, amount_raw: '1' }), { constraint: 'entries_reversal' })
  await assert.rejects(add({ ...reversal, credit: 'swept' }), { constraint: 'entries_reversal' })
  await assert.rejects(add({ ...reversal, nth: 4 }), { constraint: 'entries_reversal' })
  const other = await createOrganization(ctx)
  // I17: its session is another organization's.
  await assert.rejects(add({ nth: 3, organization_id: other.organizationId }), { code: '23503' })
  await add(reversal)
  const again = { ...reversal, id: '00000000-0000-7000-8000-000000000002' }
  await assert.rejects(add(again), { code: '23505' })
  // As it was: with the payment's own entry in force.
  await add({ id: '00000000-0000-7000-8000-000000000003', nth: 3 })
  assert.deepEqual(await accounts(session), { deposits: 10_000_000n, pending: 10_000_000n })
})

test('I17: an organization sees its own entries, and can write none for another', async () => {
  const other = await createOrganization(ctx)
  const client = await ctx.db.owner.connect()
  try {
    await client.query('begin')
    await client.query("select set_config('app.organization_id', $1, true)", [other.organizationId])
    await client.query('set local role bitstream_app')
    assert.equal((await client.query('select from entries')).rowCount, 0)
    assert.equal((await client.query('select from sweep_facts')).rowCount, 0)
  } finally {
    await client.query('rollback')
    client.release()
  }
})

test('I15: what was on the accounts at any past time is the entries up to it', async () => {
  const session = await createSession(ctx, caller)
  const seen: { at: Date; accounts: Record<string, bigint> }[] = []
  const look = async () => void seen.push({ at: ctx.clock.now(), accounts: await accounts(session) })
  await chain.mine(header => [paymentTo(session, header)])
  await look()
  await chain.mine()
  await chain.mine()
  await look()
  await chain.mine(header => [sweepOf(session, header)])
  await look()
  for (const { at, accounts: then } of seen) {
    const { rows } = await ctx.db.owner.query<{ account: string; sum: string }>(
      `select account, sum(amount) from entries, lateral (values (debit, amount_raw), (credit, -amount_raw)) line(account, amount)
       where checkout_session_id = $1 and created_at <= $2 group by account having sum(amount) <> 0`,
      [session.id, at],
    )
    const folded = rows.map(({ account, sum }) => {
      return [account, account === 'deposits' || account === 'swept' ? BigInt(sum) : -BigInt(sum)]
    })
    assert.deepEqual(Object.fromEntries(folded), then)
  }
  assert.equal(
    new Set(seen.map(({ accounts: { deposits, pending, swept } }) => [deposits, pending, swept].join())).size,
    3,
  )
})

test('a leader that was replaced books nothing', async () => {
  const session = await createSession(ctx, caller)
  const stale = chain.lead
  await leadChain(ctx, CHAIN, () => assert.fail('the chain was begun'))
  const header = blockAfter(chain.tip(), { time: ctx.clock.now() })
  const recorded = recordBlocks(
    ctx,
    stale,
    [{ header, transfers: [paymentTo(session, header)] }],
    allAgree(header.number),
  )
  await assert.rejects(recorded, { name: 'LeadLostError' })
  assert.deepEqual(await entries(session), [])
  chain = await recordChain(ctx)
})
