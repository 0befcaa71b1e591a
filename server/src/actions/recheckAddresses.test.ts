import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pino from 'pino'
import { keccak256 } from 'viem'
import { allAgree, createOrganization, createSession, eventTypes, readSession } from '../../test/harness/fixtures.ts'
import { openReadWorld, type ReadWorld } from '../../test/harness/readWorld.ts'
import type { WatchedChain } from '../chain/chainNode.ts'
import { openChain } from '../chain/openChain.ts'
import type { Context } from '../context.ts'
import type { CheckoutSession } from '../domain/session.ts'
import type { Caller } from './caller.ts'
import { closeDueSessions } from './closeDueSessions.ts'
import { LeadLostError, leadChain } from './leadChain.ts'
import { recheckAddresses } from './recheckAddresses.ts'
import { recordBlocks } from './recordBlocks.ts'

const DAY = 24 * 3_600_000

let world: ReadWorld
let caller: Caller
before(async () => {
  world = await openReadWorld()
  caller = await createOrganization(world.ctx)
  await world.read()
})
after(() => world.close())

type Line = { level: number; msg: string; address?: string; addresses?: string[]; reason?: string }

/** The context with a log that is kept, and its lines. */
function listening(ctx: Context): { ctx: Context; lines: () => Line[] } {
  const written: string[] = []
  const log = pino({ level: 'warn' }, { write: line => void written.push(line) })
  return { ctx: { ...ctx, log }, lines: () => written.map(line => JSON.parse(line)) }
}

async function transfersOf(session: CheckoutSession): Promise<[string | null, bigint, string | null][]> {
  const { transfers } = await readSession(world.ctx, session)
  return transfers.map(({ unmatchedReason, amountRaw, txHash }) => [unmatchedReason, amountRaw, txHash])
}

/** Lets `days` pass on the clock and the chain, and closes what is due. */
async function passDays(days: number): Promise<void> {
  await world.pass(days * DAY)
  await world.read()
  while ((await closeDueSessions(world.ctx, 100)) > 0);
}

/** Everything that is due is checked. */
async function checkAll(ctx = world.ctx): Promise<number> {
  let checked = 0
  for (let batch = await recheckAddresses(ctx, 2); batch > 0; batch = await recheckAddresses(ctx, 2)) checked += batch
  return checked
}

test('B6.7, B6.10, F92, F105: coin that nobody told of is found at old addresses a month later, once', async () => {
  const inEther = await createSession(world.ctx, caller, { amount: 1_00000000n, currency: 'eth' })
  const inUsdc = await createSession(world.ctx, caller)
  const untouched = await createSession(world.ctx, caller)
  await passDays(40)
  const payments = [
    { to: inEther.deposit.address, amountRaw: 10n ** 18n },
    { to: inUsdc.deposit.address, amountRaw: 7n },
  ]
  await world.sendInside(payments)
  await world.mine(3)
  await world.read()
  assert.deepEqual(await transfersOf(inUsdc), [])
  const { lead } = await leadChain(world.ctx, world.chainId, () => Promise.reject(new Error('it was begun')))

  assert.equal(await checkAll(), 3)
  assert.deepEqual(await transfersOf(inEther), [['late', 10n ** 18n, null]])
  assert.deepEqual(await transfersOf(inUsdc), [['wrong_token', 7n, null]])
  assert.deepEqual(await transfersOf(untouched), [])
  assert.deepEqual((await readSession(world.ctx, inEther)).status, 'expired')
  const [found] = (await readSession(world.ctx, inEther)).transfers
  assert.deepEqual(await eventTypes(world.ctx, found?.id ?? ''), ['payment.unmatched'])
  // Whoever has looked at balances before and not recorded them yet must look again.
  const node = world.ctx.nodes.get(world.chainId)
  assert.ok(node)
  await world.mine(1)
  const next = await node.head()
  const late = recordBlocks(world.ctx, lead, [{ header: next, transfers: [] }], allAgree(next.number))
  await assert.rejects(late, LeadLostError)

  assert.equal(await checkAll(), 0)
  await passDays(31)
  assert.equal(await checkAll(), 3)
  assert.equal((await transfersOf(inEther)).length, 1)
  await world.sendInside([{ to: inEther.deposit.address, amountRaw: 5n }])
  await passDays(31)
  await checkAll()
  assert.deepEqual(
    (await transfersOf(inEther)).map(([, amountRaw]) => amountRaw),
    [10n ** 18n, 5n],
  )
})

test('an address that is watched still is left to its watcher', async () => {
  const session = await createSession(world.ctx, caller)
  await world.sendInside([{ to: session.deposit.address, amountRaw: 7n }])
  await passDays(29)
  await checkAll()
  assert.deepEqual(await transfersOf(session), [])
  await passDays(2)
  await checkAll()
  assert.deepEqual(await transfersOf(session), [['wrong_token', 7n, null]])
})

test('less than the facts say, and tokens that no log explains, are for a person', async () => {
  const [less, more] = [await createSession(world.ctx, caller), await createSession(world.ctx, caller)]
  await world.wallet.send({ to: less.deposit.address, value: 9n })
  await world.read()
  await passDays(40)
  await world.wallet.call('anvil_setBalance', less.deposit.address, '0x8')
  const [usdc] = world.ctx.chains.get(world.chainId)?.assets ?? []
  assert.ok(usdc)
  // Where the token keeps the balance: the slot of its fourth variable, a mapping.
  const slot = keccak256(`0x${more.deposit.address.slice(2).padStart(64, '0')}${'3'.padStart(64, '0')}`)
  await world.wallet.call('anvil_setStorageAt', usdc.address, slot, `0x${'5'.padStart(64, '0')}`)
  await world.mine(1)
  await world.read()
  const heard = listening(world.ctx)
  await checkAll(heard.ctx)
  const told = heard.lines().map(({ level, msg, address }) => [level, msg, address])
  assert.deepEqual(told.sort(), [
    [40, 'More of a token lies at an old address than its logs told', more.deposit.address],
    [50, 'Less coin lies at an old address than the facts say', less.deposit.address],
  ])
  assert.deepEqual([(await transfersOf(less)).length, (await transfersOf(more)).length], [1, 0])
})

/** The chain's nodes as the watcher has them, but for what `change` makes of them. */
function nodesWith(change: Partial<WatchedChain>): Context['nodes'] {
  const node = world.ctx.nodes.get(world.chainId)
  assert.ok(node)
  return new Map([[world.chainId, { ...node, ...change }]])
}

test('an address that cannot be counted does not hold up others: they are checked, it is tried again a day later', async () => {
  const doubted = await createSession(world.ctx, caller)
  const sound = await createSession(world.ctx, caller)
  await passDays(40)
  const payments = [doubted, sound].map(({ deposit }) => ({ to: deposit.address, amountRaw: 3n }))
  await world.sendInside(payments)
  await world.mine(1)
  await world.read()
  const { coinArrivals } = world.ctx.nodes.get(world.chainId) ?? {}
  assert.ok(coinArrivals)
  const nodes = nodesWith({
    coinArrivals: async (blocks, watch) => {
      const asked = new Map(watch)
      asked.delete(doubted.deposit.address)
      return await coinArrivals(blocks, asked)
    },
  })
  const heard = listening({ ...world.ctx, nodes })
  assert.ok((await checkAll(heard.ctx)) >= 2)
  assert.deepEqual(await transfersOf(sound), [['wrong_token', 3n, null]])
  assert.deepEqual(await transfersOf(doubted), [])
  const told = heard.lines().filter(({ msg }) => msg.includes('could not be checked'))
  assert.deepEqual(
    told.map(({ level, addresses, reason }) => [level, addresses, reason]),
    [[40, [doubted.deposit.address], 'its nodes do not agree how much coin lies there']],
  )

  await world.pass(DAY - 60_000)
  await world.read()
  assert.equal(await checkAll(), 0)
  await world.pass(120_000)
  await world.read()
  assert.equal(await checkAll(), 1)
  assert.deepEqual(await transfersOf(doubted), [['wrong_token', 3n, null]])
})

test('a chain that cannot be asked holds up no other: its old addresses are tried again a day later', async () => {
  const session = await createSession(world.ctx, caller)
  await passDays(40)
  await world.sendInside([{ to: session.deposit.address, amountRaw: 3n }])
  await world.mine(1)
  await world.read()
  const config = world.ctx.chains.get(world.chainId)
  assert.ok(config)
  const [provider] = config.providers
  const silent = openChain({ ...config, providers: [{ ...provider, rpcUrl: 'http://127.0.0.1:9' }] })
  const silenced = listening({ ...world.ctx, nodes: new Map([[world.chainId, silent]]) })
  const stateless = listening({ ...world.ctx, nodes: nodesWith({ balances: async () => null }) })
  for (const [heard, reason] of [
    [silenced, undefined],
    [stateless, 'its nodes do not keep the state of its newest agreed block'],
  ] as const) {
    assert.ok((await checkAll(heard.ctx)) > 0)
    assert.equal(await checkAll(), 0)
    const [told] = heard.lines()
    assert.deepEqual([told?.msg, told?.reason], ['Old addresses could not be checked on this chain', reason])
    await world.pass(DAY + 60_000)
    await world.read()
  }
  assert.ok((await checkAll()) > 0)
  assert.deepEqual(await transfersOf(session), [['wrong_token', 3n, null]])
})
