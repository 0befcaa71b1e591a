import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEmailConfig } from './emailConfig.ts'

const FROM = 'Example Pay <pay@example.com>'
const problemsOf = (url: string, from = FROM) => readEmailConfig(url, from).problems.map(text => text.split(':')[0])

test('a server is read from its URL, with what is percent-encoded in clear', () => {
  const { email, problems } = readEmailConfig('smtps://pay%40example.com:p%3A%2Fss@mail.example.com', FROM)
  assert.deepEqual(problems, [])
  assert.deepEqual(email, {
    ...{ host: 'mail.example.com', port: 465, isTls: true, isLoopback: false },
    login: { user: 'pay@example.com', password: 'p:/ss' },
    from: { name: 'Example Pay', address: 'pay@example.com' },
  })
  const local = readEmailConfig('smtp://[::1]:2525', 'pay@example.com').email
  assert.deepEqual(local, {
    ...{ host: '::1', port: 2525, isTls: false, isLoopback: true, login: null },
    from: { name: '', address: 'pay@example.com' },
  })
  assert.equal(readEmailConfig('smtp://mail.example.com', '"Pay, Inc" <pay@example.com>').email?.from.name, 'Pay, Inc')
})

test('only this machine is this machine: a name that looks like it is not', () => {
  const isLoopback = (host: string) => readEmailConfig(`smtp://${host}`, FROM).email?.isLoopback
  for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '[::1]']) assert.equal(isLoopback(host), true, host)
  for (const host of ['localhost.example.com', '127.0.0.1.example.com', '10.0.0.1', '[::ffff:127.0.0.1]']) {
    assert.equal(isLoopback(host), false, host)
  }
})

test('server and sender are set together or not at all, and a wrong URL is not repeated', () => {
  assert.deepEqual(readEmailConfig('', ''), { email: null, problems: [] })
  assert.deepEqual(problemsOf('', FROM), ['BITSTREAM_SMTP_URL'])
  assert.deepEqual(problemsOf('smtp://mail.example.com', ''), ['BITSTREAM_EMAIL_FROM'])
  const wrong = [
    'https://u:hunter2@mail.example.com',
    'smtp://u@mail.example.com',
    'smtp://:hunter2@mail.example.com',
    'smtps://u:hunter2@mail.example.com/inbox',
    'smtps://u:hunter2@mail.example.com?pool=true',
    'smtps://u:hunter2%@mail.example.com',
    'mail.example.com',
  ]
  for (const url of wrong) {
    const { email, problems } = readEmailConfig(url, FROM)
    assert.equal(email, null)
    assert.equal(problems.length, 1, url)
    assert.doesNotMatch(problems.join(), /hunter2/)
  }
  for (const from of [
    'pay',
    'Pay <pay>',
    'Pay <a@example.com> <b@example.com>',
    'Pay\r\nBcc: <a@example.com>',
    'a@example.com, b@example.com',
  ]) {
    assert.deepEqual(problemsOf('smtps://mail.example.com', from), ['BITSTREAM_EMAIL_FROM'], from)
  }
})
