import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

/** What keeps the test world from starting: `message` is one sentence that says what to do, `output` the last log lines of the program that failed (or ''). */
export class StartError extends Error {
  readonly output: string

  constructor(message: string, options: { output?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StartError'
    this.output = options.output ?? ''
  }
}

/** A child process that never outlives this one. */
export type RunningProcess = {
  /** The log line that said the program is ready. */
  readonly readyLine: string
  /** Resolves when the program has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** The newest log lines, at most 20, joined by line feeds. */
  lastLines(): string
  /** Ends the program with SIGINT, after nearly 4 s with SIGKILL; resolves within 5 s, when it is gone. May be called twice. */
  stop(): Promise<void>
}

/** How to start a program: `ready` matches the log line that says it is ready, `pidFile` receives the program's process id. */
export type ProcessOptions = {
  name: string
  command: readonly [string, ...string[]]
  ready: RegExp
  readyTimeoutMs?: number
  env?: Record<string, string>
  pidFile?: string
}

const KEPT_LINES = 20
const STOP_TIMEOUT_MS = 4_700

// Waits on a pipe whose other end this process holds: the kernel closes it however this process ends, kill -9 included.
// The watcher is a process of its own, so killing the shell does not set the program free.
const WATCHDOG = `
exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
[ -z "$WATCHDOG_PID_FILE" ] || echo "$program" >"$WATCHDOG_PID_FILE"
(
  exec >/dev/null 2>&1
  cat <&3
  kill -INT "$program"
  tries=0
  while [ "$tries" -lt 19 ]; do
    kill -0 "$program" || exit 0
    sleep 0.2
    tries=$((tries + 1))
  done
  kill -KILL "$program"
) &
watcher=$!
exec 3<&-
wait "$program"
status=$?
kill "$watcher"
exit "$status"
`

/** Starts a program and resolves when it is ready; throws `StartError` when it ends first or is not ready in time (60 s unless told). */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const child = spawn('/bin/sh', ['-c', WATCHDOG, 'watchdog', ...options.command], {
    // A session of its own: Ctrl-C in a terminal reaches this process only, which then stops its children in order.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      TMPDIR: process.env.TMPDIR ?? '',
      LC_ALL: 'C',
      WATCHDOG_PID_FILE: options.pidFile ?? '',
      ...options.env,
    },
  })
  const lines: string[] = []
  const exited = ended(child)
  const readyLine = await becomesReady(child, exited, lines, options)
  let stopped: Promise<void> | null = null
  return {
    readyLine,
    exited,
    lastLines: () => lines.join('\n'),
    stop: () => {
      stopped ??= stopProcess(child, exited)
      return stopped
    },
  }
}

function becomesReady(
  child: ChildProcess,
  exited: Promise<void>,
  lines: string[],
  { name, ready, readyTimeoutMs = 60_000 }: ProcessOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      fail(`${name} did not start in ${readyTimeoutMs / 1000} s`)
    }, readyTimeoutMs)
    const fail = (message: string) => {
      clearTimeout(timer)
      const output = lines.join('\n')
      const last = lines.at(-1)
      const error = new StartError(last === undefined ? `${message}.` : `${message}: ${last}`, { output })
      stopProcess(child, exited).then(() => reject(error), reject)
    }
    const read = (line: string) => {
      if (line.trim() === '') return
      lines.push(line)
      if (lines.length > KEPT_LINES) lines.shift()
      if (!ready.test(line)) return
      clearTimeout(timer)
      resolve(line)
    }
    for (const stream of [child.stdout, child.stderr]) readLines(stream, read)
    child.once('error', cause => lines.push(cause.message))
    exited.then(() => fail(`${name} ended at once`))
  })
}

function readLines(stream: Readable | null, read: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', read)
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
    // A process that the program left behind may hold the pipes open: its output is not worth waiting for.
    child.once('exit', () => setTimeout(resolve, 200).unref())
  })
}

async function stopProcess(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.stdin?.destroy()
  const timer = setTimeout(() => {
    if (child.pid !== undefined) killGroup(child.pid)
  }, STOP_TIMEOUT_MS)
  await exited
  clearTimeout(timer)
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
}

/** Whether a process with this id runs; a zombie, which only waits to be reaped, does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  if (process.platform !== 'linux') return true
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** The command line of a process, its arguments separated by spaces; '' when it is not running. */
export function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8', stdio: 'pipe' })
  } catch {
    return ''
  }
}

/**
 * Waits until the process whose id stands first in `pidFile` is gone, if it runs on `folder`: after a kill -9 of its
 * parent it takes up to 4 s to save its state. Throws `StartError` when it is still there after 6 s.
 */
export async function previousProcessGone(name: string, pidFile: string, folder: string): Promise<void> {
  const pid = readPid(pidFile)
  if (pid === null) return
  const deadline = performance.now() + 6_000
  while (isRunning(pid) && commandLine(pid).includes(folder)) {
    if (performance.now() > deadline) {
      throw new StartError(
        `${name} in ${folder} is in use by process ${pid}: stop that process, or use another --data.`,
      )
    }
    await delay(20)
  }
}

/** The process id on the first line of a file, or null when there is none. */
export function readPid(pidFile: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10)
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}
