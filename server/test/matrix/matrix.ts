import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import rows from './matrix.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const TESTS = ['server/{src,test}/**/*.test.ts', 'sdk/test/**/*.test.ts', 'contracts/test/**/*.test.ts']

/** What callers, the world and the machines may do, by the id of the row: what is expected then, in one phrase. */
export const MATRIX: Readonly<Record<string, string>> = rows

/** Rows that cannot happen yet, and why. */
export const NOT_YET: Readonly<Record<string, string>> = {
  F18: 'bitcoin is paid as a token, which has no least amount; its own network is not served yet',
  F50: 'merchants have no list of allowed hosts: whoever holds a key may send payers to any host',
}

/**
 * The ids that a test's title begins with, as in `F78, B7.8: …`; none where a part before the first colon is no id. A range of ids
 * names nobody.
 */
export function idsOf(title: string): string[] {
  const [head, ...rest] = title.split(':')
  const ids = head?.split(/,? /) ?? []
  return rest.length > 0 && ids.every(id => /^[A-Z]\d+(\.\d+)?$/.test(id)) ? ids : []
}

/** The titles of the tests and groups that run in this source text; those that are skipped are not among them. */
export function titlesOf(source: string): string[] {
  const calls = source.matchAll(/^\s*(?:test|it|describe)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gm)
  return [...calls].map(([, , title = '']) => title)
}

/**
 * The ids that stand first in the rows of this source's tables, `['F1', …]`, where its tests take their ids from tables: where a title
 * begins with `${row}: `.
 */
export function rowIdsOf(source: string): string[] {
  if (!titlesOf(source).some(title => /^\$\{row\}: /.test(title))) return []
  return [...source.matchAll(/\[\s*'([A-Z]\d+(?:\.\d+)?)',/g)].map(([, id = '']) => id)
}

/** The files, relative to the root of the checkout, whose tests name each id in a title. */
export function findProofs(): Map<string, string[]> {
  const proofs = new Map<string, string[]>()
  for (const file of globSync(TESTS, { cwd: ROOT }).sort()) {
    const source = readFileSync(`${ROOT}/${file}`, 'utf8')
    const ids = new Set([...titlesOf(source).flatMap(idsOf), ...rowIdsOf(source)])
    for (const id of ids) proofs.set(id, [...(proofs.get(id) ?? []), file])
  }
  return proofs
}

/** docs/matrix.md: a line for each row, with the files that prove it. */
export function matrixPage(): string {
  const proofs = findProofs()
  const lines = Object.entries(MATRIX).map(([id, expected]) => {
    const files = (proofs.get(id) ?? []).map(file => `[${file.split('/').at(-1)}](../${file})`)
    const reason = NOT_YET[id]
    return `| ${id} | ${expected} | ${reason === undefined ? files.join(', ') : `not yet: ${reason}`} |`
  })
  return `# What may happen, and the test that proves what follows

F1 to F75: what callers may send. F76 to F117: what chains, tokens and nodes may bring. F134 to F151: what receivers of webhooks may
be and answer. F152 to F162: what may come instead of a webhook. F163 to F173: what payers, their browsers and wallets may do. G: what
may fail. The titles of the tests begin with the ids of the rows that they prove; some rows are proven in parts, by several tests. \`npm test\` runs all of them, a few rounds each; \`FAULTS_ROUNDS\` says how
many for those of \`server/test/faults\`, which with hundreds outlast the limits of \`npm test\`:

\`\`\`
FAULTS_ROUNDS=500 npx node --test --test-global-setup=server/test/harness/globalSetup.ts server/test/faults/crash.test.ts
\`\`\`

This file is written by \`npm run generate\` from \`server/test/matrix/matrix.json\`
and the titles.

| Row | Expected | Proven in |
| --- | --- | --- |
${lines.join('\n')}
`
}
