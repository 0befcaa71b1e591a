import assert from 'node:assert/strict'
import test, { type TestContext as T } from 'node:test'
import { startSmtpReceiver } from '../../test/harness/smtpReceiver.ts'
import { createTestContext } from '../../test/harness/testContext.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { forgetOldRecords } from '../actions/forgetOldRecords.ts'
import { queueEmail } from '../actions/queueEmail.ts'
import type { Context } from '../context.ts'
import { UpstreamError } from '../domain/errors.ts'
import { readEmailConfig } from '../emailConfig.ts'
import { inOrganization } from '../store/database.ts'
import { startJobs } from './jobs.ts'
import { createMailer, type Mailer } from './mailer.ts'
import { sendEmail } from './sendEmail.ts'

const CONTENT = { subject: 'Beleg über 5 €', text: 'You paid.', html: '<p>You paid.</p>' }
const NEVER = new AbortController().signal

async function openWorld(t: T) {
  const { ctx, organizationId, close } = await createTestContext()
  const ends: (() => Promise<void> | void)[] = [close]
  t.after(async () => {
    for (const end of ends.reverse()) await end()
  })
  const withMailer = (mailer: Mailer | null): Context => ({ ...ctx, mailer })
  return {
    ctx,
    organizationId,
    withMailer,
    atEnd: (end: () => Promise<void> | void) => void ends.push(end),
    /** A context whose mail goes to the server on `port`. */
    mailingTo: (port: number) => {
      const { email } = readEmailConfig(`smtp://127.0.0.1:${port}`, 'pay@example.com')
      assert.ok(email)
      const mailer = createMailer(email)
      ends.push(mailer.close)
      return withMailer(mailer)
    },
    queue: async (changes: Partial<Parameters<typeof queueEmail>[2]> = {}) => {
      const queued = { organizationId, kind: 'receipt', recipient: 'ada@example.com', content: CONTENT, ...changes }
      await inOrganization(ctx.db, organizationId, tx => queueEmail(tx, ctx, queued))
      const { rows } = await ctx.db.owner.query('select id from emails order by created_at desc, id desc limit 1')
      return rows[0]?.id as string
    },
    read: async (id: string) => {
      const { rows } = await ctx.db.owner.query(
        `select sent_at is not null as sent, error, text, cc, reply_to, subject,
          (select attempts from graphile_worker._private_jobs where payload->>'emailId' = e.id::text) as attempts
         from emails e where id = $1`,
        [id],
      )
      return rows[0]
    },
  }
}

test('a message is sent once by its job, and what it said is forgotten then', async t => {
  const world = await openWorld(t)
  const receiver = await startSmtpReceiver()
  world.atEnd(receiver.stop)
  const ctx = world.mailingTo(receiver.port)
  const stopping = new AbortController()
  const running = startJobs(ctx, stopping.signal, { pollMs: 50, concurrency: 4 })
  world.atEnd(async () => {
    stopping.abort()
    await running
  })
  const id = await world.queue()
  await waitUntil('the job is done', async () => (await world.read(id)).attempts === null)
  const sent = await world.read(id)
  assert.deepEqual([sent.sent, sent.error, sent.text, sent.subject], [true, null, '', CONTENT.subject])
  await sendEmail(ctx, { organizationId: world.organizationId, emailId: id }, { signal: NEVER, isLast: false })
  assert.equal(receiver.mails.length, 1)
})

test('a server that is down is asked again, and the message waits for it', async t => {
  const world = await openWorld(t)
  const closed = await startSmtpReceiver()
  await closed.stop()
  const ctx = world.mailingTo(closed.port)
  const stopping = new AbortController()
  const running = startJobs(ctx, stopping.signal, { pollMs: 50, concurrency: 4 })
  world.atEnd(async () => {
    stopping.abort()
    await running
  })
  const id = await world.queue()
  await waitUntil('a failure is recorded', async () => (await world.read(id)).error !== null)
  const receiver = await startSmtpReceiver({ port: closed.port })
  world.atEnd(receiver.stop)
  await waitUntil('the message is sent', async () => {
    await ctx.db.owner.query('update graphile_worker._private_jobs set run_at = now() where locked_at is null')
    return (await world.read(id)).sent
  })
  assert.deepEqual([(await world.read(id)).error, receiver.mails.length], [null, 1])
})

test('what was sent and not recorded is sent again with the same Message-ID', async t => {
  const world = await openWorld(t)
  const receiver = await startSmtpReceiver()
  world.atEnd(receiver.stop)
  const ctx = world.mailingTo(receiver.port)
  const id = await world.queue()
  const named = { organizationId: world.organizationId, emailId: id }
  await sendEmail(ctx, named, { signal: NEVER, isLast: false })
  await ctx.db.owner.query('update emails set sent_at = null where id = $1', [id])
  await sendEmail(ctx, named, { signal: NEVER, isLast: false })
  const ids = receiver.mails.map(({ source }) => /^Message-ID: (.*)$/im.exec(source)?.[1])
  assert.deepEqual(ids, [`<${id}@example.com>`, `<${id}@example.com>`])
})

test('what cannot work is given up with its reason; what may is not, before the last time', async t => {
  const world = await openWorld(t)
  const id = await world.queue()
  const named = { organizationId: world.organizationId, emailId: id }
  const failing = (retryable: boolean) =>
    world.withMailer({ send: async () => ({ error: `retryable ${retryable}`, retryable }), close: () => undefined })
  await assert.rejects(sendEmail(failing(true), named, { signal: NEVER, isLast: false }), UpstreamError)
  assert.equal((await world.read(id)).error, 'retryable true')
  await sendEmail(failing(false), named, { signal: NEVER, isLast: false })
  assert.equal((await world.read(id)).error, 'retryable false')
  await sendEmail(failing(true), named, { signal: NEVER, isLast: true })
  await sendEmail(world.withMailer(null), named, { signal: NEVER, isLast: false })
  assert.deepEqual([(await world.read(id)).sent, (await world.read(id)).text], [false, CONTENT.text])
})

test('C7.7: the job of a message that names another organization sends nothing', async t => {
  const world = await openWorld(t)
  const receiver = await startSmtpReceiver()
  world.atEnd(receiver.stop)
  const id = await world.queue()
  const named = { organizationId: '00000000-0000-7000-8000-000000000000', emailId: id }
  await sendEmail(world.mailingTo(receiver.port), named, { signal: NEVER, isLast: false })
  assert.deepEqual([receiver.mails.length, (await world.read(id)).sent], [0, false])
})

test('C5.4: addresses that are none are left out, and a subject is one line', async t => {
  const world = await openWorld(t)
  const bad = 'x@y.example\r\nBcc: eve@example.com'
  const id = await world.queue({
    cc: ['bob@example.com', bad, 'bob@example.com', 'ada@example.com'],
    replyTo: bad,
    content: { ...CONTENT, subject: 'Hi\r\nBcc: eve@example.com' },
  })
  const { cc, reply_to, subject } = await world.read(id)
  assert.deepEqual([cc, reply_to, subject], [['bob@example.com'], null, 'Hi Bcc: eve@example.com'])
  assert.equal(await world.queue({ recipient: bad }), id, 'nothing was written')
  const { rowCount } = await world.ctx.db.owner.query('select from emails')
  assert.equal(rowCount, 1)
})

test('messages are forgotten after 90 days, sent or not', async t => {
  const world = await openWorld(t)
  const id = await world.queue()
  const { ctx } = world
  const age = (days: number) =>
    ctx.db.owner.query("update emails set created_at = $1::timestamptz - $2 * interval '1 day'", [
      ctx.clock.now(),
      days,
    ])
  await age(89)
  await forgetOldRecords(ctx, 10)
  assert.equal((await world.read(id)).sent, false)
  await age(91)
  assert.equal(await forgetOldRecords(ctx, 10), 1)
  assert.equal(await world.read(id), undefined)
})
