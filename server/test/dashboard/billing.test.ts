// What is asked for and what it is made of: invoices, coupons and taxes, each from the empty list to what the API then has.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCustomer } from '../harness/invoiceFixtures.ts'
import { checkScreen, openDashboard, visit } from './dashboard.ts'
import { handsOn } from './handsOn.ts'

const dashboard = await openDashboard()
const { page, api } = dashboard
const { press, confirm, type, objectAt } = handsOn(page)
const preview = page.frameLocator('iframe')

test('a tax rate and a coupon are created, and turned off', async () => {
  await dashboard.visit('/tax-rates')
  await press('Add a tax rate')
  await press('Add tax rate')
  await page.getByText('Type a number.').waitFor()
  await type('Name', 'VAT')
  await type('Rate in percent', '7.5')
  await press('Add tax rate')
  const rate = await objectAt('tax-rates')
  assert.equal((await api.ok('GET', `/tax-rates/${rate}`)).percentage, 7.5)
  await checkScreen(page, 'tax-rate')

  await dashboard.visit('/coupons/new')
  await type('Name', 'Spring')
  await type('Promotion code', 'S')
  await type('Percent', '10')
  await press('Create coupon')
  await page.getByText('This must be 2 to 20 characters that can be seen, without spaces.').waitFor()
  assert.equal(await page.evaluate('document.activeElement.name'), 'promotionCodeData.data[0].code')
  await checkScreen(page, 'coupon-new')
  await type('Promotion code', 'SPRING10')
  await press('Create coupon')
  const coupon = await objectAt('coupons')
  await press('Turn off')
  await page.getByRole('button', { name: 'Turn on' }).waitFor()
  assert.deepEqual((await api.ok('GET', `/coupons/${coupon}`)).status, 'disabled')
  await press('Coupons')
  await page.getByText('SPRING10').waitFor()
  await checkScreen(page, 'coupons')
})

test('an invoice is written, finalized, revised and paid in another way', async () => {
  const customer = await addCustomer(api, { email: 'ada@example.com', name: 'Ada Lovelace' })
  await dashboard.visit(`/customers/${customer}`)
  await press('Create invoice')
  await page.getByLabel('Item').selectOption('new')
  await type('Name', 'Consulting')
  await type('Price of one', '99.99')
  await type('Quantity', '3')
  await preview.getByText('Pay 299.97 USDC').waitFor()
  await page.getByLabel('VAT 7.5 %').check()
  await checkScreen(page, 'invoice-new')
  await press('Create draft')
  const id = await objectAt('invoices')
  const draft = await api.ok('GET', `/invoices/${id}`)
  assert.deepEqual([draft.subTotal, draft.status], ['29997000000', 'draft'])
  const text = (amount: unknown) => `${BigInt(String(amount)) / 100000000n}.`
  await page.getByText(text(draft.total)).first().waitFor()
  await press('Finalize')
  await confirm('Finalize')
  await page.getByRole('heading', { name: /Invoice .*-0001/ }).waitFor()
  await checkScreen(page, 'invoice-open')
  await press('Revise')
  await page.waitForURL(/edit$/)
  await type('Quantity', '2')
  await press('Save draft')
  const revision = await objectAt('invoices')
  await press('Finalize')
  await confirm('Finalize')
  await page.getByRole('heading', { name: /Invoice .*-0002/ }).waitFor()
  assert.equal((await api.ok('GET', `/invoices/${id}`)).status, 'void')
  await press('Mark as paid')
  await confirm('Mark as paid')
  await page.getByText('Another way, as somebody noted').waitFor()
  const paid = await api.ok('GET', `/invoices/${revision}`)
  assert.deepEqual([paid.status, paid.subTotal], ['paid', '19998000000'])
  await press('Invoices')
  await page.getByLabel('Status').selectOption('void')
  await page.getByRole('row', { name: /-0001/ }).waitFor()
  await checkScreen(page, 'invoices')
  await dashboard.visit('/subscriptions')
  await checkScreen(page, 'subscriptions')
})

test('who may only read is offered nothing that changes an invoice, a coupon or a tax', async () => {
  const viewer = await dashboard.open('viewer')
  for (const area of ['invoices', 'coupons', 'tax-rates']) {
    await visit(viewer, `${dashboard.url}/${area}`)
    assert.equal(await viewer.locator(`a[href="/${area}/new"]`).count(), 0, area)
    const [object] = (await api.ok('GET', `/${area}`)).data as { id: string }[]
    if (object === undefined) continue
    await visit(viewer, `${dashboard.url}/${area}/${object.id}`)
    const buttons = await viewer.locator('main button:not([title]), main a[href$="/edit"]').allInnerTexts()
    assert.deepEqual(buttons, [], area)
  }
})
