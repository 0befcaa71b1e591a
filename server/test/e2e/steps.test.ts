// What a merchant may ask before there is anything to pay: an amount, details, a promotion code, or nothing at all. The whole program
// as a newcomer starts it and a real browser, with script and without.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../harness/browser.ts'
import { startDevWorld } from '../harness/devWorld.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { createMerchant, type Session } from './merchant.ts'

const [world, browser] = await Promise.all([startDevWorld(), launchBrowser()])
after(async () => {
  await Promise.all([browser.close(), world.stop()])
})

const merchant = createMerchant(world)
const { id: gift } = await merchant.request<{ id: string }>('POST', '/prices', {
  ...{ currency: 'usdc', productData: { name: 'Trees for the valley' } },
  ...{
    customUnitMin: '100000000',
    customUnitMax: '50000000000',
    customUnitAmountSuggestions: ['500000000', '1000000000'],
  },
})
const { id: open } = await merchant.request<{ id: string }>('POST', '/prices', {
  ...{ currency: 'usdc', productData: { name: 'Trees for the hill' }, customUnitMax: '50000000000' },
  customUnitAmountSuggestions: ['500000000', '1000000000'],
})
for (const [code, percentOff] of [
  ['HALF', 50],
  ['FREE', 100],
] as const) {
  await merchant.request('POST', '/coupons', { name: code, percentOff, promotionCodeData: { data: [{ code }] } })
}

type Paid = Session & { customerDetails: object; shippingDetails: object; customFields: { fields: object[] } }

/** Opens the page of a session that asks for `changes`, in a browser context of its own. */
async function visit(
  changes: Record<string, unknown>,
  act: (page: Page, session: Session) => Promise<void>,
  { javaScriptEnabled = true, complaints = /favicon\.ico/ }: { javaScriptEnabled?: boolean; complaints?: RegExp } = {},
): Promise<Paid> {
  const session = await merchant.createSession({ afterCompletion: 'hosted_confirmation', ...changes })
  const context = await browser.newContext({ javaScriptEnabled, locale: 'en-GB' })
  const said: string[] = []
  context.on('console', message => said.push(message.text()))
  context.on('weberror', error => said.push(error.error().message))
  try {
    const page = await context.newPage()
    await page.goto(session.url)
    await act(page, session)
  } finally {
    await context.close()
  }
  assert.deepEqual(
    said.filter(text => !complaints.test(text)),
    [],
  )
  return (await merchant.getSession(session)) as Paid
}

const status = (page: Page, text: string) => page.locator('#status', { hasText: text }).waitFor()
const total = (page: Page, text: string) => page.locator('.heading-total', { hasText: text }).waitFor()
const QUESTION = { key: 'dedication', type: 'text', label: { custom: 'Dedication' }, text: { maximumLength: 40 } }
const ASKED = {
  lineItems: { data: [{ quantity: 1, priceId: open }] },
  ...{ submitType: 'donate', emailCollection: true, shippingAddressCollection: true, allowPromotionCodes: true },
  customFields: { fields: [QUESTION] },
}

for (const javaScriptEnabled of [true, false]) {
  describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    test('an amount, details, a code, and the payment', async () => {
      const paid = await visit(
        ASKED,
        async page => {
          assert.equal(await page.title(), 'Donate to Demo Shop')
          await status(page, 'Choose an amount')
          assert.equal(await page.locator('.heading-total').count(), 0)
          await page.getByRole('button', { name: '10.00 USDC' }).click()
          await status(page, 'Your details')
          await page.getByLabel('E-mail address').fill('ada@')
          await page.getByLabel('Street and number').fill('12 Analytical Row')
          await page.getByRole('button', { name: 'Continue' }).click()
          await page.getByText('Enter an e-mail address such as').waitFor()
          await page.getByText('This is needed. Fill it in.').waitFor()
          assert.equal(await page.evaluate('document.activeElement.id'), 'detail-email')
          assert.equal(await page.getByLabel('Street and number').inputValue(), '12 Analytical Row')
          assert.equal(await page.getByLabel('Country or region').inputValue(), 'GB')
          assert.equal(await page.locator('#address').count(), 0, 'no address before the details')
          await page.getByLabel('E-mail address').fill('ada@example.com')
          await page.getByLabel('Dedication').fill('For Byron & <all>')
          await page.getByRole('button', { name: 'Continue' }).click()
          await status(page, 'Waiting for your payment')
          await page.getByText('For Byron & <all>').waitFor()
          await page.getByText('Add a promotion code').click()
          await page.getByLabel('Promotion code').fill('NONE')
          await page.getByRole('button', { name: 'Apply' }).click()
          await page.getByText('There is no such code.').waitFor()
          await page.getByLabel('Promotion code').fill('half')
          await page.getByRole('button', { name: 'Apply' }).click()
          await total(page, '5.00 USDC')
          assert.equal(await page.locator('#amount').textContent(), '5.00')
          const pay = page.getByRole('button', { name: 'Pay with the test wallet' })
          // The form is answered with the page once more, before which it must not be loaded anew.
          if (javaScriptEnabled) await pay.click()
          else await Promise.all([page.waitForEvent('load'), pay.click()])
          await waitUntil('the page says that it is paid', async () => {
            if (!javaScriptEnabled) await page.reload()
            return (await page.locator('.card-complete').count()) > 0
          })
          assert.equal(await page.getByText('Edit').count(), 0)
          const receipt = await page.getByRole('link', { name: 'Download receipt' }).getAttribute('href')
          const document = await fetch(new URL(receipt ?? '', world.apiUrl))
          assert.equal(document.headers.get('content-type'), 'application/pdf')
        },
        { javaScriptEnabled, complaints: /favicon\.ico|status of 400/ },
      )
      assert.deepEqual([paid.status, paid.amountTotal], ['complete', '500000000'])
      assert.partialDeepStrictEqual(paid, {
        customerDetails: { email: 'ada@example.com' },
        shippingDetails: { address: { line1: '12 Analytical Row', country: 'GB' } },
        customFields: { fields: [{ text: { value: 'For Byron & <all>' } }] },
      })
    })

    test('what costs nothing is confirmed', async () => {
      const free = await visit(
        { allowPromotionCodes: true, submitType: 'book' },
        async page => {
          await page.getByText('Add a promotion code').click()
          await page.getByLabel('Promotion code').fill('FREE')
          await page.getByLabel('Promotion code').press('Enter')
          await status(page, 'Nothing to pay')
          await page.getByRole('button', { name: 'Remove the promotion code FREE' }).click()
          await status(page, 'Waiting for your payment')
          await page.getByText('Add a promotion code').click()
          await page.getByLabel('Promotion code').fill('FREE')
          await page.getByLabel('Promotion code').press('Enter')
          await page.getByRole('button', { name: 'Confirm the booking, nothing to pay' }).click()
          await status(page, 'Confirmed')
          await page.getByText('Nothing was charged.').waitFor()
        },
        { javaScriptEnabled },
      )
      assert.deepEqual([free.status, free.paymentStatus, free.amountTotal], ['complete', 'paid', '0'])
    })
  })
}

/** Presses Tab until the element is focused; it must be within reach. */
async function tabTo(page: Page, selector: string): Promise<void> {
  await waitUntil(`${selector} is focused`, async () => {
    await page.keyboard.press('Tab')
    return await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)
  })
}

test('by keyboard alone', async () => {
  const paid = await visit(
    { lineItems: { data: [{ quantity: 1, priceId: gift }] }, emailCollection: true, billingAddressCollection: true },
    async page => {
      await status(page, 'Your details')
      await tabTo(page, '#change-amount')
      await page.keyboard.press('Enter')
      await status(page, 'Choose an amount')
      await tabTo(page, '#amount')
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.type('2.5')
      await page.keyboard.press('Enter')
      await total(page, '2.50 USDC')
      await status(page, 'Your details')
      await tabTo(page, '#detail-email')
      await page.keyboard.type('ada@example.com')
      await page.keyboard.press('Enter')
      await page.locator('#detail-billing-line1-error').waitFor()
      assert.equal(await page.evaluate('document.activeElement.id'), 'detail-billing-line1')
      await page.keyboard.type('12 Analytical Row')
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.type('Fra')
      await tabTo(page, '.actions button')
      await page.keyboard.press('Space')
      await status(page, 'Waiting for your payment')
      await tabTo(page, '#edit-details')
      await page.keyboard.press('Enter')
      await status(page, 'Your details')
      await tabTo(page, 'a.button')
      await page.keyboard.press('Enter')
      await status(page, 'Waiting for your payment')
      await tabTo(page, '#pay-test-wallet')
      await page.keyboard.press('Enter')
      await status(page, 'Payment complete')
    },
    { complaints: /favicon\.ico|status of 400/ },
  )
  assert.partialDeepStrictEqual(paid, {
    ...{ status: 'complete', amountTotal: '250000000' },
    billingDetails: { address: { line1: '12 Analytical Row', country: 'FR' } },
  })
})
