/**
 * Runs the forge tests and compares their gas with test/gas; exits 1 where any fails or differs.
 * With `--update-gas` it writes the gas instead. Other arguments go to `forge test`.
 */
import { spawnSync } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { foundryBinary } from '../foundryBinary.ts'

const updateGas = process.argv.includes('--update-gas')
const { status, stdout, stderr, error } = spawnSync(
  foundryBinary('forge'),
  ['test', ...process.argv.slice(2).filter(argument => argument !== '--update-gas')],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: {
      ...process.env,
      // bin/solc is a script: it must run on this Node.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      FORGE_SNAPSHOT_CHECK: updateGas ? 'false' : 'true',
    },
  },
)
if (error !== undefined) throw error

const summary = stdout.match(/^Ran \d+ test suites? .* (\d+) tests passed, \d+ failed.*$/m)
if (status === 0 && Number(summary?.[1]) > 0) {
  console.log(`forge: ${summary?.[0]}`)
} else {
  console.log(stdout)
  console.error(stderr)
  console.error(`forge: failed with status ${status}`)
  process.exitCode = 1
}
