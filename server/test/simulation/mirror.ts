import type { Hex } from '../../src/domain/hex.ts'

/** A session with its payment intent, as stored. */
export type SessionRow = {
  id: string
  organization: string
  status: string
  intent: string
  intentId: string
  exceptions: string[]
  received: bigint | null
  total: bigint
  deadline: Date
  isClosed: boolean
}
export type TransferRow = {
  id: string
  organization: string
  session: string
  chain: number
  asset: string
  address: Hex
  from: Hex | null
  amountRaw: bigint
  txHash: Hex | null
  place: string
  blockHash: Hex
  blockNumber: bigint
  blockTime: Date
  firstSeenAt: Date
  postedAt: Date | null
  orphanedAt: Date | null
  replacedAt: Date | null
  reason: string | null
}
export type DueRow = {
  session: string
  asset: string
  amount: bigint
  amountRaw: bigint
  wait: string
  witness: string
}
export type EventRow = {
  id: string
  organization: string
  object: string
  type: string
  sequence: number
  status: string | null
}
export type DeliveryRow = {
  id: string
  event: string
  endpoint: string
  status: string
  attempts: number
  nextAt: Date | null
}
export type SweepRow = {
  id: string
  organization: string
  session: string
  chain: number
  asset: string
  kind: 'out' | 'back'
  address: Hex
  amountRaw: bigint
  place: string
  blockHash: Hex
  orphanedAt: Date | null
}
export type EntryRow = {
  id: string
  organization: string
  session: string
  asset: string
  address: Hex
  subject: string
  subjectId: string
  nth: number
  debit: string
  credit: string
  amountRaw: bigint
  reverses: string | null
}
export type CursorRow = { chain: number; number: bigint; hash: Hex; time: Date; fence: bigint }

/** What the database holds, kept in step with it: each row that a step wrote is read once. */
export type Mirror = {
  sessions: Map<string, SessionRow>
  transfers: Map<string, TransferRow>
  due: Map<string, DueRow>
  events: Map<string, EventRow>
  deliveries: Map<string, DeliveryRow>
  sweeps: Map<string, SweepRow>
  /** The entries of each subject, in their order. */
  entries: Map<string, EntryRow[]>
  cursors: Map<number, CursorRow>
  /** Reads what was written since the last time, and tells it. */
  refresh: () => Promise<Changes>
}

/** The rows that were written since the last refresh, each with what it was before (null: it was not there). */
export type Changes = {
  sessions: { before: SessionRow | null; after: SessionRow }[]
  transfers: { before: TransferRow | null; after: TransferRow }[]
  events: EventRow[]
  deliveries: DeliveryRow[]
  sweeps: SweepRow[]
  entries: EntryRow[]
  cursors: { before: CursorRow | null; after: CursorRow }[]
  /** All of it as text, the same for the same rows in whatever order. */
  digest: string[]
}

const SELECTS = {
  session: `select s.id, json_build_object('id', s.id, 'organization', s.organization_id, 'status', s.status, 'intent', i.status,
      'intentId', i.id, 'exceptions', s.exceptions, 'received', i.amount_received::text, 'total', s.amount_total::text,
      'deadline', s.deadline, 'isClosed', s.is_closed) as data
    from checkout_sessions s join payment_intents i on i.organization_id = s.organization_id and i.checkout_session_id = s.id
    where fresh(s) or fresh(i)`,
  transfer: `select t.id, json_build_object('id', t.id, 'organization', t.organization_id, 'session', t.checkout_session_id,
      'chain', t.chain_id, 'asset', t.asset_id, 'address', t.address, 'from', t.from_address, 'amountRaw', t.amount_raw::text,
      'txHash', t.tx_hash, 'place', t.place, 'blockHash', t.block_hash, 'blockNumber', t.block_number::text,
      'blockTime', t.block_time, 'firstSeenAt', t.first_seen_at, 'postedAt', t.posted_at, 'orphanedAt', t.orphaned_at,
      'replacedAt', t.replaced_at, 'reason', t.unmatched_reason)
    from transfers t where fresh(t)`,
  due: `select a.id, json_build_object('session', a.checkout_session_id, 'asset', a.asset_id, 'amount', a.amount::text,
      'amountRaw', a.amount_raw::text, 'wait', a.wait, 'witness', a.witness)
    from session_assets a where fresh(a)`,
  event: `select e.id, json_build_object('id', e.id, 'organization', e.organization_id, 'object', e.object_id, 'type', e.type,
      'sequence', e.sequence, 'status', e.data->>'status')
    from events e where fresh(e)`,
  delivery: `select d.id, json_build_object('id', d.id, 'event', d.event_id, 'endpoint', d.webhook_endpoint_id, 'status', d.status,
      'attempts', d.attempts, 'nextAt', d.next_attempt_at)
    from deliveries d where fresh(d)`,
  sweep: `select f.id, json_build_object('id', f.id, 'organization', f.organization_id, 'session', f.checkout_session_id,
      'chain', f.chain_id, 'asset', f.asset_id, 'kind', f.kind, 'address', f.address, 'amountRaw', f.amount_raw::text,
      'place', f.place, 'blockHash', f.block_hash, 'orphanedAt', f.orphaned_at)
    from sweep_facts f where fresh(f)`,
  entry: `select n.id, json_build_object('id', n.id, 'organization', n.organization_id, 'session', n.checkout_session_id,
      'asset', n.asset_id, 'address', n.address, 'subject', n.subject, 'subjectId', n.subject_id, 'nth', n.nth,
      'debit', n.debit, 'credit', n.credit, 'amountRaw', n.amount_raw::text, 'reverses', n.reverses)
    from entries n where fresh(n)`,
  cursor: `select lpad(c.chain_id::text, 32, '0')::uuid, json_build_object('chain', c.chain_id, 'number', c.number::text,
      'hash', c.hash, 'time', c.time, 'fence', c.fence::text)
    from cursors c where fresh(c)`,
}

// Rows that no transaction before number $1 wrote: what the last refresh has not seen.
const FRESH = /fresh\((\w)\)/g
const STATEMENT = `${Object.entries(SELECTS)
  .map(
    ([kind, select]) =>
      `select '${kind}' as kind, * from (${select.replaceAll(FRESH, '$1.xmin::text::int8 >= $$1')}) r`,
  )
  .join('\nunion all\n')}
union all select 'next', '00000000-0000-0000-0000-000000000000', to_json(pg_snapshot_xmax(pg_current_snapshot())::text)`

const NOTHING: Changes = {
  sessions: [],
  transfers: [],
  events: [],
  deliveries: [],
  sweeps: [],
  entries: [],
  cursors: [],
  digest: [],
}

type Found = { kind: string; id: string; data: Record<string, unknown> | string }

/** A mirror of a database that is empty, its chains and assets aside; while `writes` tells the same number nothing is read. */
export function createMirror(
  query: (text: string, values: unknown[]) => Promise<unknown[]>,
  writes: () => number,
): Mirror {
  let next = '0'
  let seen = -1
  const mirror: Mirror = {
    sessions: new Map(),
    transfers: new Map(),
    due: new Map(),
    events: new Map(),
    deliveries: new Map(),
    sweeps: new Map(),
    entries: new Map(),
    cursors: new Map(),
    refresh: async () => {
      if (seen === writes()) return NOTHING
      const rows = (await query(STATEMENT, [next])) as Found[]
      seen = writes()
      rows.sort((left, right) => (`${left.kind} ${left.id}` < `${right.kind} ${right.id}` ? -1 : 1))
      const of = <T>(kind: string) => rows.filter(row => row.kind === kind).map(row => revive(row.data) as T)
      next = String(rows.find(row => row.kind === 'next')?.data)
      const entries = of<EntryRow>('entry').sort((left, right) => left.nth - right.nth)
      for (const entry of entries) {
        mirror.entries.set(entry.subjectId, [...(mirror.entries.get(entry.subjectId) ?? []), entry])
      }
      for (const due of of<DueRow>('due')) mirror.due.set(`${due.session} ${due.asset}`, due)
      return {
        sessions: replace(mirror.sessions, of<SessionRow>('session'), row => row.id),
        transfers: replace(mirror.transfers, of<TransferRow>('transfer'), row => row.id),
        events: replace(mirror.events, of<EventRow>('event'), row => row.id).map(({ after }) => after),
        deliveries: replace(mirror.deliveries, of<DeliveryRow>('delivery'), row => row.id).map(({ after }) => after),
        sweeps: replace(mirror.sweeps, of<SweepRow>('sweep'), row => row.id).map(({ after }) => after),
        entries,
        cursors: replace(mirror.cursors, of<CursorRow>('cursor'), row => row.chain),
        digest: rows.filter(({ kind }) => kind !== 'next').map(row => `${row.kind} ${JSON.stringify(row.data)}`),
      }
    },
  }
  return mirror
}

function replace<K, T>(rows: Map<K, T>, fresh: readonly T[], keyOf: (row: T) => K): { before: T | null; after: T }[] {
  return fresh.map(after => {
    const before = rows.get(keyOf(after)) ?? null
    rows.set(keyOf(after), after)
    return { before, after }
  })
}

const BIGINTS = new Set(['received', 'total', 'amountRaw', 'amount', 'blockNumber', 'number', 'fence'])
const DATES = /^(deadline|time|blockTime|.*At)$/

/** JSON of PostgreSQL with its amounts, times and bytes as the code has them. */
function revive(data: Found['data']): unknown {
  if (typeof data === 'string') return data
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (typeof value !== 'string') return [key, value]
      if (BIGINTS.has(key)) return [key, BigInt(value)]
      if (DATES.test(key)) return [key, new Date(value)]
      return [key, value.startsWith('\\x') ? `0x${value.slice(2)}` : value]
    }),
  )
}
