import { existsSync } from 'node:fs'
import { generators, type Outcome, runProgram } from './generate.ts'

const PAGE_SCRIPTS = 'web/checkout/tsconfig.json'

/** Looks at everything that needs no test: style, layers, types, the lock file, generated files. Prints a line for each; false when one fails. */
export async function check(): Promise<boolean> {
  const results = await Promise.all([
    report('Biome', () => runProgram('biome', 'check', '.')),
    report('types', () => runProgram('tsc', '-p', '.')),
    ...(existsSync(new URL(`../${PAGE_SCRIPTS}`, import.meta.url))
      ? [report('types of the page scripts', () => runProgram('tsc', '-p', PAGE_SCRIPTS))]
      : []),
    report('types of the dashboard', () => runProgram('tsc', '-p', 'web/dashboard')),
    report('types of the SDK', () => runProgram('tsc', '-p', 'sdk')),
    report('OpenAPI rules', () => runProgram('redocly', 'lint', 'server/openapi.json')),
    report('package-lock.json', () => runProgram('node', 'scripts/completeLock.mjs', '--check')),
    ...generators.map(({ name, run }) => report(`${name}, up to date`, () => run({ check: true }))),
  ])
  return results.every(Boolean)
}

async function report(name: string, run: () => Promise<Outcome>): Promise<boolean> {
  const started = performance.now()
  const { code, output } = await run().catch(failed)
  console.log(`${code === 0 ? '✔' : '✘'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  if (code !== 0) console.log(output)
  return code === 0
}

function failed(error: unknown): Outcome {
  return { code: 1, output: error instanceof Error ? error.message : String(error), stdout: '' }
}

if (import.meta.main && !(await check())) process.exitCode = 1
