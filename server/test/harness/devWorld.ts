import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { WorldDescription } from '../../src/dev/testWorld.ts'

const PROGRAM = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** The test world as a process of its own, as a newcomer starts it. */
export type DevWorld = WorldDescription & {
  /** All that the program has printed on standard error so far; '' when nothing went wrong. */
  readonly complaints: () => string
  /** Ends the program and resolves with its exit code, or the name of the signal that ended it. */
  readonly stop: () => Promise<number | string>
}

/** Runs `bitstream prove` on the world that runs in `folder`; resolves with its exit code and all that it printed. */
export async function proveWorld(folder: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [PROGRAM, 'prove', '--data', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const [code] = await once(child, 'close')
  return { code, output }
}

/**
 * Starts `bitstream dev` on a free port, with a temporary folder unless `args` name another (`--data DIR`). Rejects with what the
 * program printed when it ends before it is ready. It ends with this process at the latest.
 */
export async function startDevWorld(args: readonly string[] = ['--ephemeral']): Promise<DevWorld> {
  const child = spawn(process.execPath, [PROGRAM, 'dev', '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // As a script of npm the program ends with its parent, also when that is killed.
    env: { ...process.env, npm_lifecycle_event: 'test' },
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const ended = once(child, 'exit').then(([code, signal]): number | string => code ?? signal)
  const failed = once(child, 'close').then(([code]) => Promise.reject(new Error(`exit ${code}: ${complaints}`)))
  failed.catch(() => undefined)
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed])
  const description: WorldDescription = JSON.parse(line)
  return {
    ...description,
    complaints: () => complaints,
    stop: () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      return ended
    },
  }
}
