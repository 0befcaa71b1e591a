import { leadChain } from '../../src/actions/leadChain.ts'
import { recordBlocks } from '../../src/actions/recordBlocks.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import {
  allAgree,
  blockAfter,
  createOrganization,
  createSession,
  createWebhookEndpoint,
  paymentTo,
  testChainConfig,
} from '../harness/fixtures.ts'
import { openBenchDatabase } from './openBenchDatabase.ts'
import type { Row } from './report.ts'

const PAYMENTS = 10_000
const AT_ONCE = 16
const CONFIRMATIONS = 3

/**
 * 10,000 payments in one block: from the block, with its transfers read, to the commit after which all their sessions are
 * processing, each told with its entry, its events, a delivery and a job; and the same for the block that makes them final.
 */
export async function benchStorm(): Promise<Row[]> {
  const config = testChainConfig({ confirmations: CONFIRMATIONS })
  const { ctx, stop } = await openBenchDatabase([config])
  try {
    const chainId = config.chain.id
    const caller = await createOrganization(ctx)
    await createWebhookEndpoint(ctx, caller, ['*'])
    const sessions: CheckoutSession[] = []
    while (sessions.length < PAYMENTS) {
      sessions.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => createSession(ctx, caller)))))
    }
    const { lead, known } = await leadChain(ctx, chainId, async () => blockAfter(null, { time: ctx.clock.now() }))
    let tip = known.at(-1) ?? null
    const seconds: number[] = []
    for (let block = 0; block < CONFIRMATIONS; block++) {
      const header = blockAfter(tip)
      const transfers =
        block > 0 ? [] : sessions.map((session, logIndex) => paymentTo(session, header, { chainId, logIndex }))
      const beganAt = performance.now()
      await recordBlocks(ctx, lead, [{ header, transfers }], allAgree(header.number))
      seconds.push((performance.now() - beganAt) / 1_000)
      tip = header
      const status = block === CONFIRMATIONS - 1 ? 'succeeded' : 'processing'
      const { rowCount } = await ctx.db.owner.query('select from payment_intents where status = $1', [status])
      invariant(rowCount === sessions.length, `${rowCount} of ${sessions.length} payments are ${status}`)
    }
    const row = (measure: string, value: number, aim: Row['aim']): Row => {
      return { section: 'storm', measure, unit: 's', value, floor: null, ratio: null, aim }
    }
    return [
      row(`${sessions.length} payments in one block: all processing`, seconds[0] ?? 0, { of: 'value', below: 10 }),
      row('the block that makes them final: all complete', seconds.at(-1) ?? 0, { of: 'value', below: 10 }),
    ]
  } finally {
    await stop()
  }
}
