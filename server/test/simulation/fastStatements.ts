import { createHash } from 'node:crypto'
import pg from 'pg'

/**
 * What the clients of this process have sent to PostgreSQL: the statements that may have written since somebody last emptied it. Where
 * `isReversed`, rows that no order is asked for come the other way round.
 */
export type Sent = { written: Set<string>; isReversed: boolean }

const WRITES = /\b(insert|update|delete|truncate)\b/i
const READS = /^\s*select\b(?!.*\b(for (no key )?update|for (key )?share|set_config|pg_\w+|enqueue\w*)\b)/is

type Client = { connection: { stream: { cork: () => void; uncork: () => void } } }
type Query = (this: Client, ...args: unknown[]) => Promise<unknown>

/**
 * Makes every client of this process prepare each statement once, and begin a transaction with the first statement that does more
 * than read. At read committed those before it see the same without one, and of all transactions more than half only read.
 */
export function makeStatementsFast(): Sent {
  const sent: Sent = { written: new Set(), isReversed: false }
  const query = pg.Client.prototype.query as Query
  const send = reversing(sent, preparing(query))
  /** Transactions that have only read so far, with the error that a statement of theirs came to. */
  const unbegun = new WeakMap<Client, { error: unknown }>()
  const fast: Query = function (...args) {
    const text = textOf(args[0])
    if (text === 'begin') {
      unbegun.set(this, { error: null })
      return Promise.resolve(ended('BEGIN'))
    }
    const transaction = unbegun.get(this)
    if (transaction !== undefined && (text === 'commit' || text === 'rollback')) {
      unbegun.delete(this)
      return Promise.resolve(ended(text === 'commit' && transaction.error === null ? 'COMMIT' : 'ROLLBACK'))
    }
    if (transaction !== undefined && transaction.error !== null) return Promise.reject(transaction.error)
    if (transaction !== undefined && READS.test(text)) {
      const answer = send.apply(this, args)
      answer.catch(error => Object.assign(transaction, { error }))
      return answer
    }
    if (transaction !== undefined || text.startsWith('begin')) together(this)
    if (transaction !== undefined) {
      unbegun.delete(this)
      query.call(this, 'begin').catch(() => undefined)
    }
    if (WRITES.test(text)) sent.written.add(text)
    return send.apply(this, args)
  }
  Object.assign(pg.Client.prototype, { query: fast })
  return sent
}

/** PostgreSQL promises no order that is not asked for: nothing may follow from the one that it happens to have. */
function reversing(sent: Sent, query: Query): Query {
  return async function (...args) {
    const result = await query.apply(this, args)
    if (sent.isReversed && hasRows(result) && !/\border by\b/i.test(textOf(args[0]))) result.rows.reverse()
    return result
  }
}

function hasRows(result: unknown): result is { rows: unknown[] } {
  return typeof result === 'object' && result !== null && 'rows' in result && Array.isArray(result.rows)
}

function preparing(query: Query): Query {
  const names = new Map<string, string>()
  return function (...args) {
    const [text, values, ...rest] = args
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return query.apply(this, args)
    const name = names.get(text) ?? createHash('sha256').update(text).digest('base64').slice(0, 40)
    names.set(text, name)
    return query.call(this, { name, text, values }, ...rest)
  }
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement
  return typeof statement === 'object' && statement !== null && 'text' in statement ? String(statement.text) : ''
}

/** What the client sends now and until it waits goes out at once. */
function together({ connection: { stream } }: Client): void {
  stream.cork()
  setImmediate(() => stream.uncork())
}

function ended(command: string) {
  return { command, rowCount: null, rows: [] }
}
