import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openDataFolder } from '../../src/dev/dataFolder.ts'
import { startPostgres } from '../../src/dev/embeddedPostgres.ts'
import { startLocalChain } from '../../src/dev/localChain.ts'
import { StartError } from '../../src/dev/process.ts'

/** A process that holds a data folder open, with a database and a chain running on it. */
export type World = {
  readonly pid: number
  readonly databaseUrl: string
  readonly rpcUrl: string
  /** Sends a signal and resolves with the exit code, or the name of the signal that ended the process. */
  end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<number | string>
}

/** Starts that process; rejects with all that it printed when it ends before it is ready. */
export async function startWorld(folder: string, env: Record<string, string> = {}): Promise<World> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const ended = once(child, 'exit').then(([code, signal]): number | string => code ?? signal)
  let problem = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problem += text
  })
  const failed = once(child, 'close').then(([code]) => Promise.reject(new Error(`exit ${code}: ${problem}`)))
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed])
  failed.catch(() => undefined)
  const { databaseUrl, rpcUrl }: { databaseUrl: string; rpcUrl: string } = JSON.parse(line)
  return {
    pid: child.pid ?? 0,
    databaseUrl,
    rpcUrl,
    end: signal => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      return ended
    },
  }
}

async function runWorld(path: string): Promise<void> {
  const folder = openDataFolder(path)
  const [postgres, chain] = await Promise.allSettled([
    startPostgres({ dataDir: join(folder.path, 'postgres'), durable: true }),
    startLocalChain({ dataDir: join(folder.path, 'chain'), chainId: 80001 }),
  ])
  const stop = async () => {
    await Promise.all([postgres, chain].map(one => one.status === 'fulfilled' && one.value.stop()))
    folder.close()
  }
  if (postgres.status === 'rejected' || chain.status === 'rejected') {
    await stop()
    throw postgres.status === 'rejected' ? postgres.reason : chain.status === 'rejected' && chain.reason
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  console.log(JSON.stringify({ databaseUrl: postgres.value.url, rpcUrl: chain.value.rpcUrl }))
}

if (import.meta.main) {
  runWorld(process.argv[2] ?? '').catch(error => {
    if (!(error instanceof StartError)) throw error
    console.error(error.message)
    process.exitCode = 1
  })
}
