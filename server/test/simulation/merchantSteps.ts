import { cancelByPayer } from '../../src/actions/cancelByPayer.ts'
import { expireCheckoutSession } from '../../src/actions/expireCheckoutSession.ts'
import type { Crypto } from '../../src/domain/currency.ts'
import { AppError } from '../../src/domain/errors.ts'
import { inOrganization } from '../../src/store/database.ts'
import { createSession } from '../harness/fixtures.ts'
import { someSession } from './payments.ts'
import type { StepTable } from './steps.ts'
import type { World } from './world.ts'

const MINUTE_MS = 60_000

async function create(
  world: World,
  options: { amount?: bigint; currency?: Crypto; minutes?: number; chainIds?: readonly number[]; caller?: number } = {},
): Promise<string> {
  const { random, clock, ctx } = world
  const {
    amount = BigInt(random.between(100, 9_000)) * 1_000_000n,
    currency = 'usdc',
    minutes = 60,
    chainIds,
  } = options
  const caller = world.callers[options.caller ?? random.below(world.callers.length)]
  if (caller === undefined) throw new Error('there are merchants')
  const expiresAt = new Date(clock.now().getTime() + minutes * MINUTE_MS)
  const session = await createSession(ctx, caller, {
    amount,
    currency,
    expiresAt,
    ...(chainIds !== undefined && { chainIds }),
  })
  const isAhead = [...world.mirror.cursors.values()].some(({ time }) => time > session.createdAt)
  world.sessions.set(session.id, { session, decisions: [], isAhead })
  return `${session.id.slice(-6)} ${amount} ${currency}`
}

async function expire(world: World): Promise<string> {
  const found = someSession(world)
  if (found === null) return 'nothing'
  const { session, decisions } = found
  const { ctx } = world
  try {
    await inOrganization(ctx.db, session.organizationId, tx => expireCheckoutSession(tx, ctx, session.id))
  } catch (error) {
    if (error instanceof AppError) return `${session.id.slice(-6)} ${error.code}`
    throw error
  }
  // Money that is here already is on time, whatever the clock of whoever recorded it.
  const seen = [...world.mirror.transfers.values()]
    .filter(transfer => transfer.session === session.id && transfer.orphanedAt === null)
    .map(transfer => transfer.firstSeenAt.getTime())
  decisions.push({ kind: 'expire', at: new Date(Math.max(world.clock.now().getTime(), ...seen)) })
  return session.id.slice(-6)
}

async function cancel(world: World): Promise<string> {
  const found = someSession(world)
  if (found === null) return 'nothing'
  await cancelByPayer(world.ctx, found.session)
  return found.session.id.slice(-6)
}

function answer(world: World, kind: World['endpoints'][number]['answer']): string {
  const endpoint = world.random.pick(world.endpoints)
  endpoint.answer = kind
  return `${endpoint.id.slice(-6)} ${kind}`
}

/** What merchants and payers do with sessions and with their own servers. */
export const MERCHANT_STEPS = {
  create_session: { weight: 14, run: world => create(world) },
  create_short_session: { weight: 4, run: world => create(world, { minutes: 5 }) },
  create_coin_session: { weight: 6, run: world => create(world, { currency: 'eth' }) },
  create_dai_session: { weight: 2, run: world => create(world, { currency: 'dai' }) },
  create_middle_session: { weight: 3, run: world => create(world, { amount: 500_00000000n }) },
  create_large_session: { weight: 3, run: world => create(world, { amount: 5_000_00000000n }) },
  create_local_session: {
    weight: 4,
    run: world => create(world, { chainIds: [world.random.pick(world.chains).id] }),
  },
  create_tolerant_session: { weight: 3, run: world => create(world, { caller: 1 }) },
  expire_session: { weight: 3, run: expire },
  cancel_by_payer: { weight: 2, run: cancel },
  endpoint_works: { weight: 3, run: world => answer(world, 'ok') },
  endpoint_fails: { weight: 2, run: world => answer(world, 'error') },
  endpoint_cuts: { weight: 1, run: world => answer(world, 'cut') },
  endpoint_slows_down: { weight: 1, run: world => answer(world, 'slow_down') },
} satisfies StepTable
