// What is sold and to whom: links, products and customers, each from the empty list to what the API then has.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkScreen, isLoaded, openDashboard, visit } from './dashboard.ts'
import { handsOn } from './handsOn.ts'

const dashboard = await openDashboard()
const { page, api } = dashboard
const { press, type, objectAt } = handsOn(page)
const preview = page.frameLocator('iframe')

/** Customers who are newer than all others. */
async function seedCustomers(count: number): Promise<void> {
  const { ctx, organizationId } = dashboard
  await ctx.db.owner.query(
    `insert into customers (id, organization_id, created_at, updated_at, email, customer_number, visibility)
     select ('ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, now(), now(), 'customer' || n || '@example.com',
       'Z' || lpad(n::text, 7, '0'), 20
     from generate_series(1, $2) n`,
    [organizationId, count],
  )
}

test('a payment link is created, changed, turned off and deleted', async () => {
  await dashboard.visit('/payment-links')
  await checkScreen(page, 'payment-links-empty')
  await press('Create payment link')
  await page.waitForURL('**/payment-links/new')
  await isLoaded(page)
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
  await preview.getByText('Pay 1,250.50 USDC').waitFor()
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
  await preview.getByText('0.00000001 USDC').waitFor()
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

test('a product has its first price, gets another one, which becomes the default, and is archived', async () => {
  await dashboard.visit('/products')
  await page.getByText('No products yet').waitFor()
  await press('Add a product')
  await type('Name', 'Clay')
  await type('Price', '3.20')
  const buffer = await page.screenshot({ clip: { x: 0, y: 0, width: 64, height: 64 } })
  await page.getByLabel('Picture (optional)').setInputFiles({ name: 'clay.png', mimeType: 'image/png', buffer })
  await preview.locator('img.link-image').waitFor()
  await preview.getByText('Pay 3.20 USDC').waitFor()
  await press('Add product')
  const id = await objectAt('products')
  await press('Add a price')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Amount').fill('2.999999999')
  await dialog.getByRole('button', { name: 'Add price' }).click()
  await dialog.getByText('with at most 8 decimals').waitFor()
  await dialog.getByLabel('Amount').fill('2.90')
  await dialog.getByRole('button', { name: 'Add price' }).click()
  await press('Make default')
  await page.getByRole('definition').filter({ hasText: '2.90 USDC' }).waitFor()
  await checkScreen(page, 'product')
  await press('Archive')
  await page.getByRole('button', { name: 'Activate', exact: true }).waitFor()
  const product = await api.ok('GET', `/products/${id}`)
  const { unitAmount } = product.defaultPrice as { unitAmount: string }
  assert.deepEqual([product.isActive, unitAmount], [false, '290000000'])
  assert.equal((product.images as string[]).length, 1)
  await press('Products')
  await page.getByText('2.90 USDC').waitFor()
})

test('a customer is added with tax ids, and changed', async () => {
  await dashboard.visit('/customers')
  await press('Add a customer')
  await type('E-mail address', 'ada@')
  await press('Add customer')
  await page.getByText('This must be an e-mail address').waitFor()
  await type('E-mail address', 'ada@example.com')
  await type('Name (optional)', 'Ada Lovelace')
  await type('City', 'London')
  await press('Add a tax id')
  await type('Kind', 'VAT')
  await type('Number', 'GB123')
  await checkScreen(page, 'customer-new')
  await press('Add customer')
  const id = await objectAt('customers')
  await checkScreen(page, 'customer')
  await press('Edit')
  await type('City', '')
  await press('Save')
  await objectAt('customers')
  const customer = await api.ok('GET', `/customers/${id}`)
  const [taxId] = (customer.taxIds as { data: Record<string, unknown>[] }).data
  assert.deepEqual([customer.name, customer.address, taxId?.value], ['Ada Lovelace', null, 'GB123'])
})

test('who may only read is offered nothing that changes anything', async () => {
  const viewer = await dashboard.open('viewer')
  for (const area of ['payment-links', 'products', 'customers']) {
    await visit(viewer, `${dashboard.url}/${area}`)
    assert.equal(await viewer.locator(`a[href="/${area}/new"]`).count(), 0, area)
    const [object] = (await api.ok('GET', `/${area}`)).data as { id: string }[]
    if (object === undefined) continue
    await visit(viewer, `${dashboard.url}/${area}/${object.id}`)
    const buttons = await viewer.locator('main button:not([title]), main a[href$="/edit"]').allInnerTexts()
    assert.deepEqual(buttons, [], area)
  }
})

test('a link to a product is paid at, which is seen on its page without loading it again', async () => {
  const [product] = (await api.ok('GET', '/products?visibility=20')).data as { id: string }[]
  await api.ok('PUT', `/products/${product?.id}/activate`)
  await dashboard.visit('/payment-links/new')
  await type('Title', 'A bag of clay')
  await page.getByLabel('Price').selectOption('product')
  await preview.getByText('Pay 2.90 USDC').waitFor()
  await press('Create payment link')
  const link = await api.ok('GET', `/payment-links/${await objectAt('payment-links')}`)
  assert.equal(link.productId, product?.id)
  await page.getByText('Nobody has gone there to pay so far').waitFor()
  const payer = await dashboard.open(null)
  await payer.goto(String(link.url))
  await payer.getByRole('button', { name: 'Pay 2.90 USDC' }).click()
  await payer.waitForURL(/checkout-session/)
  await page.getByRole('table', { name: 'Payments' }).getByText('2.90 USDC').waitFor()
})

test('10,000 customers are scrolled through, of which few are on the page', async () => {
  await seedCustomers(10_000)
  await dashboard.visit('/customers')
  const rows = page.getByRole('row')
  await rows.nth(1).focus()
  for (let loaded = 0; loaded < 10_000; ) {
    await page.keyboard.press('End')
    await page.locator(`[role=table]:not([aria-rowcount="${loaded + 1}"])`).waitFor()
    loaded = Number(await page.getByRole('table').getAttribute('aria-rowcount')) - 1
    assert.ok((await rows.count()) < 80, `${await rows.count()} of ${loaded} rows are on the page`)
  }
  await page.keyboard.press('End')
  await page.getByText('ada@example.com').waitFor()
  await page.keyboard.press('Enter')
  await objectAt('customers')
})
