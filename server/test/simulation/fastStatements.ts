import { createHash } from 'node:crypto'
import pg from 'pg'

/** What the clients of this process have sent to PostgreSQL so far. */
export type Sent = { writes: number }

const WRITE = /\b(insert|update|delete|truncate)\b/i

/**
 * Makes every client of this process prepare each statement once, and send the beginning of a transaction together with its first
 * statement. Tells how many statements were sent that may write.
 */
export function makeStatementsFast(): Sent {
  const sent: Sent = { writes: 0 }
  const names = new Map<string, string>()
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown
  const query = function (this: { connection: { stream: Stream } }, ...args: unknown[]) {
    const [text, values, ...rest] = args
    if (typeof text !== 'string') return send.apply(this, args)
    if (WRITE.test(text)) sent.writes += 1
    const { stream } = this.connection
    if (text.startsWith('begin')) {
      stream.cork()
      setImmediate(() => stream.uncork())
    }
    if (!Array.isArray(values) || values.length === 0) return send.apply(this, args)
    const name = names.get(text) ?? createHash('sha256').update(text).digest('base64').slice(0, 40)
    names.set(text, name)
    return send.call(this, { name, text, values }, ...rest)
  }
  Object.assign(pg.Client.prototype, { query })
  return sent
}

type Stream = { cork: () => void; uncork: () => void }
