import type { Hex } from '../../src/domain/hex.ts'
import { holds } from './violation.ts'

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
  /** Reads everything once more and throws where that is not what was read when it was written. */
  compare: () => Promise<void>
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
      'deadline', s.deadline, 'isClosed', s.is_closed)
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

type Kind = keyof typeof SELECTS

const KINDS = Object.keys(SELECTS) as Kind[]

/** Whatever writes to one of these tables names it. */
const TABLES: Record<Kind, RegExp> = {
  session: /\b(checkout_sessions|payment_intents)\b/,
  transfer: /\btransfers\b/,
  due: /\bsession_assets\b/,
  event: /\bevents\b/,
  delivery: /\bdeliveries\b/,
  sweep: /\bsweep_facts\b/,
  entry: /\bentries\b/,
  cursor: /\bcursors\b/,
}

const FRESH = /fresh\((\w)\)/g
const statements = new Map<string, string>()

/** Reads the rows of some kinds that no transaction before a number wrote: the number of each kind is a parameter. */
function statementOf(kinds: readonly Kind[]): string {
  const key = kinds.join()
  const known = statements.get(key)
  if (known !== undefined) return known
  const selects = kinds.map((kind, index) => {
    const rows = SELECTS[kind].replaceAll(FRESH, `$1.xmin::text::int8 >= $$${index + 1}`)
    return `select '${kind}' as kind, * from (${rows}) r(id, data)`
  })
  const next = `select 'next', '${NOBODY}'::uuid, to_json(pg_snapshot_xmax(pg_current_snapshot())::text)`
  const statement = [...selects, next].join('\nunion all\n')
  statements.set(key, statement)
  return statement
}

const kindsOf = new Map<string, readonly Kind[]>()

function kindsIn(text: string): readonly Kind[] {
  const known = kindsOf.get(text)
  if (known !== undefined) return known
  const kinds = KINDS.filter(kind => TABLES[kind].test(text))
  kindsOf.set(text, kinds)
  return kinds
}

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

const NOBODY = '00000000-0000-0000-0000-000000000000'

/**
 * A mirror of a database that is empty, its chains and assets aside. `written` holds the statements that may have written since it was
 * emptied here: the kinds of rows that none of them names are not read.
 */
export function createMirror(
  query: (text: string, values: unknown[]) => Promise<unknown[]>,
  written: Set<string>,
): Mirror {
  const next = new Map(KINDS.map(kind => [kind, '0']))
  const seen = new Map<string, string>()
  const read = async (kinds: readonly Kind[], since: (kind: Kind) => string) => {
    const rows = (await query(statementOf(kinds), kinds.map(since))) as Found[]
    const now = String(rows.find(({ kind }) => kind === 'next')?.data)
    const found = rows.filter(({ kind }) => kind !== 'next')
    return { now, found: found.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)) }
  }
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
      const names = new Set([...written].flatMap(kindsIn))
      written.clear()
      const kinds = KINDS.filter(kind => names.has(kind))
      if (kinds.length === 0) return NOTHING
      const { now, found } = await read(kinds, kind => next.get(kind) ?? '0')
      for (const kind of kinds) next.set(kind, now)
      for (const row of found) seen.set(keyOf(row), JSON.stringify(row.data))
      return take(mirror, found)
    },
    compare: async () => {
      const { found } = await read(KINDS, () => '0')
      for (const row of found) {
        holds(seen.get(keyOf(row)) === JSON.stringify(row.data), () => `${keyOf(row)} was not read when it was written`)
      }
      holds(found.length === seen.size, () => `${found.length} rows are stored, ${seen.size} were read`)
    },
  }
  return mirror
}

/** Brings the mirror up to date with the rows that were found. */
function take(mirror: Mirror, found: readonly Found[]): Changes {
  const of = <T>(kind: Kind) => found.filter(row => row.kind === kind).map(row => revive(row.data) as T)
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
    digest: found.map(row => `${row.kind} ${JSON.stringify(row.data)}`),
  }
}

function keyOf({ kind, id }: Found): string {
  return `${kind} ${id}`
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
