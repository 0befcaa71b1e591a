import { sql } from 'kysely'
import type { AccountSummary, Days, TimeToConfirm } from '../domain/accountSummary.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from './database.ts'

const ATTENTION_MAX = 100
/** What ends with a decision about the session; of the others, each transfer is decided about by itself. */
const UNDECIDED = ['underpaid', 'reorged', 'replaced', 'refunded_without_payment']

/** What rows of a caller tell of these days. */
export type LoadedSummary = Omit<AccountSummary, 'assets' | 'attention'> & {
  attention: Omit<AccountSummary['attention'], 'chains'>
}

/** The caller's numbers of these days, each from an index. */
export async function loadSummary(tx: Tx, days: Days): Promise<LoadedSummary> {
  const bounds = await loadBounds(tx, days)
  const names = bounds.map(({ day }) => day)
  const dayAt = (nth: number) => names[nth - 1] ?? ''
  const moments = bounds.map(({ start }) => start)
  const end = bounds.at(-1)?.end ?? new Date(0)
  const sessions = await loadSessionCounts(tx, [...moments, end])
  const { volume, times } = await loadVolume(tx, [...moments, end])
  const timeOf = (nth: number | null) => times.get(nth) ?? { medianMs: null, p95Ms: null }
  return {
    days: names.map((day, index) => ({
      day,
      ...(sessions.get(index + 1) ?? { created: 0, completed: 0 }),
      ...timeOf(index + 1),
    })),
    volume: volume.map(({ nth, ...row }) => ({ day: dayAt(nth), ...row })),
    timeToConfirm: timeOf(null),
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

type VolumeRow = {
  /** Null: of all days. */
  nth: number | null
  /** Null: in all assets. */
  asset_id: string | null
  amount: string
  usd: string | null
  payments: string
  median: number | null
  p95: number | null
}

/** An id tells when a transfer was first seen, or for one that came again when that was; its time is never after that. */
async function loadVolume(tx: Tx, moments: readonly Date[]) {
  const [from, to] = [moments[0] ?? new Date(0), moments.at(-1) ?? new Date(0)]
  const { rows } = await sql<VolumeRow>`
    with counted as (
      select width_bucket(t.first_seen_at, ${moments.slice(0, -1)}::timestamptz[]) as nth, t.asset_id, t.amount_raw,
        div(s.value_usd::numeric * t.amount_raw, a.amount_raw) as usd,
        extract(epoch from t.posted_at - t.first_seen_at) * 1000 as ms
      from transfers t
      join checkout_sessions s on s.organization_id = t.organization_id and s.id = t.checkout_session_id
      left join session_assets a on a.organization_id = t.organization_id
        and a.checkout_session_id = t.checkout_session_id and a.asset_id = t.asset_id
      where t.orphaned_at is null and t.posted_at is not null and t.unmatched_reason is null and t.id >= ${idAt(from)}
        and (t.id < ${idAt(to)} or t.is_repeated) and t.first_seen_at >= ${from} and t.first_seen_at < ${to})
    select nth, asset_id, sum(amount_raw) as amount, count(*) as payments,
      case when count(*) = count(usd) then sum(usd) end as usd,
      percentile_cont(0.5) within group (order by ms) as median, percentile_cont(0.95) within group (order by ms) as p95
    from counted group by grouping sets ((nth, asset_id), (nth), ()) order by nth, asset_id`.execute(tx)
  return {
    volume: rows.flatMap(({ nth, asset_id: assetId, amount, usd, payments }) =>
      nth === null || assetId === null ? [] : [{ nth, assetId, amountRaw: amount, usd, payments: Number(payments) }],
    ),
    times: new Map(
      rows
        .filter(({ asset_id: assetId }) => assetId === null)
        .map(({ nth, median, p95 }): [number | null, TimeToConfirm] => [
          nth,
          { medianMs: rounded(median), p95Ms: rounded(p95) },
        ]),
    ),
  }
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}

async function loadState(tx: Tx): Promise<Pick<LoadedSummary, 'attention' | 'done'>> {
  type Row = AccountSummary['done'] & { exceptions: string; unmatched: string }
  const { rows } = await sql<Row>`
    select
      (select count(*) from (select from checkout_sessions s
        where exceptions <> '{}' and exceptions && ${UNDECIDED}::text[] and status <> 'complete'
          and not exists (select from refunds r
            where r.checkout_session_id = s.id and r.transfer_id is null and r.status = 'succeeded')
        limit ${ATTENTION_MAX}) s) as exceptions,
      (select count(*) from (select from transfers t
        where orphaned_at is null and unmatched_reason is not null
          and not exists (select from decisions d where d.transfer_id = t.id
            and kind in ('accept_transfer', 'refund_transfer', 'sweep_transfer'))
          and not exists (select from refunds r where r.transfer_id = t.id and r.status = 'succeeded')
        limit ${ATTENTION_MAX}) t) as unmatched,
      exists (select from checkout_sessions) as session,
      exists (select from transfers where orphaned_at is null) as payment,
      exists (select from webhook_endpoints where deleted_at is null) as endpoint,
      exists (select from payment_links where deleted_at is null) as link,
      exists (select from sweep_facts
        where orphaned_at is null and kind = 'out' and other is not null) as sweep`.execute(tx)
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
