// What is sold: links, products, customers, invoices, coupons and taxes, each from the empty list to what the API then has.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkScreen, isLoaded, openDashboard } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api } = dashboard

/** Presses a button or follows a link by its name. */
async function press(name: string): Promise<void> {
  await page
    .getByRole('button', { name, exact: true })
    .or(page.getByRole('link', { name, exact: true }))
    .first()
    .click()
}

async function type(label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(text)
}

/** Waits for the page of one object, and gives its id. */
async function objectAt(area: string): Promise<string> {
  await page.waitForURL(new RegExp(`/${area}/[0-9a-f]{8}-[0-9a-f-]{27}$`))
  const id = page.url().split('/').at(-1) ?? ''
  await page.getByTitle(id, { exact: true }).waitFor()
  await isLoaded(page)
  return id
}

test('a payment link is created, changed, turned off and deleted', async () => {
  await dashboard.visit('/payment-links')
  await checkScreen(page, 'payment-links-empty')
  await press('Create payment link')
  await press('Create payment link')
  await page.getByText('Type an amount.').waitFor()
  assert.equal(await page.evaluate('document.activeElement.name'), 'amount')
  await type('Amount', '1250.5')
  await page.getByText('Exactly 1,250.50 USDC').waitFor()
  await press('Create payment link')
  await page.getByText('This must be one line of 1 to 250 characters, some of which can be seen.').waitFor()
  assert.equal(await page.evaluate('document.activeElement.name'), 'title')
  await type('Title', 'Pottery workshop')
  await press('Add a question')
  await type('Question', 'Your level')
  await page.getByLabel('Answer').selectOption('dropdown')
  await type('Choices', 'Beginner\nMaster')
  await page.getByLabel('E-mail address').check()
  await page.getByLabel('What payers see').getByText('Pay 1,250.50 USDC').waitFor()
  await checkScreen(page, 'payment-link-new')
  await press('Create payment link')
  const id = await objectAt('payment-links')
  await checkScreen(page, 'payment-link')
  const link = await api.ok('GET', `/payment-links/${id}`)
  assert.deepEqual(
    [link.amount, link.currency, link.type, link.emailCollection],
    ['125050000000', 'usdc', 'multiple', true],
  )
  const [question] = (link.customFields as { fields: Record<string, unknown>[] }).fields
  assert.deepEqual(question?.dropdown, {
    options: [
      { label: 'Beginner', value: 'Beginner' },
      { label: 'Master', value: 'Master' },
    ],
    value: '',
  })

  await press('Edit')
  await page.getByLabel('Price').selectOption('open')
  await type('Suggestion 1', '5')
  await type('Suggestion 2', '0,00000001')
  await page.getByLabel('What payers see').getByText('0.00000001 USDC').waitFor()
  await press('Save')
  await page.getByText('This must').or(page.getByText('decimals')).first().waitFor()
  await type('Suggestion 2', '25')
  await press('Save')
  await objectAt('payment-links')
  await page.getByText('5.00 USDC · 25.00 USDC').waitFor()
  await press('Turn off')
  await press('Turn on')
  await press('Turn off')
  await page.getByRole('button', { name: 'Turn on' }).waitFor()
  const off = await api.ok('GET', `/payment-links/${id}`)
  assert.deepEqual([off.amount, off.suggestedAmounts, off.isActive], [null, ['500000000', '2500000000'], false])
  assert.deepEqual(off.customFields, link.customFields)

  await press('Payment links')
  await page.getByLabel('Status').selectOption('true')
  await page.getByText('Nothing here matches').waitFor()
  assert.equal(new URL(page.url()).search, '?isActive=true')
  await press('Show all')
  await page.getByRole('row', { name: 'Pottery workshop' }).press('Enter')
  await objectAt('payment-links')
  await press('Delete the link')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the link' }).click()
  await page.getByText('No payment links yet').waitFor()
  assert.equal(await api.refused('GET', `/payment-links/${id}`), '404 resource_missing')
})
