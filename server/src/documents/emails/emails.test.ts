import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { factorChangeEmail, resetEmail } from './accountEmail.ts'
import { addressChangeEmail } from './addressChangeEmail.ts'
import { chainStoppedEmail } from './chainStoppedEmail.ts'
import { endpointEmail } from './endpointEmail.ts'
import { inviteEmail } from './inviteEmail.ts'
import { invoiceEmail } from './invoiceEmail.ts'
import { overdueEmail } from './overdueEmail.ts'
import { ownerChangeEmail } from './ownerChangeEmail.ts'
import { amountText, timeText } from './plainText.ts'
import { receiptEmail } from './receiptEmail.ts'
import type { EmailBrand, RenderedEmail } from './renderEmail.ts'
import { sweepFailedEmail } from './sweepFailedEmail.ts'

const AT = new Date('2026-03-01T09:05:00Z')
const URL = 'https://pay.example.com/payment/1'

/** Every message there is, with `text` wherever somebody's own words stand. */
function every(text: string, brand: EmailBrand): RenderedEmail[] {
  const amount = { amount: 12_50000000n, currency: 'usd' as const }
  return [
    receiptEmail(
      {
        ...{
          receiptNumber: 'R-1',
          paidAt: AT,
          currency: 'usdc',
          isTest: true,
          pdfUrl: `${URL}/pdf`,
          url: URL,
          payments: [`12.5 USDC on ${text}`],
        },
        lines: [{ name: text, quantity: 2, amount: 12_50000000n }],
        ...{ discount: 1_00000000n, tax: 2_00000000n, fee: 0n, total: 13_50000000n },
      },
      brand,
    ),
    invoiceEmail(
      { ...amount, invoiceNumber: 'INV-1', dueDate: AT, description: text, url: URL, pdfUrl: `${URL}/pdf` },
      brand,
    ),
    overdueEmail({ ...amount, invoiceNumber: 'INV-1', customer: text, dueDate: AT, url: URL }, brand),
    ...[null, AT].map(dueAt =>
      addressChangeEmail(
        { heading: 'An address is changed', network: text, before: text, after: null, askedBy: text, dueAt, url: URL },
        brand,
      ),
    ),
    ...(['owner', null] as const).map(after =>
      ownerChangeEmail({ email: text, before: text, after, askedBy: text, dueAt: after && AT, url: URL }, brand),
    ),
    resetEmail({ url: URL, expiresAt: AT }, brand),
    factorChangeEmail({ change: 'password', at: AT, address: text, url: URL }, brand),
    inviteEmail({ role: 'admin', url: URL, expireAt: AT }, brand),
    ...(['failing', 'gone', 'disabled'] as const).map(state =>
      endpointEmail(
        { state, endpointUrl: 'https://shop.example/hooks', failingSince: AT, lastAnswer: text, docsUrl: URL },
        brand,
      ),
    ),
    chainStoppedEmail({ network: text, stoppedAt: AT, docsUrl: URL }, brand),
    sweepFailedEmail({ sweepId: 'S-1', network: text, addressCount: 3, failedAt: AT, docsUrl: URL }, brand),
  ]
}

/** What a reader sees of the HTML, blanks aside. */
function seen(html: string): string {
  const body = html.slice(html.indexOf('<h1'))
  return unescaped(body.replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ')
}

function unescaped(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }
  return text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_all, name: string) => names[name] ?? '')
}

const BRAND = { name: 'Café Uno', logoUrl: 'https://pay.example.com/files/1', color: '#1f6feb' }

test('the text of each message says what its HTML says, and both lead to the same place', () => {
  for (const { subject, text, html } of every('Kaffee & Kuchen', BRAND)) {
    const shown = seen(html)
    const isShown = (line: string) => shown.includes(line) || html.includes(`href="${line}"`)
    for (const line of text.split('\n').filter(each => each !== '' && each !== '-- ')) {
      const [label = '', value = ''] = line.split(/: (.*)/)
      assert.ok(isShown(line.replace(/:$/, '')) || (isShown(label) && isShown(value)), `${subject}: ${line}`)
    }
    assert.ok(html.includes(`href="${URL}"`) && text.includes(URL), subject)
    assert.ok(html.includes(BRAND.color))
  }
})

test('nothing is loaded but the logo, nothing is followed, and no script runs', () => {
  for (const { html } of every('x', BRAND)) {
    assert.deepEqual(html.match(/\bsrc="[^"]*"/g), [`src="${BRAND.logoUrl}"`])
    assert.doesNotMatch(html, /<(script|iframe|form|link|object|base)|\bon\w+=|url\(|@import/i)
  }
  for (const { html } of every('x', { ...BRAND, logoUrl: null })) assert.doesNotMatch(html, /\bsrc=/)
})

test('C5.4: whatever names and texts hold, they stay text, and subjects one line', () => {
  const evil = `</td><script>alert(1)</script>"'><img src=https://evil.example/x.png onerror=x>\r\nBcc: eve@example.com`
  const tagsOf = (html: string) => html.match(/<(?!br\b)\w+/g)
  const plain = every('x', BRAND).map(({ html }) => tagsOf(html))
  for (const [index, { subject, html }] of every(evil, { ...BRAND, name: evil }).entries()) {
    assert.doesNotMatch(subject, /[\r\n]/)
    assert.deepEqual(tagsOf(html), plain[index])
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      for (const { subject, html } of every(text, { ...BRAND, name: text })) {
        assert.doesNotMatch(subject, /\p{Cc}/u)
        assert.doesNotMatch(html, /[\p{Cc}--\n]/v)
      }
    }),
    { numRuns: 30 },
  )
})

test('C8.5: no message asks for a key, a seed phrase, a password or a code, and a changed wallet is shown whole, before and after', () => {
  for (const { subject, text } of every('x', BRAND)) {
    // What is never asked for is named in one sentence alone, which says so.
    const others = text.replaceAll(/Nobody will ever ask you for [^.]+\./g, '')
    assert.doesNotMatch(
      `${subject}\n${others}`,
      /seed|private key|(?:enter|send|give|reply|type)[^.\n]*(?:password|code|key)/i,
    )
  }
  const [before, after] = ['0x52908400098527886E0F7030069857D2E4169EE7', '0xde709f2102306220921060314715629080e2fb77']
  const told = {
    heading: 'An address is changed',
    network: 'Base',
    before,
    after,
    askedBy: 'ada@example.com',
    url: URL,
  }
  for (const dueAt of [null, AT]) {
    const { text, html } = addressChangeEmail({ ...told, dueAt }, BRAND)
    assert.ok(text.includes(`Address before: ${before}\nAddress after: ${after}`), text)
    assert.ok(seen(html).includes(before) && seen(html).includes(after), html)
    assert.match(text, /Nobody will ever ask you for a private key or a seed phrase\./)
  }
})

test('amounts are exact and times are in UTC', () => {
  assert.equal(amountText(12_50000000n, 'usd'), '12.50 USD')
  assert.equal(amountText(1n, 'btc'), '0.00000001 BTC')
  assert.equal(amountText(100_00000000n, 'usdc'), '100.00 USDC')
  assert.equal(timeText(new Date('2026-12-31T23:59:59.999Z')), '31 December 2026, 23:59 UTC')
})

test('a button can be read on whatever colour a merchant has', () => {
  const inkOn = (color: string) =>
    /;color:(#[0-9a-f]{6});font-weight:600;text-decoration:none/.exec(
      every('x', { ...BRAND, color })[0]?.html ?? '',
    )?.[1]
  assert.equal(inkOn('#ffffff'), '#161a23')
  assert.equal(inkOn('#ffd400'), '#161a23')
  assert.equal(inkOn('#1f6feb'), '#ffffff')
  assert.equal(inkOn('#000000'), '#ffffff')
})
