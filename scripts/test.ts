import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { check } from './check.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ALL = [
  'server/src/**/*.test.ts',
  'sdk/test/**/*.test.ts',
  'server/test/!(bench)/**/*.test.ts',
  'contracts/test/**/*.test.ts',
]
const CONTRACTS = fileURLToPath(new URL('../contracts/test/run.ts', import.meta.url))
/** Some 250 processes load the same modules: what Node made of them is kept. */
const COMPILE_CACHE = fileURLToPath(new URL('../.cache/compiled', import.meta.url))
/** Tests wait for blocks, pages and deadlines about as long as they work. */
const FILES_AT_ONCE = availableParallelism() + 1
const FILE_TIMEOUT_MS = 5 * 60_000
const RUN_TIMEOUT_MS = 20 * 60_000

// With arguments only those test files run: files, folders, patterns, or options of node --test.
const selection = process.argv.slice(2)
const everything = selection.length === 0

const checked = everything ? await check() : true
const contracts = everything && existsSync(CONTRACTS) ? await passes(CONTRACTS) : true
const tests = await passes(
  '--test',
  `--test-concurrency=${FILES_AT_ONCE}`,
  `--test-timeout=${FILE_TIMEOUT_MS}`,
  '--test-global-setup=server/test/harness/globalSetup.ts',
  ...(everything ? ALL : selection.map(pattern)),
)

// Said last only when something failed: otherwise the last lines are the counts of the tests.
if (!checked) console.log('npm run check failed: see the lines above the tests.')
if (!contracts) console.log('The tests of the contracts failed: see the lines above the other tests.')
if (!checked || !contracts || !tests) process.exitCode = 1

function passes(...args: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: RUN_TIMEOUT_MS,
    killSignal: 'SIGTERM',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => resolve(code === 0))
  })
}

function pattern(argument: string): string {
  const folder = !argument.startsWith('-') && statSync(argument, { throwIfNoEntry: false })?.isDirectory()
  return folder ? `${argument.replace(/\/$/, '')}/**/*.test.ts` : argument
}
