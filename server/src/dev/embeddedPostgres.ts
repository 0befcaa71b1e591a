import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { findPostgres } from './binaries.ts'
import { giveToPostgres, type PostgresHome, postgresHome } from './embeddedPostgresUser.ts'
import {
  commandLine,
  isRunning,
  previousProcessGone,
  type RunningProcess,
  readPid,
  StartError,
  startProcess,
} from './process.ts'

/** A PostgreSQL server on the loopback address; `url` is that of its owner and names the database `bitstream`. */
export type Postgres = {
  readonly url: string
  readonly port: number
  /** Resolves when the server has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** Shuts the server down, clients or not; resolves within 5 s. */
  stop(): Promise<void>
}

/** `durable: false` gives up what a crash of the machine would lose, for speed in tests. */
export type PostgresOptions = { dataDir: string; port?: number; durable: boolean }

const DATABASE = 'bitstream'
// Higher than any process id, so that no process answers to it.
const NO_PROCESS = 2_147_483_646

/**
 * Starts PostgreSQL on `dataDir`, which is created at the first start together with the database `bitstream`; a free port
 * unless `port` is given. Throws `StartError` when the port is taken, or the folder is damaged or in use.
 */
export async function startPostgres({ dataDir: folder, port, durable }: PostgresOptions): Promise<Postgres> {
  const dataDir = resolve(folder)
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const home = postgresHome(dataDir, findPostgres())
  const data = join(home.folder, 'pg')
  await previousProcessGone('The database', join(data, 'postmaster.pid'), data)
  forgetDeadServer(data)
  const password = readPassword(dataDir, existsSync(data))
  if (!existsSync(data)) await initialise(home, data, password, durable)
  const server = await listen(home, data, port, durable)
  const url = `postgres://postgres:${password}@127.0.0.1:${server.port}/${DATABASE}`
  try {
    await createDatabase(url)
  } catch (cause) {
    await server.running.stop()
    throw damaged(dataDir, cause)
  }
  return { url, port: server.port, exited: server.running.exited, stop: server.running.stop }
}

/** A port on 127.0.0.1 that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolvePort(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function readPassword(dataDir: string, initialised: boolean): string {
  const file = join(dataDir, 'password')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  if (initialised) throw damaged(dataDir, new Error('the file password is missing'))
  const password = randomBytes(24).toString('hex')
  writeFileSync(file, `${password}\n`, { mode: 0o600 })
  return password
}

// A second name until it is complete: a start that was killed half-way leaves nothing that looks like a database.
async function initialise(home: PostgresHome, data: string, password: string, durable: boolean): Promise<void> {
  const unfinished = `${data}.new`
  const passwordFile = join(home.folder, 'password.initdb')
  for (const path of [unfinished, passwordFile]) rmSync(path, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  for (const path of [unfinished, passwordFile]) giveToPostgres(path, home)
  try {
    const running = await startProcess({
      name: 'initdb',
      command: command(home, home.initdb, [
        ...['-D', unfinished, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
        ...['--encoding=UTF8', ...locale(home)],
        ...(durable ? [] : ['--no-sync']),
      ]),
      ready: /^Success/,
    })
    await running.exited
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(unfinished, data)
}

// The built-in locale needs no locale of the machine, but came with PostgreSQL 17.
function locale({ postgres }: PostgresHome): string[] {
  const major = Number.parseInt(/\d+/.exec(execFileSync(postgres, ['--version'], { encoding: 'utf8' }))?.[0] ?? '', 10)
  return major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C']
}

async function listen(
  home: PostgresHome,
  data: string,
  wantedPort: number | undefined,
  durable: boolean,
): Promise<{ running: RunningProcess; port: number }> {
  const flag = durable ? 'on' : 'off'
  for (let attempt = 1; ; attempt++) {
    const port = wantedPort ?? (await freePort())
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      port: String(port),
      max_connections: '200',
      timezone: 'UTC',
      log_line_prefix: '',
      fsync: flag,
      synchronous_commit: flag,
      full_page_writes: flag,
    }
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    try {
      const running = await startProcess({
        name: 'PostgreSQL',
        command: command(home, home.postgres, ['-D', data, ...args]),
        ready: /database system is ready to accept connections/,
      })
      return { running, port }
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      if (!/could not bind/.test(error.output)) throw damaged(data, error)
      if (wantedPort !== undefined)
        throw new StartError(`Port ${port} for PostgreSQL is in use: choose another one.`, { cause: error })
      if (attempt === 3) throw error
    }
  }
}

function command({ prefix }: PostgresHome, program: string, args: readonly string[]): [string, ...string[]] {
  const [first, ...rest] = [...prefix, program, ...args]
  return [first ?? program, ...rest]
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href })
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}

/**
 * PostgreSQL takes any process with the id that its lock file names for a running server: a zombie, or another program
 * that got the number after a crash. An id that no process has leaves its own check, by shared memory, in force.
 */
function forgetDeadServer(data: string): void {
  const file = join(data, 'postmaster.pid')
  const pid = readPid(file)
  if (pid === null || (isRunning(pid) && commandLine(pid).includes(data))) return
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, [NO_PROCESS, ...rest].join('\n'))
}

function damaged(folder: string, cause: Error | unknown): StartError {
  const output = cause instanceof StartError ? cause.output : ''
  const reason =
    output.split('\n').find(line => /FATAL|PANIC/.test(line)) ?? (cause instanceof Error ? cause.message : '')
  return new StartError(
    `The database in ${folder} cannot be opened (${reason.replace(/^\w+:\s+/, '')}): restore the folder, or delete it to start anew.`,
    { output, cause },
  )
}
