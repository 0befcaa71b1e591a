import pg from 'pg'
import type { Database } from '../../src/store/database.ts'

/** What is to happen to the next transactions: nothing, or that the process or the database fails at that point. */
export type Crashes = {
  /** After how many further transactions it happens, and what. */
  next: { in: number; kind: 'before_commit' | 'after_commit' | 'deadlock' } | null
}

/** The process ended, in the middle of something: only what was committed remains. */
export class CrashError extends Error {
  constructor() {
    super('the process was killed on purpose')
    this.name = 'CrashError'
  }
}

type Executor = { execute: (run: (tx: unknown) => Promise<unknown>) => Promise<unknown> }

/** `db` whose transactions of the worker fail as `crashes` says. */
export function crashingDatabase(db: Database, crashes: Crashes): Database {
  const failing = (real: Executor): Executor => ({
    execute: async run => {
      const kind = takeTurn(crashes)
      const result = await real.execute(async tx => {
        const done = await run(tx)
        if (kind === 'before_commit') throw new CrashError()
        if (kind === 'deadlock')
          throw Object.assign(new pg.DatabaseError('deadlock on purpose', 0, 'error'), { code: '40P01' })
        return done
      })
      if (kind === 'after_commit') throw new CrashError()
      return result
    },
  })
  const worker = new Proxy(db.worker, {
    get: (target, property) => {
      if (property === 'transaction') return () => failing(target.transaction() as unknown as Executor)
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { ...db, worker }
}

function takeTurn(crashes: Crashes) {
  if (crashes.next === null) return null
  if (crashes.next.in > 0) {
    crashes.next.in -= 1
    return null
  }
  const { kind } = crashes.next
  crashes.next = null
  return kind
}
