import type { Context } from '../context.ts'
import { sweepFailedEmail } from '../documents/emails/sweepFailedEmail.ts'
import { type Sweep, sweepView } from '../domain/sweep.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { appendEvents } from '../store/events.ts'
import { chainName } from './chainOf.ts'
import { docsUrlOf, tellMerchant } from './tellMerchant.ts'

const MAIL_EVERY_MS = 24 * 3_600_000

/** Tells how a sweep has ended, with the whole sweep; of one that failed the merchant gets a message too, once a day at most. */
export async function tellSweepEnd(
  tx: Tx,
  ctx: Context,
  sweep: Sweep & { status: 'succeeded' | 'failed' },
): Promise<void> {
  const { id, organizationId, chainId, status, deposits, updatedAt } = sweep
  await appendEvents(tx, [
    {
      id: uuidv7(updatedAt, ctx.random(10)),
      organizationId,
      createdAt: updatedAt,
      type: `sweep.${status}`,
      object: 'sweep',
      objectId: id,
      data: sweepView(sweep),
    },
  ])
  if (status === 'succeeded') return
  const network = chainName(ctx, chainId)
  const facts = { sweepId: id, network, addressCount: deposits.length, failedAt: updatedAt, docsUrl: docsUrlOf(ctx) }
  await tellMerchant(tx, ctx, organizationId, 'sweep_failed', brand => sweepFailedEmail(facts, brand), {
    atMostEveryMs: MAIL_EVERY_MS,
  })
}
