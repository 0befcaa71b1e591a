import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { headerText, isEmailAddress } from './emailAddress.ts'

test('F44, C5.4: what could begin another header or name another address is no e-mail address', () => {
  const addresses = ['ada@example.com', 'ada+pay@mail.example.co.uk', "o'hara@example.com", 'ünal@münchen.example']
  for (const text of addresses) assert.ok(isEmailAddress(text), text)
  const others = [
    'a@b',
    'x@y.z\r\nBcc: q@example.com',
    'x@y.z\nBcc:q',
    'x@y.z\u0000',
    'x@y.z\u2028',
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    'Ada <ada@example.com>',
    '"a b"@example.com',
    'a@@example.com',
    'a@example..com',
    '@example.com',
    '',
    `${'a'.repeat(243)}@example.com`,
  ]
  for (const text of others) assert.ok(!isEmailAddress(text), JSON.stringify(text))
  assert.ok(isEmailAddress(`${'a'.repeat(242)}@example.com`))
})

test('C5.4: whatever a name holds, a header text is one line', () => {
  assert.equal(headerText('Café\r\nBcc: q@example.com'), 'Café Bcc: q@example.com')
  assert.equal(headerText(' \u0000Ada\t\u2028 Lovelace '), 'Ada Lovelace')
  assert.equal(Array.from(headerText('🛍'.repeat(300))).length, 200)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const line = headerText(text)
      assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029]/u)
      assert.equal(headerText(line), line)
    }),
  )
})
