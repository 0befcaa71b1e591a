/** Creation code is frozen: it is compiled again and compared with what is committed, and a change is noticed. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { copyWorkspace } from './harness/workspaceCopy.ts'

const FILES = [
  'package.json',
  'scripts/generateContracts.ts',
  'contracts/package.json',
  'contracts/foundry.toml',
  'contracts/foundryBinary.ts',
  'contracts/compileContract.ts',
  'contracts/src',
  'contracts/abi',
]

function check(root: string) {
  return spawnSync(process.execPath, [join(root, 'scripts/generateContracts.ts'), '--check'], { encoding: 'utf8' })
}

it('contracts/abi is what contracts/src compiles to', () => {
  const { status, stderr } = check(fileURLToPath(new URL('../..', import.meta.url)))
  assert.equal(status, 0, stderr)
})

it('a changed source or setting is noticed', () => {
  const copy = copyWorkspace(FILES)
  try {
    copy.change('contracts/src/DepositFactory.sol', 'TRANSFER_GAS = 200_000', 'TRANSFER_GAS = 200_001')
    const source = check(copy.root)
    assert.equal(source.status, 1)
    assert.match(source.stderr, /: depositFactory\.ts, depositProxy\.ts$/m)

    copy.change('contracts/src/DepositFactory.sol', 'TRANSFER_GAS = 200_001', 'TRANSFER_GAS = 200_000')
    copy.change('contracts/foundry.toml', 'optimizer_runs = 1000000', 'optimizer_runs = 1')
    assert.equal(check(copy.root).status, 1)
  } finally {
    copy.remove()
  }
})
