import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Report, Task } from './seedProcess.ts'

/** Processes that run tasks, each with a database of its own; PostgreSQL and its template must be there. */
export type Runners = { run: (task: Task) => Promise<Report>; stop: () => Promise<void> }

/** Starts `count` processes that run the program in `root`, the folder of `server`; this checkout's unless told. */
export function startRunners(count: number, root = fileURLToPath(new URL('../../', import.meta.url))): Runners {
  const idle = Array.from({ length: count }, () => startRunner(`${root}/test/simulation/seedProcess.ts`))
  const all = [...idle]
  const waiting: ((runner: Runner) => void)[] = []
  const take = () => {
    const runner = idle.pop()
    return runner === undefined ? new Promise<Runner>(resolve => waiting.push(resolve)) : Promise.resolve(runner)
  }
  return {
    run: async task => {
      const runner = await take()
      try {
        return await runner.run(task)
      } finally {
        const next = waiting.shift()
        if (next === undefined) idle.push(runner)
        else next(runner)
      }
    },
    stop: async () => {
      await Promise.all(all.map(runner => runner.stop()))
    },
  }
}

type Runner = { run: (task: Task) => Promise<Report>; stop: () => Promise<void> }

function startRunner(program: string): Runner {
  // A copy with a planted bug is loaded once: what Node makes of it is not worth keeping.
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' }
  const child: ChildProcess = fork(program, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  return {
    run: task =>
      new Promise((resolve, reject) => {
        const onExit = () => reject(new Error(`the process of seed ${task.seed} ended`))
        child.once('exit', onExit)
        child.once('message', report => {
          child.off('exit', onExit)
          resolve(report as Report)
        })
        child.send(task)
      }),
    stop: async () => {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}
