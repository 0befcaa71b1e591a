import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ERROR_HELP } from './errorHelp.ts'
import { ERRORS } from './errors.ts'

test('every code has its help and no other, in the order of the alphabet', () => {
  assert.deepEqual(Object.keys(ERROR_HELP), Object.keys(ERRORS))
  assert.deepEqual(Object.keys(ERRORS), Object.keys(ERRORS).toSorted())
})

test('each help is a few whole sentences in plain text, and does not just repeat its code', () => {
  for (const [code, help] of Object.entries(ERROR_HELP)) {
    assert.match(help, /^[A-Za-z][^<>|`\n]{18,298}[.…]$/, code)
    assert.ok(!help.includes(code), code)
  }
})
