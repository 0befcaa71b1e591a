import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { queueEmail } from '../actions/queueEmail.ts'
import type { TestWallet } from '../context.ts'
import { inOrganization } from '../store/database.ts'
import { createApp } from './app.ts'

const refuse = () => Promise.reject(new Error('nothing is paid in this test'))
const testWallet: TestWallet = {
  ...{ pay: refuse, payTogether: refuse, give: refuse, drop: refuse, spendNonce: refuse },
  ...{ pass: refuse, advance: refuse, transaction: refuse },
}

const clock = testClock()
let t: TestContext
before(async () => {
  t = await createTestContext({ clock, testWallet })
})
after(() => t.close())

async function get(path: string) {
  const answer = await createApp(t.ctx).request(path)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

async function queue(changes: { subject?: string; html?: string; files?: { name: string; content: string }[] } = {}) {
  const { organizationId } = t
  const { subject = 'Hello', html = '<html><head></head><body><p>Hi</p></body></html>', files = [] } = changes
  const attachments = files.map(file => ({ ...file, contentType: 'application/pdf' }))
  const content = { subject, text: 'Hi', html }
  const queued = { organizationId, kind: 'receipt', recipient: 'ada@example.com', content, attachments }
  // Of two of the same millisecond, either is the newer.
  clock.advance(1)
  await inOrganization(t.ctx.db, organizationId, tx => queueEmail(tx, t.ctx, queued))
  const { rows } = await t.ctx.db.owner.query('select id from emails order by created_at desc, id desc limit 1')
  return rows[0].id as string
}

test('an empty inbox says how to get a message, and a full one lists the newest first', async () => {
  assert.match((await get('/test/inbox')).text, /No message yet/)
  await queue({ subject: 'First' })
  await queue({ subject: 'Second <b>' })
  const { text } = await get('/test/inbox')
  const subjects = [...text.matchAll(/inbox-subject"><bdi>(.*?)<\/bdi>/g)].map(([, subject]) => subject)
  assert.deepEqual(subjects, ['Second &lt;b&gt;', 'First'])
  assert.doesNotMatch(text, /No message yet/)
})

test('a message is shown in a frame where no script runs, whatever its markup holds', async () => {
  const evil = '<html><head></head><body>"></iframe><script>alert(1)</script></body></html>'
  const id = await queue({ html: evil })
  const { status, headers, text } = await get(`/test/inbox/${id}`)
  assert.equal(status, 200)
  assert.doesNotMatch(text, /<script|<\/iframe><script/)
  assert.equal(text.match(/<\/iframe>/g)?.length, 1)
  assert.match(text, /<iframe[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="&lt;html/)
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(policy, /^default-src 'none';/)
  assert.doesNotMatch(policy, /script-src/)
})

test('files of a message are saved, never shown', async () => {
  const content = Buffer.from('<script>alert(1)</script>').toString('base64')
  const id = await queue({ files: [{ name: 'Läden"\r\n.html', content }] })
  const { headers, text } = await get(`/test/inbox/${id}/files/0`)
  assert.equal(text, '<script>alert(1)</script>')
  assert.equal(headers.get('content-type'), 'application/octet-stream')
  assert.equal(headers.get('content-disposition'), "attachment; filename*=UTF-8''L%C3%A4den%22%0D%0A.html")
  assert.match(headers.get('content-security-policy') ?? '', /sandbox/)
  for (const path of [`${id}/files/1`, `${id}/files/x`, '00000000-0000-7000-8000-000000000000', 'x']) {
    assert.equal((await get(`/test/inbox/${path}`)).status, 404, path)
  }
})

test('there is no inbox but in the test world', async () => {
  for (const path of ['/test/inbox', `/test/inbox/${await queue()}`]) {
    const answer = await createApp({ ...t.ctx, testWallet: null }).request(path)
    assert.equal(answer.status, 404)
    assert.equal(((await answer.json()) as { code: string }).code, 'route_unknown')
  }
})
