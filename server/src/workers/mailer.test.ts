import assert from 'node:assert/strict'
import test, { type TestContext as T } from 'node:test'
import { type SmtpReceiver, startSmtpReceiver } from '../../test/harness/smtpReceiver.ts'
import { type EmailConfig, readEmailConfig } from '../emailConfig.ts'
import { createMailer, type Mail } from './mailer.ts'

const MAIL: Mail = {
  id: '0199aa00-0000-7000-8000-000000000001',
  recipient: 'ada@example.com',
  cc: [],
  replyTo: null,
  subject: 'Receipt',
  text: 'You paid.',
  html: '<p>You paid.</p>',
  attachments: [],
}

function open(t: T, { port }: { port: number }, changes: Partial<EmailConfig> = {}) {
  const { email } = readEmailConfig(`smtp://127.0.0.1:${port}`, 'Example Pay <pay@example.com>')
  assert.ok(email)
  const mailer = createMailer({ ...email, ...changes })
  t.after(() => mailer.close())
  return mailer
}

async function receive(t: T, options: Parameters<typeof startSmtpReceiver>[0] = {}): Promise<SmtpReceiver> {
  const receiver = await startSmtpReceiver(options)
  t.after(receiver.stop)
  return receiver
}

/** The value of a header of the message, its folds undone. */
function header({ source }: { source: string }, name: string): string | undefined {
  const head = source.split('\r\n\r\n')[0]?.replaceAll(/\r\n[ \t]+/g, ' ') ?? ''
  return head
    .split('\r\n')
    .find(line => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))
    ?.slice(name.length + 2)
}

/** What encoded words of a header say (RFC 2047). */
function decoded(value = ''): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_all, kind: string, text: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('utf8')
        : decodeURIComponent(text.replaceAll('_', ' ').replaceAll('=', '%')),
    )
}

test('a message arrives with its parts, its files, and names in any script', async t => {
  const receiver = await receive(t)
  const pdf = Buffer.from('%PDF-1.7 a paper').toString('base64')
  const failure = await open(t, receiver).send({
    ...MAIL,
    cc: ['bob@example.com'],
    replyTo: 'shop@example.com',
    subject: 'Beleg für Läden 🛍 und 喫茶店',
    attachments: [{ name: 'Rechnung №1.pdf', contentType: 'application/pdf', content: pdf }],
  })
  assert.equal(failure, null)
  const [mail] = receiver.mails
  assert.ok(mail)
  assert.deepEqual([mail.from, mail.to], ['pay@example.com', ['ada@example.com', 'bob@example.com']])
  assert.equal(decoded(header(mail, 'Subject')), 'Beleg für Läden 🛍 und 喫茶店')
  assert.equal(header(mail, 'From'), 'Example Pay <pay@example.com>')
  assert.equal(header(mail, 'Cc'), 'bob@example.com')
  assert.equal(header(mail, 'Reply-To'), 'shop@example.com')
  assert.equal(header(mail, 'Message-ID'), `<${MAIL.id}@example.com>`)
  assert.equal(header(mail, 'Auto-Submitted'), 'auto-generated')
  for (const type of ['multipart/mixed', 'multipart/alternative', 'text/plain', 'text/html', 'application/pdf']) {
    assert.ok(mail.source.includes(`Content-Type: ${type}`), type)
  }
  assert.ok(mail.source.replaceAll('\r\n', '').includes(pdf))
  assert.ok(mail.isSecure, 'what offers STARTTLS is taken up on it')
})

test('C5.4: what could begin another header or name another address is not sent at all', async t => {
  const receiver = await receive(t)
  const mailer = open(t, receiver)
  const bad = 'x@y.example\r\nBcc: eve@example.com'
  const wrong: Partial<Mail>[] = [
    { recipient: bad },
    { cc: ['bob@example.com', bad] },
    { replyTo: bad },
    { recipient: 'ada@example.com, eve@example.com' },
    { cc: Array.from({ length: 11 }, (_, index) => `a${index}@example.com`) },
  ]
  for (const changes of wrong) {
    const failure = await mailer.send({ ...MAIL, ...changes })
    assert.deepEqual([failure?.retryable, receiver.mails.length], [false, 0], JSON.stringify(changes))
  }
  const injected = 'Hello\r\nBcc: eve@example.com\r\n\r\nGone'
  const file = { name: `a.pdf"\r\nX-Evil: 1`, contentType: 'application/pdf', content: '' }
  assert.equal(await mailer.send({ ...MAIL, subject: injected, attachments: [file] }), null)
  const [mail] = receiver.mails
  assert.ok(mail)
  assert.deepEqual(mail.to, ['ada@example.com'])
  assert.deepEqual([header(mail, 'Bcc'), header(mail, 'X-Evil')], [undefined, undefined])
  assert.equal(header(mail, 'Subject'), 'Hello Bcc: eve@example.com Gone')
  assert.doesNotMatch(mail.source, /^X-Evil/m)
})

test('beyond this machine nothing is sent without TLS, or with a certificate that nobody vouches for', async t => {
  const login = { user: 'pay', password: 'hunter2' }
  const seen: string[] = []
  const onAuth: NonNullable<Parameters<typeof startSmtpReceiver>[0]>['onAuth'] = ({ password }, _session, done) => {
    seen.push(password ?? '')
    done(null, { user: 'pay' })
  }
  const clear = await receive(t, { disabledCommands: ['STARTTLS'], onAuth })
  const selfSigned = await receive(t, { disabledCommands: [], onAuth })
  const far = { isLoopback: false, login }
  for (const receiver of [clear, selfSigned]) {
    const failure = await open(t, receiver, far).send(MAIL)
    assert.ok(failure?.retryable)
    assert.doesNotMatch(failure.error, /hunter2/)
    assert.deepEqual([receiver.mails, seen], [[], []])
  }
  assert.equal(await open(t, selfSigned, { login }).send(MAIL), null)
  assert.deepEqual([selfSigned.mails[0]?.isSecure, seen], [true, ['hunter2']])
  const tls = await receive(t, { secure: true, disabledCommands: [], onAuth })
  assert.equal((await open(t, tls, { ...far, isTls: true }).send(MAIL))?.retryable, true)
  assert.equal(await open(t, tls, { login, isTls: true }).send(MAIL), null)
})

test('a login that is refused is told without the password, and may work later; a refused recipient may not', async t => {
  const locked = await receive(t, {
    disabledCommands: [],
    onAuth: ({ password }, _session, done) => done(Object.assign(new Error(`not ${password}`), { responseCode: 535 })),
  })
  const failure = await open(t, locked, { login: { user: 'pay', password: 'hunter2' } }).send(MAIL)
  assert.ok(failure?.retryable)
  assert.match(failure.error, /535/)
  assert.doesNotMatch(failure.error, /hunter2/)
  const refuse = (responseCode: number): Parameters<typeof startSmtpReceiver>[0] => ({
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such mailbox'), { responseCode })),
  })
  assert.deepEqual((await open(t, await receive(t, refuse(550))).send(MAIL))?.retryable, false)
  assert.deepEqual((await open(t, await receive(t, refuse(450))).send(MAIL))?.retryable, true)
  const { port, stop } = await startSmtpReceiver()
  await stop()
  assert.equal((await open(t, { port }).send(MAIL))?.retryable, true)
})
