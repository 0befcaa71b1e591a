import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { ALL_WELL } from './chainHealth.ts'
import { chainTrouble } from './chainTrouble.ts'

const now = new Date('2026-11-23T08:00:00Z')
const ago = (ms: number) => new Date(now.getTime() - ms)
const config = { ...testChainConfig(), blockTimeMs: 15_000 }
const well = { health: ALL_WELL, readTo: ago(1_000), nodes: [] }

test('blocks that were read long ago are told where newer ones must be there, and nothing else is the reason', () => {
  assert.equal(chainTrouble(config, well, now), null)
  assert.equal(chainTrouble(config, { ...well, readTo: ago(150_000) }, now), null)
  assert.deepEqual(chainTrouble(config, { ...well, readTo: ago(150_001) }, now)?.readTo, ago(150_001))
  assert.equal(chainTrouble({ ...config, blockTimeMs: null }, { ...well, readTo: ago(150_001) }, now), null)
  const health = { ...ALL_WELL, chains: new Map([[80001, [{ reason: 'halted' as const, since: ago(5_000) }]]]) }
  const halted = chainTrouble(config, { ...well, health, readTo: ago(150_001) }, now)
  assert.deepEqual([halted?.readTo, halted?.health.reason], [null, 'halted'])
})

test('a node is told of once it has been wrong for two minutes', () => {
  const node = (problem: string | null, ms: number) => ({ name: 'node', problem, since: ago(ms) })
  const told = (...nodes: ReturnType<typeof node>[]) => chainTrouble(config, { ...well, nodes }, now)?.nodes
  assert.equal(told(node(null, 500_000), node('timeout', 120_000)), undefined)
  assert.deepEqual(told(node('lie', 120_001), node('timeout', 1)), [node('lie', 120_001)])
})
