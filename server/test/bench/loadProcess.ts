import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What became of one round of load: how long it took, and each request's latency. */
export type LoadResult = { seconds: number; latenciesMs: number[] }

/** One round: so many requests over so many connections, each sent when the one before was answered. */
export type LoadRound = { requests: number; connections: number; isOnce: boolean }

/** A process that makes load, so that the one that measures and the one that is measured have the rest of the machine. */
export type LoadProcess = { run: (round: LoadRound) => Promise<LoadResult>; stop: () => Promise<void> }

/** Starts the program `file` of this folder, which calls `serveLoad`, with `options` as its only argument. */
export function startLoad(file: string, options: object): LoadProcess {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(options)])
  const exited = once(child, 'exit')
  return {
    run: async round => {
      child.send(round)
      const failed = exited.then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`)))
      const [result] = await Promise.race([once(child, 'message'), failed])
      failed.catch(() => undefined)
      return result as LoadResult
    },
    stop: async () => {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

/** Runs each round that the parent asks for, until the parent hangs up; `prepare` is not counted, `send` makes one request. */
export function serveLoad(load: {
  prepare: (round: LoadRound) => Promise<void>
  send: (connection: number, request: number) => Promise<void>
}): void {
  process.on('message', (round: LoadRound) => {
    runRound(load, round).then(
      result => process.send?.(result),
      error => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.on('disconnect', () => process.exit())
}

async function runRound(load: Parameters<typeof serveLoad>[0], round: LoadRound): Promise<LoadResult> {
  await load.prepare(round)
  const latenciesMs = new Array<number>(round.requests).fill(0)
  let next = 0
  const beganAt = performance.now()
  const connect = async (connection: number) => {
    while (next < round.requests) {
      const request = next++
      const sentAt = performance.now()
      await load.send(connection, request)
      latenciesMs[request] = performance.now() - sentAt
    }
  }
  await Promise.all(Array.from({ length: round.connections }, (_, connection) => connect(connection)))
  return { seconds: (performance.now() - beganAt) / 1_000, latenciesMs }
}
