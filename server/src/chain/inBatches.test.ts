import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as later } from 'node:timers/promises'
import fc from 'fast-check'
import { inBatches } from './inBatches.ts'

test('every answer once and in order, whatever order they arrive in, within all bounds', async () => {
  const bounds = fc.record({
    atOnce: fc.integer({ min: 1, max: 5 }),
    ahead: fc.integer({ min: 1, max: 9 }),
    most: fc.integer({ min: 1, max: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(bounds, fc.array(fc.nat({ max: 3 }), { maxLength: 30 }), async (options, delays) => {
      let open = 0
      let asked = 0
      const answers: number[] = []
      const ask = async ([index, turns]: [number, number]) => {
        open += 1
        asked += 1
        assert.ok(open <= options.atOnce, `${open} are asked at once`)
        assert.ok(asked - answers.length <= options.ahead + options.most, `${asked} are asked before ${answers.length}`)
        for (let turn = 0; turn < turns; turn++) await later()
        open -= 1
        return index
      }
      for await (const batch of inBatches(delays.entries(), options, ask)) {
        assert.ok(batch.length >= 1 && batch.length <= options.most, `a list of ${batch.length}`)
        answers.push(...batch)
      }
      assert.deepEqual(answers, [...delays.keys()])
    }),
  )
})

test('what arrives while the caller works comes in one list', async () => {
  const lists: number[][] = []
  for await (const batch of inBatches([1, 2, 3, 4, 5], { atOnce: 2, ahead: 9, most: 9 }, async question => question)) {
    lists.push(batch)
    await later()
  }
  assert.deepEqual(lists.flat(), [1, 2, 3, 4, 5])
  assert.ok(lists.length < 5, `${lists.length} lists`)
})

test('a failure throws in its turn, after the answers before it; nothing is asked after the end', async () => {
  const asked: number[] = []
  const ask = async (question: number) => {
    asked.push(question)
    if (question === 3) throw new Error('no answer to 3')
    return question
  }
  const answers: number[] = []
  const options = { atOnce: 1, ahead: 2, most: 9 }
  const read = async () => {
    for await (const batch of inBatches([1, 2, 3, 4, 5, 6, 7, 8, 9], options, ask)) answers.push(...batch)
  }
  await assert.rejects(read(), /no answer to 3/)
  assert.deepEqual(answers, [1, 2])
  const before = asked.length
  await later()
  assert.equal(asked.length, before)
  for await (const batch of inBatches([1, 2, 3], options, ask)) {
    assert.deepEqual(batch[0], 1)
    break
  }
})

test('while waiting answers weigh too much, nothing more is asked', async () => {
  let asked = 0
  const ask = async (question: number) => {
    asked += 1
    return question
  }
  const weights = fc.array(fc.nat({ max: 5 }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(weights, fc.integer({ min: 1, max: 9 }), async (questions, heaviest) => {
      asked = 0
      const options = { atOnce: 1, ahead: 99, most: 99, heaviest }
      const answers: number[] = []
      for await (const batch of inBatches(questions, options, ask, weight => weight)) {
        answers.push(...batch)
        for (let turn = 0; turn < 40; turn++) await later()
        const waiting = questions.slice(answers.length, asked)
        // Only the last of them may have come to that weight.
        assert.ok(waiting.slice(0, -1).reduce((sum, weight) => sum + weight, 0) < heaviest, `${waiting} wait`)
      }
      assert.deepEqual(answers, questions)
    }),
    { numRuns: 30 },
  )
})
