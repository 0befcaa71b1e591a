import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../context.ts'
import { StartError } from './process.ts'

/** A clock that goes with real time, ahead of it by as much as it was told to. */
export type MovableClock = Clock & { advance: (ms: number) => void }

/** The clock kept in `folder`: as far ahead after a restart as before. */
export function openMovableClock(folder: string): MovableClock {
  const path = join(folder, 'clock.json')
  let aheadMs = existsSync(path) ? readAhead(path) : 0
  return {
    now: () => new Date(Date.now() + aheadMs),
    advance: ms => {
      aheadMs += ms
      writeFileSync(path, `${JSON.stringify({ aheadMs })}\n`)
    },
  }
}

function readAhead(path: string): number {
  try {
    const { aheadMs } = JSON.parse(readFileSync(path, 'utf8')) as { aheadMs?: unknown }
    if (Number.isSafeInteger(aheadMs)) return aheadMs as number
  } catch {
    // Told below.
  }
  throw new StartError(`${path} is damaged: delete the data folder to start anew.`)
}
