import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { createOrganization, createSession, createWebhookEndpoint, readSession } from '../../test/harness/fixtures.ts'
import { openReadWorld, type ReadWorld } from '../../test/harness/readWorld.ts'
import { NATIVE } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { sweepCall } from '../domain/sweepCall.ts'
import { inOrganization } from '../store/database.ts'
import type { Caller } from './caller.ts'
import { closeDueSessions } from './closeDueSessions.ts'
import { expireCheckoutSession } from './expireCheckoutSession.ts'
import { prove } from './prove.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const PARTNER: Hex = `0x${'9a'.repeat(20)}`
const REFUSING: Hex = `0x${'7e'.repeat(20)}`

let world: ReadWorld
let caller: Caller
/** What went through each of the stories of a payment. */
let told: Record<'paid' | 'over' | 'coin' | 'late' | 'moved' | 'part' | 'shared', CheckoutSession>

before(async () => {
  world = await openReadWorld()
  const { ctx, wallet } = world
  caller = await createOrganization(ctx)
  await createWebhookEndpoint(ctx, caller, ['*'])
  world.clock.advance(1000)
  // Code that takes no coin.
  await wallet.call('anvil_setCode', REFUSING, '0x5f5ffd')
  await wallet.mintUsdc(wallet.accounts[0], 10n ** 12n)
  await world.read()
  told = await play()
})

after(() => world.close())

/** Sweeps the session's address, or its payouts' others, as a stranger does. */
async function sweep({ id, deposit }: CheckoutSession, payouts = deposit.payouts): Promise<void> {
  const { wallet, chainId } = world
  const tokens = [testUsdcAddress, NATIVE]
  const { to, data } = sweepCall({ chainId, factory: deposit.factory, payouts, sessionIds: [id], tokens })
  await wallet.send({ from: wallet.accounts[1], to, data, gas: 3_000_000n })
}

/** Pays, overpays, pays late, sweeps, shares, loses and moves blocks, all on a real chain. */
async function play(): Promise<typeof told> {
  const { ctx, wallet, chainId } = world
  const receivers = [
    { splitPercentage: 70, address: PARTNER },
    { splitPercentage: 30, address: REFUSING },
  ]
  const sessions = {
    paid: await createSession(ctx, caller),
    over: await createSession(ctx, caller),
    coin: await createSession(ctx, caller, { currency: 'eth', amount: 100n }),
    late: await createSession(ctx, caller),
    moved: await createSession(ctx, caller),
    part: await createSession(ctx, caller),
    shared: await createSession(ctx, caller, { currency: 'eth', amount: 100n, chainIds: [chainId], receivers }),
  }
  // Nobody pays this one.
  await createSession(ctx, caller)
  const { paid, over, coin, late, moved, part, shared } = sessions
  await wallet.transferUsdc(paid.deposit.address, 10_000_000n)
  await wallet.transferUsdc(over.deposit.address, 25_000_001n)
  await world.sendInside([{ to: coin.deposit.address, amountRaw: 10n ** 12n }])
  await wallet.send({ to: shared.deposit.address, value: 10n ** 12n })
  await wallet.transferUsdc(part.deposit.address, 1n)
  await world.undo(async () => {
    await wallet.transferUsdc(moved.deposit.address, 10_000_000n)
    await sweep(paid)
    await world.mine(2)
    await world.read()
    assert.equal((await readSession(ctx, moved)).intent.status, 'succeeded')
  })
  await world.mine(1)
  await wallet.transferUsdc(moved.deposit.address, 10_000_000n)
  await world.mine(5)
  await world.read()
  await sweep(paid)
  await sweep(shared)
  await inOrganization(ctx.db, caller.organizationId, tx => expireCheckoutSession(tx, ctx, late.id))
  await world.pass(60_000)
  await wallet.transferUsdc(late.deposit.address, 10_000_000n)
  await wallet.transferUsdc(paid.deposit.address, 3n)
  await world.read()
  await world.mine(4)
  await world.read()
  await closeDueSessions(ctx, 100)
  return sessions
}

async function proven(): Promise<{ isProven: boolean; lines: string[] }> {
  const lines: string[] = []
  const isProven = await prove(world.ctx, { chainId: null, say: line => void lines.push(line) })
  return { isProven, lines }
}

test('I11, I20: after a whole history the books are exact, to the unit, against the chain', async () => {
  const { isProven, lines } = await proven()
  assert.deepEqual([isProven, lines.filter(line => /DIFFERENCE|NOT PROVEN/.test(line))], [true, []])
  const statuses = await Promise.all(Object.values(told).map(async each => (await readSession(world.ctx, each)).status))
  assert.deepEqual(statuses, ['complete', 'complete', 'complete', 'expired', 'complete', 'incomplete', 'complete'])
  assert.match(lines[0] ?? '', /^Chain 80001 \(Test chain 80001\) at block \d+ 0x[0-9a-f]{64}$/)
  assert.deepEqual(lines.slice(1), [
    // The share that its receiver refused lies at his own address: 30 % of one payment.
    '  ETH  deposits 0.0000013, on chain 0.0000013 at 3 addresses; swept 0.0000007, pending 0, posted 0.000002, unmatched 0, refunded 0',
    '  USDC  deposits 45.000005, on chain 45.000005 at 5 addresses; swept 10, pending 0, posted 45.000002, unmatched 10.000003, refunded 0',
    '8 sessions proven: nothing differs.',
  ])
})

test('I6: whatever is paid was posted by its policy: in full, and deep enough', async () => {
  const { rows } = await world.ctx.db.owner.query(
    `select s.id from checkout_sessions s where s.status = 'complete' and not (
       select coalesce(sum(t.amount_raw / a.amount_raw), 0) >= 1 and bool_and(t.block_number + a.wait::int - 1 <= c.number)
       from transfers t join session_assets a on a.checkout_session_id = t.checkout_session_id and a.asset_id = t.asset_id
       join cursors c on c.chain_id = t.chain_id
       where t.checkout_session_id = s.id and t.orphaned_at is null and t.posted_at is not null and t.unmatched_reason is null)`,
  )
  assert.deepEqual(rows, [])
})

/** Runs a statement that no role of the program may, as the superuser without triggers; answers with the ids of the rows it changed. */
async function tamper(statement: string, values: unknown[]): Promise<string[]> {
  const client = await world.ctx.db.owner.connect()
  try {
    await client.query("set session_replication_role = 'replica'")
    return (await client.query<{ id: string }>(statement, values)).rows.map(({ id }) => id)
  } finally {
    await client.query('reset session_replication_role')
    client.release()
  }
}

const live = 'orphaned_at is null and checkout_session_id = $1'
const newest = 'id = (select id from entries where checkout_session_id = $1 order by nth desc limit 1)'

/** What is done to the books behind the program's back, how it is taken back, and the table of the row that is to be named. */
const lies: { what: string; session: keyof typeof told; table: string; lie: string; undo: string }[] = [
  {
    what: 'the amount of an entry',
    session: 'over',
    table: 'entries|transfers',
    lie: `update entries set amount_raw = amount_raw + 1 where ${newest} returning subject_id as id`,
    undo: `update entries set amount_raw = amount_raw - 1 where ${newest}`,
  },
  {
    what: 'the account of an entry',
    session: 'over',
    table: 'transfers',
    lie: `update entries set credit = 'unmatched' where ${newest} returning subject_id as id`,
    undo: `update entries set credit = 'posted' where ${newest}`,
  },
  {
    what: 'the address of an entry',
    session: 'over',
    table: 'entries',
    lie: `update entries set address = '\\x${'11'.repeat(20)}' where ${newest} returning id`,
    undo: `update entries e set address = t.address from transfers t where t.id = e.subject_id and e.checkout_session_id = $1`,
  },
  {
    what: 'the amount of a transfer',
    session: 'over',
    table: 'transfers',
    lie: `update transfers set amount_raw = amount_raw + 1 where ${live} returning id`,
    undo: `update transfers set amount_raw = amount_raw - 1 where ${live}`,
  },
  {
    what: 'the transaction of a transfer',
    session: 'over',
    table: 'transfers',
    lie: `update transfers set tx_hash = block_hash, from_address = from_address where ${live} returning id`,
    undo: `update transfers t set tx_hash = o.tx_hash from originals o where o.id = t.id and t.checkout_session_id = $1`,
  },
  {
    what: 'the block of a transfer',
    session: 'coin',
    table: 'transfers',
    lie: `update transfers set block_number = block_number - 1 where ${live} returning id`,
    undo: `update transfers set block_number = block_number + 1 where ${live}`,
  },
  {
    what: 'a transfer that a reorg is said to have taken',
    session: 'part',
    table: 'transfers',
    lie: `update transfers set orphaned_at = posted_at where ${live} returning id`,
    undo: `update transfers set orphaned_at = null where checkout_session_id = $1`,
  },
  {
    what: 'when a transfer was posted',
    session: 'coin',
    table: 'transfers',
    lie: `update transfers set posted_at = posted_at - interval '1 ms' where ${live} returning id`,
    undo: `update transfers set posted_at = posted_at + interval '1 ms' where ${live}`,
  },
  {
    what: 'that a transfer is posted',
    session: 'coin',
    table: 'transfers',
    lie: `update transfers set posted_at = null where ${live} returning id`,
    undo: `update transfers t set posted_at = o.posted_at from originals o where o.id = t.id and t.checkout_session_id = $1`,
  },
  {
    what: 'why a transfer does not count',
    session: 'late',
    table: 'transfers',
    lie: `update transfers set unmatched_reason = 'wrong_token' where ${live} returning id`,
    undo: `update transfers set unmatched_reason = 'late' where ${live}`,
  },
  {
    what: 'the amount of a sweep',
    session: 'paid',
    table: 'sweep_facts',
    lie: `update sweep_facts set amount_raw = amount_raw + 1 where ${live} returning id`,
    undo: `update sweep_facts set amount_raw = amount_raw - 1 where ${live}`,
  },
  {
    what: 'where a sweep went',
    session: 'paid',
    table: 'sweep_facts',
    lie: `update sweep_facts set other = address where ${live} returning id`,
    undo: `update sweep_facts f set other = o.other from original_sweeps o where o.id = f.id and f.checkout_session_id = $1`,
  },
  {
    what: 'the status of a session',
    session: 'part',
    table: 'checkout_sessions',
    lie: `update checkout_sessions set status = 'complete' where id = $1 returning id`,
    undo: `update checkout_sessions set status = 'incomplete' where id = $1`,
  },
  {
    what: 'the status of a payment intent',
    session: 'part',
    table: 'payment_intents',
    lie: `update payment_intents set status = 'succeeded' where checkout_session_id = $1 returning id`,
    undo: `update payment_intents set status = 'requires_payment_method' where checkout_session_id = $1`,
  },
  {
    what: 'what was received',
    session: 'part',
    table: 'payment_intents',
    lie: `update payment_intents set amount_received = amount_received + 1 where checkout_session_id = $1 returning id`,
    undo: `update payment_intents set amount_received = amount_received - 1 where checkout_session_id = $1`,
  },
  {
    what: 'what is due',
    session: 'part',
    table: 'checkout_sessions',
    lie: `update session_assets set amount_raw = 1 where checkout_session_id = $1 returning checkout_session_id as id`,
    undo: `update session_assets a set amount_raw = o.amount_raw from original_assets o where o.id = a.id and a.checkout_session_id = $1`,
  },
  {
    what: 'the payouts of an address',
    session: 'paid',
    table: 'deposit_addresses',
    lie: `update deposit_addresses set payouts = jsonb_set(payouts, '{0,receiver}', to_jsonb('${PARTNER}'::text))
          where checkout_session_id = $1 returning '0x' || encode(address, 'hex') as id`,
    undo: `update deposit_addresses d set payouts = o.payouts from original_deposits o where o.address = d.address and d.checkout_session_id = $1`,
  },
  {
    what: 'an event that is gone',
    session: 'paid',
    table: 'events',
    lie: `delete from events where object_id = $1 and sequence = 1 returning object_id as id`,
    undo: `insert into events select * from original_events where object_id = $1 and sequence = 1`,
  },
  {
    what: 'a delivery that is gone',
    session: 'paid',
    table: 'events',
    lie: `delete from deliveries d using events e where e.id = d.event_id and e.object_id = $1 and e.sequence = 1 returning e.id`,
    undo: `insert into deliveries select o.* from original_deliveries o join events e on e.id = o.event_id
           where e.object_id = $1 and e.sequence = 1`,
  },
]

test('what is changed behind the program’s back is named', async t => {
  const { owner } = world.ctx.db
  const copies = {
    originals: 'transfers',
    original_sweeps: 'sweep_facts',
    original_assets: 'session_assets',
    original_deposits: 'deposit_addresses',
    original_events: 'events',
    original_deliveries: 'deliveries',
  }
  for (const [copy, table] of Object.entries(copies))
    await owner.query(`create table ${copy} as select * from ${table}`)
  for (const { what, session, table, lie, undo } of lies) {
    await t.test(what, async () => {
      const [id] = await tamper(lie, [told[session].id])
      invariant(id, 'a row was changed')
      const { isProven, lines } = await proven()
      assert.equal(isProven, false)
      assert.match(lines.join('\n'), new RegExp(`DIFFERENCE  (${table}) ${id}: `))
      await tamper(undo, [told[session].id])
      assert.deepEqual((await proven()).isProven, true, 'and nothing is when it is taken back')
    })
  }
})

test('the command says the same, and ends with 0 or 1', async t => {
  const { ctx, chainId } = world
  const config = ctx.chains.get(chainId)
  invariant(config && ctx.config.databaseUrl, 'the chain is served')
  const folder = mkdtempSync(join(tmpdir(), 'prove-test-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const { id, name, currency, confirmations } = config.chain
  const chains = [
    {
      ...{ id, name, currency, confirmations, isTestnet: true, blockExplorerName: 'none' },
      blockExplorerTransactionUrl: 'http://127.0.0.1/tx/',
      ...config.deposit,
      providers: [{ name: 'node', rpcUrl: config.providers[0].rpcUrl, isOwn: true }],
      assets: config.assets.map(({ address, currency: coin, symbol, name: title, decimals }) => {
        return { address, currency: coin, symbol, name: title, decimals }
      }),
    },
  ]
  writeFileSync(join(folder, 'chains.json'), JSON.stringify(chains))
  const env = {
    BITSTREAM_MODE: 'test',
    BITSTREAM_PUBLIC_URL: 'http://127.0.0.1:8080',
    BITSTREAM_SECRET_KEY: 'a1'.repeat(32),
    BITSTREAM_CHAINS_FILE: join(folder, 'chains.json'),
    DATABASE_URL: ctx.config.databaseUrl,
  }
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, [MAIN, 'prove', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { out, error, code }
  }
  const { lines } = await proven()
  assert.deepEqual(await run(), { out: `${lines.join('\n')}\n`, error: '8 of 8 sessions …\n', code: 0 })
  const { part } = told
  await tamper("update checkout_sessions set status = 'complete' where id = $1", [part.id])
  const { out, code } = await run('--chain', `${chainId}`)
  assert.equal(code, 1)
  assert.match(
    out,
    new RegExp(`^DIFFERENCE  checkout_sessions ${part.id}: its status is complete, and must be incomplete$`, 'm'),
  )
  await tamper("update checkout_sessions set status = 'incomplete' where id = $1", [part.id])
  const other = await run('--chain', '7')
  assert.deepEqual([other.code, other.out], [1, ''])
  assert.match(other.error, /--chain must be the id of a chain that is served; 7 is not/)
})

test('entries and facts that are gone are named, and what the chain has more than the books', async () => {
  const { ctx, wallet } = world
  const { owner } = ctx.db
  const { id } = told.over
  await owner.query('create table kept_entries as select * from entries')
  const removed = await tamper('delete from entries where checkout_session_id = $1 returning subject_id as id', [id])
  const without = await proven()
  assert.match(without.lines.join('\n'), new RegExp(`transfers ${removed[0]}: it is to be booked as posted → deposits`))
  assert.match(
    without.lines.join('\n'),
    new RegExp(`deposit_addresses ${told.over.deposit.address}: USDC has 25.000001 there`),
  )
  await tamper('insert into entries select * from kept_entries where checkout_session_id = $1', [id])
  await owner.query('create table kept_transfers as select * from transfers')
  await tamper('delete from transfers where checkout_session_id = $1', [id])
  assert.match(
    (await proven()).lines.join('\n'),
    /entries [0-9a-f-]{36}: it is about the transfer .*, which is not there/,
  )
  await tamper('insert into transfers select * from kept_transfers where checkout_session_id = $1', [id])
  assert.equal((await proven()).isProven, true)
  // Base units that no log told of.
  const { address } = told.paid.deposit
  await wallet.call('anvil_setBalance', told.coin.deposit.address, '0xe8d4a51001')
  await world.mine(1)
  await world.ctx.db.owner.query("update deposit_addresses set coin_chains = '{}', watch_until = '-infinity'")
  await world.read()
  const more = await proven()
  assert.equal(more.isProven, false)
  assert.match(
    more.lines.join('\n'),
    new RegExp(
      `deposit_addresses ${told.coin.deposit.address}: ETH has 0.000001000000000001 there .* the ledger has 0.000001`,
    ),
  )
  assert.doesNotMatch(more.lines.join('\n'), new RegExp(address))
})

test('a chain that nobody can be asked about is not proven, and says so', async () => {
  const { ctx } = world
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  assert.equal(await prove({ ...ctx, nodes: new Map() }, { chainId: null, say }), false)
  assert.match(lines[0] ?? '', /NOT PROVEN {2}chain 80001: it is not served/)
  const [node] = ctx.nodes.values()
  invariant(node, 'the chain has a node')
  const forgetful = new Map([[world.chainId, { ...node, balances: () => Promise.resolve(null) }]])
  assert.equal(await prove({ ...ctx, nodes: forgetful }, { chainId: world.chainId, say }), false)
  assert.match(lines.join('\n'), /NOT PROVEN {2}its nodes no longer keep the state/)
})
