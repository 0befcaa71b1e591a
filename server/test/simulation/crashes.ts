import pg from 'pg'
import type { Database } from '../../src/store/database.ts'

/** What is to happen to the next transactions: nothing, or that the process or the database fails at that point. */
export type Crashes = {
  /** After how many further transactions it happens, and what. */
  next: { in: number; kind: 'before_commit' | 'after_commit' | 'deadlock' } | null
  /** The transactions under way, of which some are nobody's to wait for. */
  underWay: Set<Promise<unknown>>
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
      const work = real.execute(async tx => {
        const done = await run(tx)
        if (kind === 'before_commit') throw new CrashError()
        if (kind === 'deadlock')
          throw Object.assign(new pg.DatabaseError('deadlock on purpose', 0, 'error'), { code: '40P01' })
        return done
      })
      crashes.underWay.add(work)
      const result = await work.finally(() => crashes.underWay.delete(work))
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

/**
 * Resolves when no transaction is under way. What the program asks for and does not wait for, as a newer rate, would otherwise end
 * at another moment of the history each time.
 */
export async function allDone({ underWay }: Crashes): Promise<void> {
  while (underWay.size > 0) {
    await Promise.allSettled(underWay)
    // For what follows from them, too.
    await new Promise(resolve => setImmediate(resolve))
  }
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
