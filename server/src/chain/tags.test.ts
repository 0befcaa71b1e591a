import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockAfter } from '../../test/harness/fixtures.ts'
import { problemOfTags } from './tags.ts'

const at = (number: bigint, branch = 'a') => blockAfter(null, { number, branch })
const tags = (safe: bigint | null, finalized: bigint | null, branch = 'a') => {
  return { safe: safe === null ? null : at(safe, branch), finalized: finalized === null ? null : at(finalized, branch) }
}

test('B3.1: tags are in the order finalized, safe, head, and finalized never goes back or changes', () => {
  const before = tags(90n, 80n)
  const cases: [string, ReturnType<typeof tags>, string | null][] = [
    ['they go on', tags(95n, 85n), null],
    ['they stand', before, null],
    ['safe alone goes back', tags(85n, 80n), null],
    ['all are one', tags(100n, 100n), null],
    ['there are none', tags(null, null), null],
    ['there is one', tags(null, 85n), null],
    ['finalized goes back', tags(90n, 70n), 'its finalized block went back from 80 to 70'],
    ['finalized is another', tags(90n, 80n, 'b'), 'its finalized block 80 became another one'],
    ['finalized is above safe', tags(90n, 91n), 'its finalized block 91 is above its safe block 90'],
    ['finalized is above the head', tags(null, 101n), 'its finalized block 101 is above its head 100'],
    ['safe is above the head', tags(101n, 90n), 'its safe block 101 is above its head 100'],
  ]
  for (const [name, next, problem] of cases) assert.equal(problemOfTags(before, next, 100n), problem, name)
  assert.equal(problemOfTags(null, tags(90n, 70n), 100n), null, 'the first time')
})
