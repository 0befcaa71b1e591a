import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findAnvil } from './binaries.ts'
import { previousProcessGone, type RunningProcess, StartError, startProcess } from './process.ts'

/** A local EVM chain on the loopback address, with ten funded accounts. */
export type LocalChain = {
  readonly rpcUrl: string
  /** Resolves when the chain has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** Saves the state and ends the chain; resolves within 5 s. */
  stop(): Promise<void>
}

/** `mnemonic` gives the funded accounts; without it they are those that every development chain has. */
export type LocalChainOptions = { dataDir: string; chainId: number; port?: number; mnemonic?: string }

/**
 * Starts the chain kept in `dataDir`, a new one at the first start; it mines when a transaction arrives. A free port unless
 * `port` is given. Throws `StartError` when the port is taken, or the saved state is missing, damaged or in use.
 */
export async function startLocalChain(options: LocalChainOptions): Promise<LocalChain> {
  const dataDir = resolve(options.dataDir)
  const anvil = findAnvil()
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const state = join(dataDir, 'state.json')
  const pidFile = join(dataDir, 'pid')
  await previousProcessGone('The local chain', pidFile, state)
  checkState(dataDir, state)
  const running = await run(options, state, pidFile, [
    anvil,
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--chain-id', String(options.chainId)],
    ...['--max-persisted-states', '20', '--cache-path', join(dataDir, 'cache')],
    ...['--state', state, '--state-interval', '5'],
    ...(options.mnemonic === undefined ? [] : ['--mnemonic', options.mnemonic]),
  ])
  const rpcUrl = `http://${running.readyLine.replace(/^.*Listening on /, '').trim()}`
  await disableLog(rpcUrl)
  return {
    rpcUrl,
    exited: running.exited,
    stop: async () => {
      await running.stop()
      rememberState(dataDir, state)
    },
  }
}

async function run(
  { port, chainId }: LocalChainOptions,
  state: string,
  pidFile: string,
  command: [string, ...string[]],
): Promise<RunningProcess> {
  try {
    return await startProcess({ name: 'The local chain', command, ready: /Listening on/, pidFile })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    if (error.output.includes('Address already in use')) {
      throw new StartError(`Port ${port} for the local chain ${chainId} is in use: choose another one.`, {
        cause: error,
      })
    }
    if (error.output.includes('--state')) throw unusable(state, 'is damaged', error)
    throw error
  }
}

// Written once a saved state was seen: from then on, its absence would silently begin another chain under the same database.
function rememberState(dataDir: string, state: string): void {
  if (existsSync(state)) writeFileSync(join(dataDir, 'saved'), '')
}

function checkState(dataDir: string, state: string): void {
  rememberState(dataDir, state)
  if (existsSync(join(dataDir, 'saved')) && !existsSync(state)) throw unusable(state, 'is missing', null)
}

function unusable(state: string, problem: string, cause: unknown): StartError {
  return new StartError(
    `The saved local chain ${state} ${problem}: restore it, or delete the data folder to start anew.`,
    { cause },
  )
}

// One line for each call would keep the pipe to this process busy.
async function disableLog(rpcUrl: string): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_setLoggingEnabled', params: [false] })
  await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
}
