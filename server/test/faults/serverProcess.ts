import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../src/config.ts'
import { freePort } from '../../src/dev/embeddedPostgres.ts'
import { bytesToHex, type Hex, hexToBytes } from '../../src/domain/hex.ts'
import { type Roles, startProgram } from '../../src/program.ts'
import { FAULT_POINT, type FaultPoint } from './killPoints.ts'

/** What a server is started with; `point` is where it ends itself, null for one that runs until it is ended. */
export type ServerOptions = {
  config: Pick<Config, 'secretKey' | 'chains'> & { databaseUrl: string }
  roles?: Roles
  point?: FaultPoint | null
}

/** The program in a process of its own, which ends with the one that started it. */
export type ServerProcess = {
  readonly pid: number
  /** Where it answers; empty without the role `api`, or when it reached its point before it was ready. */
  readonly url: string
  /** Resolves with its point when the process reaches it. */
  readonly reached: Promise<FaultPoint>
  /** Resolves with the exit code, or the name of the signal that ended the process. */
  readonly exited: Promise<number | string>
  readonly isRunning: () => boolean
  /** The warnings and errors that it logged, a line of JSON each. */
  readonly log: () => string
  /** Sends a signal; SIGKILL and SIGTERM also wait for the end. */
  readonly signal: (signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT') => Promise<void>
}

/** A process that has loaded the program and waits to be told to start it. */
export type PreparedServer = { start: () => Promise<ServerProcess>; discard: () => Promise<void> }

type Message = { url?: string; point?: FaultPoint }

const LOGGED_MAX = 1_000
const running = new Set<() => Promise<void>>()

/** Ends every server of this test file that still runs. */
export async function endServers(): Promise<void> {
  await Promise.all([...running].map(end => end()))
}

/** Starts the program and resolves when it is ready; rejects with its log when it ends before. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  return await prepareServer(options).start()
}

/** Loads the program in a new process, so that starting it later is quick. */
export function prepareServer({ config, roles, point }: ServerOptions): PreparedServer {
  const child = spawn(
    process.execPath,
    ['--import', new URL('killPoints.ts', import.meta.url).href, fileURLToPath(import.meta.url)],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, [FAULT_POINT]: point ? JSON.stringify(point) : '' },
    },
  )
  guard(child)
  const exited = once(child, 'exit').then(([code, signal]): number | string => code ?? signal)
  const isRunning = () => child.exitCode === null && child.signalCode === null
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (isRunning()) child.kill(signal)
    await exited
  }
  const discard = () => end('SIGKILL')
  running.add(discard)
  exited.then(() => running.delete(discard))
  const lines: string[] = []
  createInterface({ input: child.stderr }).on('line', line => {
    lines.push(line)
    if (lines.length > LOGGED_MAX) lines.shift()
  })
  const ready = Promise.withResolvers<string>()
  const reached = Promise.withResolvers<FaultPoint>()
  createInterface({ input: child.stdout }).on('line', line => {
    const message: Message = JSON.parse(line)
    if (message.url !== undefined) ready.resolve(message.url)
    if (message.point !== undefined) reached.resolve(message.point)
  })
  // What was told before the end is read to its end first.
  once(child, 'close').then(() => ready.reject(new Error(`the server ended too early:\n${lines.join('\n')}`)))
  ready.promise.catch(() => undefined)
  child.stdin.on('error', () => undefined)
  return {
    discard,
    start: async () => {
      child.stdin.write(`${JSON.stringify({ ...config, secretKey: bytesToHex(config.secretKey), roles })}\n`)
      const url = await Promise.race([ready.promise, reached.promise.then(() => '')])
      return {
        pid: child.pid ?? 0,
        url,
        reached: reached.promise,
        exited,
        isRunning,
        log: () => lines.join('\n'),
        signal: async signal => {
          if (signal === 'SIGKILL' || signal === 'SIGTERM') await end(signal)
          else child.kill(signal)
        },
      }
    },
  }
}

/** Kills the process when this one is gone, however it went: one that stands still would not notice. */
function guard(child: ChildProcess): void {
  const watcher = spawn('/bin/sh', ['-c', 'cat >/dev/null; kill -KILL "$1"', 'guard', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.stdin.on('error', () => undefined)
  child.once('exit', () => {
    watcher.kill('SIGKILL')
    watcher.stdin.destroy()
  })
}

async function run(line: string): Promise<void> {
  const given: Pick<Config, 'chains'> & { databaseUrl: string; secretKey: Hex; roles?: Roles } = JSON.parse(line)
  const { roles = { api: true, worker: true } } = given
  const port = await freePort()
  const program = await startProgram(
    {
      mode: 'test',
      host: '127.0.0.1',
      port,
      databaseUrl: given.databaseUrl,
      dataDir: '',
      publicUrl: `http://127.0.0.1:${port}`,
      secretKey: hexToBytes(given.secretKey),
      chains: given.chains,
      rateSources: [],
      gasKey: null,
      webhookAllowedHosts: [],
      email: null,
      rateLimitPerS: null,
      payerRateLimitPerS: null,
      trustedProxies: 0,
      maxConnections: 10,
      logLevel: 'warn',
    },
    roles,
  )
  process.once('SIGTERM', () => program.stop().then(() => process.exit(0)))
  process.stdout.write(`${JSON.stringify({ url: program.url ?? '' })}\n`)
}

if (import.meta.main) {
  const input = createInterface({ input: process.stdin })
  input.once('line', run)
  // The other end is held by the test: whatever ends that, this process goes too.
  input.once('close', () => process.exit(1))
}
