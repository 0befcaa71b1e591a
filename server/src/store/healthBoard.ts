import { ALL_WELL, type Health } from '../domain/chainHealth.ts'
import { loadHealth } from './chainHealth.ts'
import { asWorker, type Database } from './database.ts'

/** What is wrong with chains and assets, kept in memory for whoever must not ask the database. */
export type HealthBoard = {
  /** As it was at the last reading. */
  now: () => Health
  /** Reads it anew; where that fails, what was known stands. */
  refresh: () => Promise<void>
  close: () => void
}

/** Opens the board over `db`, empty until it is refreshed: by itself every `everyMs` (null: never). */
export function openHealthBoard(
  db: Database,
  options: { everyMs: number | null; onError: (error: Error) => void },
): HealthBoard {
  let health = ALL_WELL
  let reading: Promise<void> | null = null
  const read = async () => {
    try {
      health = await asWorker(db, loadHealth)
    } catch (error) {
      options.onError(error as Error)
    } finally {
      reading = null
    }
  }
  const refresh = async () => {
    // One that is under way may have begun before the change that the caller wants to see.
    await reading
    reading ??= read()
    await reading
  }
  const timer = options.everyMs === null ? undefined : setInterval(refresh, options.everyMs)
  timer?.unref()
  return { now: () => health, refresh, close: () => clearInterval(timer) }
}
