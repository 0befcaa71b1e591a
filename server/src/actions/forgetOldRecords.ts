import type { Context } from '../context.ts'
import { REQUESTS_KEPT_MS } from '../domain/apiRequest.ts'
import { EVENTS_KEPT_MS } from '../domain/event.ts'
import { forgetRequests } from '../store/apiRequests.ts'
import { asWorker } from '../store/database.ts'
import { forgetEmails, forgetEvents, forgetKeys, forgetSignIns } from '../store/oldRecords.ts'
import { forgetRates } from '../store/rates.ts'

const DAY_MS = 86_400_000
const KEYS_KEPT_MS = DAY_MS
const RATES_KEPT_MS = 30 * DAY_MS
const EMAILS_KEPT_MS = 90 * DAY_MS
const SIGN_INS_KEPT_MS = 90 * DAY_MS

/**
 * Deletes up to `limit` idempotency keys older than a day, in a short transaction, and as many deliveries and events, and rates,
 * older than 30 days, e-mails, sign-ins and guesses older than 90, requests older than 7, and links that have ended, in others; returns how
 * many rows went, 0 when nothing was left to forget.
 */
export async function forgetOldRecords(ctx: Context, limit: number): Promise<number> {
  const ago = (ms: number) => new Date(ctx.clock.now().getTime() - ms)
  const keys = await asWorker(ctx.db, tx => forgetKeys(tx, ago(KEYS_KEPT_MS), limit))
  const events = await asWorker(ctx.db, tx => forgetEvents(tx, ago(EVENTS_KEPT_MS), limit))
  const emails = await asWorker(ctx.db, tx => forgetEmails(tx, ago(EMAILS_KEPT_MS), limit))
  const requests = await asWorker(ctx.db, tx => forgetRequests(tx, ago(REQUESTS_KEPT_MS), limit))
  const rates = await asWorker(ctx.db, tx => forgetRates(tx, ago(RATES_KEPT_MS), limit))
  const people = await asWorker(ctx.db, tx => forgetSignIns(tx, ago(SIGN_INS_KEPT_MS), ctx.clock.now(), limit))
  return keys + events + emails + requests + rates + people
}
