import { sql } from 'kysely'
import type { AccountSummary, Days } from '../domain/accountSummary.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from './database.ts'

const ATTENTION_MAX = 100

/** The caller's numbers of these days, each from an index. */
export async function loadSummary(tx: Tx, days: Days): Promise<AccountSummary> {
  const bounds = await loadBounds(tx, days)
  const names = bounds.map(({ day }) => day)
  const dayAt = (nth: number) => names[nth - 1] ?? ''
  const moments = bounds.map(({ start }) => start)
  const end = bounds.at(-1)?.end ?? new Date(0)
  const sessions = await loadSessionCounts(tx, [...moments, end])
  const { volume, timeToConfirm } = await loadVolume(tx, [...moments, end])
  return {
    days: names.map((day, index) => ({ day, ...(sessions.get(index + 1) ?? { created: 0, completed: 0 }) })),
    volume: volume.map(({ nth, ...row }) => ({ day: dayAt(nth), ...row })),
    timeToConfirm,
    ...(await loadState(tx)),
  }
}

async function loadBounds(tx: Tx, { from, to, timeZone }: Days): Promise<{ day: string; start: Date; end: Date }[]> {
  const { rows } = await sql<{ day: string; start: Date; end: Date }>`
    select to_char(d, 'YYYY-MM-DD') as day, d at time zone ${timeZone} as start, (d + interval '1 day') at time zone ${timeZone} as end
    from generate_series(${from}::timestamp, ${to}::timestamp, interval '1 day') d order by d`.execute(tx)
  return rows
}

/** The lowest id that is made at `time`. */
function idAt(time: Date): string {
  return uuidv7(time, new Uint8Array(10))
}

async function loadSessionCounts(tx: Tx, moments: readonly Date[]) {
  const ids = moments.map(idAt)
  const { rows } = await sql<{ nth: number; created: string; completed: string }>`
    select d.nth::int, sum(c.count) as created, coalesce(sum(c.count) filter (where s.status = 'complete'), 0) as completed
    from unnest(${ids.slice(0, -1)}::uuid[], ${ids.slice(1)}::uuid[]) with ordinality d(first, next, nth)
    cross join (values ('open'), ('complete'), ('incomplete'), ('expired')) s(status)
    cross join lateral (
      select count(*) from checkout_sessions where status = s.status and id >= d.first and id < d.next) c
    group by d.nth`.execute(tx)
  return new Map(
    rows.map(({ nth, created, completed }) => [nth, { created: Number(created), completed: Number(completed) }]),
  )
}

/** An id tells when a transfer was first seen, or for one that came again when that was; its time is never after that. */
async function loadVolume(tx: Tx, moments: readonly Date[]) {
  const [from, to] = [moments[0] ?? new Date(0), moments.at(-1) ?? new Date(0)]
  const counted = sql`
    select width_bucket(first_seen_at, ${moments.slice(0, -1)}::timestamptz[]) as nth, asset_id, amount_raw,
      extract(epoch from posted_at - first_seen_at) * 1000 as ms
    from transfers
    where orphaned_at is null and posted_at is not null and unmatched_reason is null and id >= ${idAt(from)}
      and (id < ${idAt(to)} or is_repeated) and first_seen_at >= ${from} and first_seen_at < ${to}`
  const volume = await sql<{ nth: number; asset_id: string; amount: string; payments: string }>`
    select nth, asset_id, sum(amount_raw) as amount, count(*) as payments from (${counted}) t
    group by nth, asset_id order by nth, asset_id`.execute(tx)
  const times = await sql<{ median: number | null; p95: number | null }>`
    select percentile_cont(0.5) within group (order by ms) as median, percentile_cont(0.95) within group (order by ms) as p95
    from (${counted}) t`.execute(tx)
  const [time] = times.rows
  return {
    volume: volume.rows.map(row => ({
      nth: row.nth,
      assetId: row.asset_id,
      amountRaw: row.amount,
      payments: Number(row.payments),
    })),
    timeToConfirm: { medianMs: rounded(time?.median), p95Ms: rounded(time?.p95) },
  }
}

function rounded(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : Math.round(ms)
}

async function loadState(tx: Tx): Promise<Pick<AccountSummary, 'attention' | 'done'>> {
  type Row = AccountSummary['done'] & { exceptions: string; unmatched: string }
  const { rows } = await sql<Row>`
    select
      (select count(*) from (select from checkout_sessions
        where exceptions <> '{}' and status <> 'complete' limit ${ATTENTION_MAX}) s) as exceptions,
      (select count(*) from (select from transfers t
        where orphaned_at is null and unmatched_reason is not null
          and not exists (select from decisions d where d.transfer_id = t.id
            and kind in ('accept_transfer', 'refund_transfer', 'sweep_transfer')) limit ${ATTENTION_MAX}) t) as unmatched,
      exists (select from checkout_sessions) as session,
      exists (select from transfers where orphaned_at is null) as payment,
      exists (select from webhook_endpoints where deleted_at is null) as endpoint,
      exists (select from payment_links where deleted_at is null) as link,
      exists (select from sweep_facts where orphaned_at is null and kind = 'out') as sweep`.execute(tx)
  const endpoints = await tx
    .selectFrom('webhook_endpoints')
    .select(['id', 'url'])
    .where('deleted_at', 'is', null)
    .where('failing_since', 'is not', null)
    .orderBy('id')
    .execute()
  const [row] = rows
  const { exceptions = '0', unmatched = '0', session = false, payment = false } = row ?? {}
  const { endpoint = false, link = false, sweep = false } = row ?? {}
  return {
    attention: { exceptions: Number(exceptions), unmatched: Number(unmatched), endpoints },
    done: { session, payment, endpoint, link, sweep },
  }
}
