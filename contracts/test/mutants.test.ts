/**
 * Planted faults: each guard of the factory is taken out of its source, and the forge tests named for it must turn red.
 * The unchanged source is green, so what turned them red is the fault.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Hex } from 'viem'
import { compileContract, readSources } from '../compileContract.ts'
import { foundryBinary } from '../foundryBinary.ts'

const SOURCE = 'src/DepositFactory.sol'

type Mutant = { name: string; from: string; to: string; suite: string; red: readonly string[] }

const MUTANTS: readonly Mutant[] = [
  {
    name: 'the outer gas check is removed',
    from: 'if (!paid && reason != ShareFailed.selector) revert GasTooLow(available, (cap * 64) / 63 + MARGIN);',
    to: 'available;',
    suite: 'Starvation',
    red: ['test_three_native', 'test_three_token', 'test_three_with_one_refusal'],
  },
  {
    name: 'the inner gas check is removed',
    from: 'revert GasTooLow(available, PAY_NEEDS);',
    to: '',
    suite: 'Starvation',
    red: ['test_single_native', 'test_single_token_transfer', 'test_batch_native', 'test_three_native'],
  },
  {
    name: 'the gas check of balances is removed',
    from: 'if (!known && available < BALANCE_NEEDS) revert GasTooLow(available, BALANCE_NEEDS);',
    to: 'available;',
    suite: 'Starvation',
    red: ['test_single_token_balance'],
  },
  {
    name: 'the gas of a payment does not cover the cap of its transfer',
    from: 'PAY_GAS = 300_000',
    to: 'PAY_GAS = 195_000',
    suite: 'Starvation',
    red: ['test_single_native'],
  },
  {
    name: 'the lock is removed',
    from: 'if (sweeping != 0) revert Reentered();',
    to: '',
    suite: 'Reentrancy',
    red: ['test_receiver_that_swallows_the_refusal_gets_his_share_and_no_more'],
  },
  {
    name: 'the lock is never opened again',
    from: 'sweeping = 0;',
    to: '',
    suite: 'Reentrancy',
    red: ['test_lock_ends_with_the_call'],
  },
  {
    name: 'the byte of success is ignored',
    from: 'paid := and(paid, eq(returndatasize(), 1))',
    to: '',
    suite: 'Shares',
    red: ['test_blocked_partner_blocks_nobody', 'test_token_that_fails_twice_stays_whole'],
  },
  {
    name: 'the guard of pay is removed',
    from: 'if (msg.sender != SELF || address(this) == SELF) revert Forbidden(msg.sender);',
    to: '',
    suite: 'Proxy',
    red: [
      'test_pay_is_forbidden_to_strangers_at_the_factory',
      'test_pay_is_forbidden_to_the_factory_at_the_factory',
      'test_pay_is_forbidden_in_foreign_delegators',
    ],
  },
  {
    name: 'pay does not ask who calls',
    from: 'if (msg.sender != SELF || address(this) == SELF)',
    to: 'if (address(this) == SELF)',
    suite: 'Proxy',
    red: ['test_pay_is_forbidden_in_foreign_delegators'],
  },
  {
    name: 'pay does not ask where it runs',
    from: 'if (msg.sender != SELF || address(this) == SELF)',
    to: 'if (msg.sender != SELF)',
    suite: 'Proxy',
    red: ['test_pay_is_forbidden_to_the_factory_at_the_factory'],
  },
  {
    name: 'the guard of payShares is removed',
    from: 'if (msg.sender != SELF || address(this) != SELF) revert Forbidden(msg.sender);',
    to: '',
    suite: 'Proxy',
    red: ['test_pay_is_forbidden_to_strangers_at_the_factory'],
  },
  {
    name: 'the proxy lets everybody in',
    from: 'PROXY_TAIL = 0x18602757',
    to: 'PROXY_TAIL = 0x18505f50',
    suite: 'Proxy',
    red: ['test_strangers_cannot_pay_through_the_proxy'],
  },
  {
    name: 'the created address is not compared',
    from: 'if (created != deposit) revert DepositMismatch(deposit, created);',
    to: '',
    suite: 'Sweep',
    red: ['test_mismatch_reverts'],
  },
  {
    name: 'the first row serves every chain',
    from: 'if (chainId == 0 || chainId == block.chainid) {',
    to: 'if (i == 0 || chainId == block.chainid) {',
    suite: 'Sweep',
    red: ['test_the_first_row_is_no_default'],
  },
  {
    name: 'what a token returns is ignored',
    from: 'if or(lt(returndatasize(), 32), xor(mload(0), 1)) { revert(0, 0) }',
    to: '',
    suite: 'HostileTokens',
    red: ['test_false', 'test_one_byte', 'test_neither_true_nor_false'],
  },
  {
    name: 'the first receiver gets his share without the rest',
    from: 'rest -= amount;',
    to: 'rest = (balance / SHARES_TOTAL) * rows[0].share;',
    suite: 'Shares',
    red: ['test_zero_shares_are_skipped'],
  },
  {
    name: 'a refused share goes to an address of chain 0',
    from: 'abi.encode(block.chainid, receiver, SHARES_TOTAL)',
    to: 'abi.encode(uint256(0), receiver, SHARES_TOTAL)',
    suite: 'Shares',
    red: ['test_refused_native_share_goes_to_the_partners_own_deposit_address'],
  },
]

/** The factory's creation code, with a fault planted where one is given. */
function creationCode(mutant?: Mutant): Hex {
  const sources = readSources(SOURCE)
  if (mutant !== undefined) {
    const parts = sources[SOURCE]?.content.split(mutant.from) ?? []
    assert.equal(parts.length, 2, `the source holds this once: ${mutant.from}`)
    sources[SOURCE] = { content: parts.join(mutant.to) }
  }
  return `0x${compileContract(SOURCE, sources).evm.bytecode.object}`
}

/** Runs the named tests of a suite against a factory of this code; returns those that ran and those that failed. */
function runTests(suite: string, names: readonly string[], code: Hex): { ran: string[]; failed: string[] } {
  const tests = ['--match-contract', `^(${suite})Test$`, '--match-test', `^(${names.join('|')})\\(`]
  const { stdout, stderr, status } = spawnSync(foundryBinary('forge'), ['test', '--json', ...tests], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      // Apart from what another run of forge compiles meanwhile.
      FOUNDRY_OUT: join(folder, 'out'),
      FOUNDRY_CACHE_PATH: join(folder, 'cache'),
      DEPOSIT_FACTORY_CODE: code,
    },
  })
  assert.ok(stdout.startsWith('{'), `${stdout}\n${stderr}`)
  const suites: Record<string, { test_results: Record<string, { status: string }> }> = JSON.parse(stdout)
  const results = Object.values(suites).flatMap(({ test_results }) => Object.entries(test_results))
  const ran = results.map(([signature]) => signature.replace(/\(.*/, ''))
  const failed = ran.filter((_, index) => results[index]?.[1].status === 'Failure')
  assert.equal(status, failed.length === 0 ? 0 : 1, stderr)
  return { ran, failed }
}

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitstream-mutants-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

describe('planted faults', () => {
  it('none: the named tests are there and green', () => {
    const names = [...new Set(MUTANTS.flatMap(mutant => mutant.red))]
    const suites = [...new Set(MUTANTS.map(mutant => mutant.suite))]
    const { ran, failed } = runTests(suites.join('|'), names, creationCode())
    assert.deepEqual(ran.sort(), names.sort())
    assert.deepEqual(failed, [])
  })

  for (const mutant of MUTANTS) {
    it(mutant.name, () => {
      const { failed } = runTests(mutant.suite, mutant.red, creationCode(mutant))
      assert.deepEqual(failed.sort(), [...mutant.red].sort())
    })
  }
})
