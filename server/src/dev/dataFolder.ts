import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { rememberedPlace } from './embeddedPostgresUser.ts'
import { readPid, StartError } from './process.ts'

/** A folder that this process alone uses, until `close` or its own end, however it ends. */
export type DataFolder = {
  /** Absolute path. */
  readonly path: string
  /** Gives the folder back; a temporary one is removed. Call it after everything that writes there has stopped. */
  close(): void
}

const TEMPORARY = 'bitstream-'
const FRESH_MS = 60_000

/** Opens a data folder, made at the first start; throws `StartError` that names the process which has it open, or says why it cannot be used. */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder)
  try {
    // Not 0700: PostgreSQL may have to run as another user, who must be able to pass. Secrets inside are 0600.
    mkdirSync(path, { recursive: true, mode: 0o711 })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new StartError(`The data folder ${path} cannot be used (${reason(cause)}): choose another one with --data.`, {
      cause,
    })
  }
  const unlock = lock(path)
  return { path, close: unlock }
}

/** Opens a new folder in the system's temporary folder, removed by `close` or at exit; those that killed processes left are removed first. */
export function openTemporaryFolder(): DataFolder {
  removeAbandoned()
  const path = mkdtempSync(join(tmpdir(), TEMPORARY))
  chmodSync(path, 0o711)
  const unlock = lock(path)
  const close = () => {
    process.off('exit', close)
    unlock()
    remove(path)
  }
  process.on('exit', close)
  return { path, close }
}

// SQLite's lock is the kernel's: it is free again when its process has ended, which a file with a process id cannot promise.
function lock(path: string): () => void {
  const pidFile = join(path, 'pid')
  let database: DatabaseSync
  try {
    database = new DatabaseSync(join(path, 'lock'), { timeout: 0 })
    database.exec('begin exclusive')
  } catch (cause) {
    const busy = cause instanceof Error && 'errcode' in cause && cause.errcode === 5
    const message = busy
      ? `The data folder ${path} is in use by process ${readPid(pidFile)}: stop that process, or use another --data.`
      : `The data folder ${path} cannot be locked (${reason(cause)}): delete the file lock in it.`
    throw new StartError(message, { cause })
  }
  writeFileSync(pidFile, `${process.pid}\n`)
  return () => {
    if (database.isOpen) database.close()
  }
}

function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(TEMPORARY)) continue
    const path = join(tmpdir(), name)
    try {
      const created = statSync(join(path, 'lock'))
      // A folder that is being made in this moment is not locked yet.
      if (created.uid !== process.getuid?.() || Date.now() - created.mtimeMs < FRESH_MS) continue
      lock(path)()
      remove(path)
    } catch {
      // In use, or not one of ours.
    }
  }
}

function remove(path: string): void {
  try {
    const place = rememberedPlace(join(path, 'postgres'))
    if (place !== null) rmSync(place, { recursive: true, force: true })
    rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // Something still writes there: the next start removes it.
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
