import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { StartError } from './process.ts'

const NOBODY = 65534
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--']
// Inside this namespace we are nobody, outside the files stay ours: no other user has to reach them.
const IN_NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--']

/** Where PostgreSQL's programs and data are and how this user starts it: `prefix` goes before each command, `folder` holds `pg`, `owner` owns it. */
export type PostgresHome = {
  prefix: readonly string[]
  folder: string
  postgres: string
  initdb: string
  owner: number | null
}

/**
 * Finds a way to run PostgreSQL, which refuses root and users without a name: as the user itself, in a user namespace,
 * or as nobody (then data and programs that nobody cannot reach move to /var/tmp, and `dataDir/place` remembers where).
 */
export function postgresHome(dataDir: string, programs: { postgres: string; initdb: string }): PostgresHome {
  const uid = process.getuid?.() ?? null
  const folder = rememberedPlace(dataDir) ?? dataDir
  if (uid === null || (uid !== 0 && hasName())) return closed({ prefix: [], folder, ...programs, owner: null })
  if (works([...IN_NAMESPACE, 'true'])) return owned({ prefix: IN_NAMESPACE, folder, ...programs, owner: uid })
  if (uid !== 0 || !works([...AS_NOBODY, 'true'])) {
    throw new StartError(
      `PostgreSQL refuses to run as user id ${uid} here: start as an ordinary user, or allow user namespaces (unshare --user).`,
    )
  }
  const reachable = { prefix: AS_NOBODY, folder: reachableFolder(dataDir, folder), owner: NOBODY }
  return owned({ ...reachable, ...reachablePrograms(programs) })
}

/** Gives a file or folder, with all inside, to the user that PostgreSQL runs as. */
export function giveToPostgres(path: string, { owner }: PostgresHome): void {
  if (owner !== null && lstatSync(path).uid !== owner) execFileSync('chown', ['-R', `${owner}:${owner}`, path])
}

/** The folder outside `dataDir` to which the data had to move, or null. */
export function rememberedPlace(dataDir: string): string | null {
  const file = join(dataDir, 'place')
  if (!existsSync(file)) return null
  const place = readFileSync(file, 'utf8').trim()
  if (existsSync(place)) return place
  throw new StartError(
    `The database of ${dataDir} was in ${place}, which is gone: restore it, or delete ${dataDir} to start anew.`,
  )
}

function owned(home: PostgresHome): PostgresHome {
  const data = join(home.folder, 'pg')
  if (existsSync(data)) giveToPostgres(data, home)
  return closed(home)
}

// A copied data folder may have lost its mode, and PostgreSQL refuses one that others can read.
function closed(home: PostgresHome): PostgresHome {
  try {
    chmodSync(join(home.folder, 'pg'), 0o700)
  } catch {
    // Not made yet, or not ours: then PostgreSQL itself says what is wrong with it.
  }
  return home
}

function reachableFolder(dataDir: string, folder: string): string {
  if (folder !== dataDir || works([...AS_NOBODY, 'test', '-x', dataDir])) return folder
  const place = privatePlace(dataDir)
  const data = join(dataDir, 'pg')
  if (existsSync(data)) {
    cpSync(data, join(place, 'pg.new'), { recursive: true })
    renameSync(join(place, 'pg.new'), join(place, 'pg'))
  }
  writeFileSync(join(dataDir, 'place'), `${place}\n`)
  rmSync(data, { recursive: true, force: true })
  return place
}

function reachablePrograms(programs: { postgres: string; initdb: string }): { postgres: string; initdb: string } {
  if (works([...AS_NOBODY, 'test', '-x', programs.postgres])) return programs
  const native = dirname(dirname(programs.postgres))
  const copy = join(privatePlace(native), 'native')
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
    execFileSync('chmod', ['-R', 'a+rX', unfinished])
    renameSync(unfinished, copy)
  }
  return { postgres: join(copy, 'bin', 'postgres'), initdb: join(copy, 'bin', 'initdb') }
}

// Anyone may write to /var/tmp: a folder there is only trusted when it is ours.
function privatePlace(source: string): string {
  const place = `/var/tmp/bitstream-${createHash('sha256').update(source).digest('hex').slice(0, 16)}`
  mkdirSync(place, { recursive: true })
  const stat = lstatSync(place)
  if (stat.isDirectory() && stat.uid === process.getuid?.()) {
    chmodSync(place, 0o711)
    return place
  }
  throw new StartError(`${place} belongs to another user: remove it, or start as an ordinary user.`)
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

function works([command = '', ...args]: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
