import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { textLines } from './textLines.ts'
import { runsOf } from './typeface.ts'

// Every character is 5 points wide.
const measure = ({ text }: { text: string }) => [...text].length * 5
const textsOf = (text: string, width: number) =>
  textLines(text, width, measure).map(({ runs }) => runs.map(run => run.text).join(''))

test('lines break between words, at line ends, and inside words that are too long', () => {
  assert.deepEqual(textsOf('one two three', 35), ['one two', 'three'])
  assert.deepEqual(textsOf('one\n\ntwo', 35), ['one', '', 'two'])
  assert.deepEqual(textsOf('a abcdefghij b', 20), ['a', 'abcd', 'efgh', 'ij b'])
  assert.deepEqual(textsOf('', 20), [''])
})

test('no line is wider than asked for, and nothing but blanks is lost', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zßЖΩ \n]{0,80}$/), fc.integer({ min: 5, max: 60 }), (text, width) => {
      const lines = textLines(text, width, measure)
      for (const line of lines) assert.ok(line.width <= width)
      assert.equal(textsOf(text, width).join('').replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''))
    }),
  )
})

test('a run is of one script, and its text is whole', () => {
  assert.deepEqual(runsOf('Søn Ромашка №1'), [
    { script: 'latin', text: 'Søn ' },
    { script: 'cyrillic', text: 'Ромашка' },
    { script: 'latin', text: ' ' },
    { script: 'cyrillic', text: '№' },
    { script: 'latin', text: '1' },
  ])
  assert.equal(runsOf('漢字'.repeat(100)).length, 1, 'what no script has is one run of boxes')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      assert.equal(
        runsOf(text)
          .map(run => run.text)
          .join(''),
        text,
      )
    }),
  )
})

test('a long word is measured a few times, however long it is', () => {
  let measured = 0
  const counting = (run: Parameters<typeof measure>[0]) => {
    measured += run.text.length
    return measure(run)
  }
  const word = 'a'.repeat(20_000)
  const lines = textLines(word, 100, counting)
  assert.equal(lines.flatMap(({ runs }) => runs.map(({ text }) => text)).join(''), word)
  assert.ok(measured <= 4 * word.length + 100, `${measured}`)
})
