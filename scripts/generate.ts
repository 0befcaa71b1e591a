import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openTemporaryFolder } from '../server/src/dev/dataFolder.ts'
import { startPostgres } from '../server/src/dev/embeddedPostgres.ts'

/** A program's exit code (1 when a signal ended it) and all that it printed. */
export type Outcome = { code: number; output: string; stdout: string }

/** One generated and committed piece: `run` writes it again, or with `check` fails when the committed one differs. */
export type Generator = { name: string; run(options: { check: boolean }): Promise<Outcome> }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const TYPES = 'server/src/store/schema.ts'
const OPENAPI = 'server/openapi.json'

/** Everything that is generated, in the order in which each may use what comes before it. */
export const generators: readonly Generator[] = [
  { name: 'contracts', run: generateContracts },
  { name: 'database types', run: generateTypes },
  { name: 'openapi.json', run: generateOpenapi },
  { name: 'SDK', run: generateSdk },
  { name: 'docs', run: generateDocs },
]

/** Runs a program of the development tools, or of PATH, in the root of the checkout, without input. */
export function runProgram(command: string, ...args: readonly string[]): Promise<Outcome> {
  const env = {
    ...process.env,
    PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
    // Tools stay within this machine.
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  }
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env })
  let output = ''
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code: code ?? 1, output, stdout }))
  })
}

async function generateContracts({ check }: { check: boolean }): Promise<Outcome> {
  return runProgram('node', 'scripts/generateContracts.ts', ...(check ? ['--check'] : []))
}

// From a database that the migrations have just made, so that the types cannot differ from what runs.
async function generateTypes({ check }: { check: boolean }): Promise<Outcome> {
  const { migrate } = await import('../server/src/store/migrate.ts')
  const folder = openTemporaryFolder()
  const postgres = await startPostgres({ dataDir: join(folder.path, 'postgres'), durable: false })
  try {
    await migrate(postgres.url)
    return await runProgram(
      'kysely-codegen',
      ...['--dialect', 'postgres', '--url', postgres.url, '--out-file', TYPES],
      ...['--default-schema', 'public', '--include-pattern', 'public.*', '--exclude-pattern', 'public.kysely_*'],
      ...['--type-mapping', JSON.stringify({ int8: 'bigint', numeric: 'string' })],
      ...(check ? ['--verify'] : []),
    )
  } finally {
    await postgres.stop()
    folder.close()
  }
}

async function generateOpenapi({ check }: { check: boolean }): Promise<Outcome> {
  const outcome = await runProgram('node', 'server/src/main.ts', 'openapi')
  if (outcome.code !== 0) return outcome
  const path = join(ROOT, OPENAPI)
  if (!check) writeFileSync(path, outcome.stdout)
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== outcome.stdout) {
    return { ...outcome, code: 1, output: `${OPENAPI} differs from the routes: run npm run generate` }
  }
  return outcome
}

async function generateSdk({ check }: { check: boolean }): Promise<Outcome> {
  return runProgram('node', 'scripts/generateSdk.ts', ...(check ? ['--check'] : []))
}

async function generateDocs({ check }: { check: boolean }): Promise<Outcome> {
  return runProgram('node', 'scripts/generateDocs.ts', ...(check ? ['--check'] : []))
}

if (import.meta.main) {
  for (const { name, run } of generators) {
    const { code, output } = await run({ check: false })
    console.log(`${code === 0 ? '✔' : '✘'} ${name}${code === 0 ? '' : `\n${output}`}`)
    if (code !== 0) process.exit(1)
  }
}
