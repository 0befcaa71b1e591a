// What is sold and to whom: links, products and customers, each from the empty list to what the API then has.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import { paymentTo } from '../harness/fixtures.ts'
import { addLink } from '../harness/paymentLinkFixtures.ts'
import { overflow } from '../pages/overflow.ts'
import { checkScreen, isLoaded, openDashboard, visit } from './dashboard.ts'
import { handsOn } from './handsOn.ts'

const dashboard = await openDashboard()
const { page, api } = dashboard
const { press, confirm, type, objectAt } = handsOn(page)
const preview = page.frameLocator('iframe')

/** What can be read of an element: its lines, and what its fields hold. */
const LOOK = `element => [element.innerText, ...[...element.querySelectorAll('input')].map(each => each.value)].join('\\n')`

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
  await page.getByText('This must be one line').waitFor({ state: 'hidden' })
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
  await type('Suggestion 3', '50')
  await type('Suggestion 4', '100')
  await type('Tags (optional)', 'autumn, clay')
  await page.getByLabel('Networks').selectOption('some')
  await press('Save')
  await page.getByText('Choose one at least.').waitFor()
  await page.getByLabel('Test chain 80001').check()
  await page.getByLabel('Coins').selectOption('some')
  await page.getByLabel('USDC', { exact: true }).check()
  await press('Save')
  await objectAt('payment-links')
  await page.getByText('5.00 USDC · 25.00 USDC · 50.00 USDC · 100.00 USDC').waitFor()
  await page.getByText('USDC on Test chain 80001').waitFor()
  await press('Turn off')
  await confirm('Turn off')
  await press('Turn on')
  await page.getByRole('button', { name: 'Turn off' }).waitFor()
  await press('Turn off')
  await confirm('Turn off')
  await page.getByText('Whoever opens it now reads that it takes no payments.').waitFor()
  const off = await api.ok('GET', `/payment-links/${id}`)
  assert.deepEqual([off.amount, off.isActive, off.tags], [null, false, ['autumn', 'clay']])
  assert.deepEqual(off.suggestedAmounts, ['500000000', '2500000000', '5000000000', '10000000000'])
  assert.deepEqual([off.currencies, off.allowedChains], [['usdc'], [{ chainId: 80001, isPreferred: false }]])
  assert.deepEqual(off.customFields, link.customFields)

  await press('Copy as new')
  await page.waitForURL('**/payment-links/new?from=*')
  await type('Title', 'Pottery in autumn')
  await press('Create payment link')
  const copy = await api.ok('GET', `/payment-links/${await objectAt('payment-links')}`)
  const { title: _, createdAt, updatedAt, id: __, url, isActive, ...rest } = copy
  assert.deepEqual({ ...off, ...rest }, off)
  assert.deepEqual([isActive, copy.title], [true, 'Pottery in autumn'])
  await press('Delete the link')
  await confirm('Delete the link')
  await page.getByRole('row', { name: 'Pottery workshop' }).waitFor()

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
  await press('Add a price')
  await dialog.getByLabel('Price').selectOption('open')
  await dialog.getByLabel('At least (optional)').fill('5')
  await dialog.getByLabel('At most (optional)').fill('1')
  await dialog.getByRole('button', { name: 'Add price' }).click()
  await dialog.getByText('Type no less than the least.').waitFor()
  await dialog.getByLabel('At most (optional)').fill('50')
  await dialog.getByLabel('How often').selectOption('recurring')
  await dialog.getByLabel('Every').fill('2')
  await checkScreen(page, 'price-new')
  await dialog.getByRole('button', { name: 'Add price' }).click()
  const open = page.getByRole('listitem').filter({ hasText: '5.00 to 50.00 USDC every 2 months' })
  await open.getByRole('button', { name: 'Edit' }).click()
  await dialog.getByLabel('Note (optional)').fill('For friends')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await open.getByText('For friends').waitFor()
  await open.getByRole('button', { name: 'Archive the price' }).click()
  await confirm('Archive the price')
  await open.getByText('Archived').waitFor()
  await checkScreen(page, 'product')
  await press('Archive')
  await confirm('Archive')
  await page.getByRole('button', { name: 'Activate', exact: true }).waitFor()
  const product = await api.ok('GET', `/products/${id}`)
  const { unitAmount } = product.defaultPrice as { unitAmount: string }
  assert.deepEqual([product.isActive, unitAmount], [false, '290000000'])
  assert.equal((product.images as string[]).length, 1)
  await press('Products')
  await page.getByText('2.90 USDC').waitFor()
  await page.getByRole('combobox', { name: 'Price' }).selectOption('recurring')
  await page.getByText('Clay').waitFor()
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
  await page.getByLabel('What is sent goes to another address').check()
  await type('Recipient', 'Charles Babbage')
  await page.getByLabel('City').nth(1).fill('Torquay')
  await checkScreen(page, 'customer-new')
  await press('Add customer')
  const id = await objectAt('customers')
  await page.getByText('Charles Babbage, Torquay').waitFor()
  await checkScreen(page, 'customer')
  await press('Edit')
  await page.getByLabel('City').first().fill('')
  await press('Save')
  await objectAt('customers')
  const customer = await api.ok('GET', `/customers/${id}`)
  const [taxId] = (customer.taxIds as { data: Record<string, unknown>[] }).data
  assert.deepEqual([customer.name, customer.address, taxId?.value], ['Ada Lovelace', null, 'GB123'])
  assert.deepEqual(customer.shipping, { name: 'Charles Babbage', address: { city: 'Torquay' } })

  await press('Customers')
  await press('Add a customer')
  await type('E-mail address', 'george@example.com')
  await type('Your reference (optional)', 'B-7')
  await press('Add customer')
  await objectAt('customers')
  await press('Customers')
  await page.getByRole('searchbox', { name: 'Your reference' }).fill('B-7')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/customers?customerReferenceId=B-7')
  await page.getByRole('row', { name: 'george@example.com' }).press('Enter')
  await objectAt('customers')
  await press('Delete the customer')
  await confirm('Delete the customer')
  await page.getByRole('row', { name: 'ada@example.com' }).waitFor()
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
    assert.deepEqual(buttons, area === 'payment-links' ? ['QR code'] : [], area)
  }
})

test('what payers see is what the preview shows, on a phone and on a wide screen', async () => {
  const payer = await dashboard.open(null)
  const bounded = { customUnitMin: '100000000', customUnitMax: '500000000', customPreset: '250000000' }
  const { id: priceId, productId } = await api.ok('POST', '/prices', {
    ...{ currency: 'eur', ...bounded, customUnitAmountSuggestions: ['150000000', '200000000'] },
    productData: { name: 'Firewood', visibility: 20 },
  })
  await api.ok('PUT', `/products/${productId}`, { defaultPriceId: priceId })
  const links = [
    { description: '<b>No</b> chairs\nbut tea 🫖', currency: 'eur', amount: '123456700000000', submitType: 'book' },
    { title: 'שיעור קדרות', amount: null, suggestedAmounts: ['500000000', '2500000000'], submitType: 'donate' },
    { amount: null, currency: null, productId },
  ]
  for (const body of links) {
    const { id, url } = await addLink(api, body)
    await payer.goto(url)
    for (const width of [390, 1280]) {
      await Promise.all([payer, page].map(each => each.setViewportSize({ width, height: 900 })))
      await dashboard.visit(`/payment-links/${id}/edit`)
      await preview.locator('h1').waitFor()
      const [shown, seen] = [preview.locator('main'), payer.locator('main')]
      assert.equal(await shown.evaluate(LOOK), await seen.evaluate(LOOK), `${JSON.stringify(body)} at ${width} px`)
    }
  }
})

test('a link is shared as a QR code, and in an e-mail', async () => {
  await addLink(api, { title: 'Über/Tea & "Clay" 🫖' })
  await dashboard.visit('/payment-links')
  await page.getByRole('row', { name: 'Über/Tea' }).press('Enter')
  await objectAt('payment-links')
  const mail = await page.getByRole('link', { name: 'E-mail' }).getAttribute('href')
  const parts = new URL(mail ?? '').searchParams
  assert.equal(parts.get('subject'), 'Über/Tea & "Clay" 🫖 – Demo Shop')
  assert.match(
    parts.get('body') ?? '',
    /^Über\/Tea & "Clay" 🫖\n\nYou can pay here: http.*\/payment\/payment-link\/[0-9a-f-]{36}\n$/,
  )
  await press('QR code')
  await page.getByRole('img', { name: 'QR code of' }).waitFor()
  await checkScreen(page, 'payment-link-qr')
  for (const [name, start] of [
    ['PNG', '\x89PNG'],
    ['SVG', '<svg '],
  ] as const) {
    const download = page.waitForEvent('download')
    await page.getByRole('dialog').getByText(`Download as ${name}`).click()
    const file = await download
    assert.equal(file.suggestedFilename(), `Uber-Tea-Clay-qr.${name.toLowerCase()}`)
    assert.equal((await readFile(await file.path())).toString('latin1', 0, start.length), start)
  }
})

test('a link to a product is paid at, which is seen on its page without loading it again', async () => {
  const clay = ((await api.ok('GET', '/products?visibility=20')).data as { id: string; name: string }[]).find(
    ({ name }) => name === 'Clay',
  )
  await api.ok('PUT', `/products/${clay?.id}/activate`)
  await dashboard.visit(`/products/${clay?.id}`)
  await press('Create payment link')
  await page.waitForURL('**/payment-links/new?productId=*')
  await preview.getByText('Pay 2.90 USDC').waitFor()
  await type('Title', 'A bag of clay')
  await press('Create payment link')
  const link = await api.ok('GET', `/payment-links/${await objectAt('payment-links')}`)
  assert.equal(link.productId, clay?.id)
  await page.getByText('Nobody has gone there to pay so far').waitFor()
  const payer = await dashboard.open(null)
  await payer.goto(String(link.url))
  await payer.getByRole('button', { name: 'Pay 2.90 USDC' }).click()
  await payer.waitForURL(/checkout-session/)
  const payments = page.getByRole('table', { name: 'Payments' })
  await payments.getByText('2.90 USDC').waitFor()
  const seen = await getCheckoutSession(dashboard.ctx, dashboard.organizationId, payer.url().split('/').at(-1) ?? '')
  assert.ok(seen)
  await dashboard.chain.mine(header => [paymentTo(seen.found, header)])
  for (let blocks = 0; blocks < 3; blocks++) await dashboard.chain.mine()
  await payments.getByText('Paid').waitFor()
  const figure = (name: string) => page.getByRole('term').filter({ hasText: name }).locator('xpath=..')
  await figure('Paid').filter({ hasText: '2.90 USDC' }).waitFor()
  await figure('Payments').filter({ hasText: '1' }).waitFor()
  await checkScreen(page, 'payment-link-paid')
  await dashboard.visit(`/products/${clay?.id}`)
  await figure('Paid').filter({ hasText: '2.90 USDC' }).waitFor()
  await press('Delete the product')
  await confirm('Delete the product')
  await page.getByText('deactivate the product instead').waitFor()
})

test('names of 200 characters, of emoji and from right to left break no row and no page', async () => {
  const names = ['Wherever'.repeat(25), '👩🏽‍🚀'.repeat(28), `${'كوب من الشاي '.repeat(15)}🫖`]
  for (const name of names) {
    await addLink(api, { title: name, description: name, tags: [[...name].slice(0, 25).join('')] })
    await api.ok('POST', '/products', { name, defaultPriceData: { currency: 'usdc', unitAmount: '99999999999999900' } })
    await api.ok('POST', '/customers', { email: `${'long'.repeat(15)}@${'example'.repeat(8)}.com`, name })
  }
  const isWhole = async (width: number) => {
    await page.setViewportSize({ width, height: 900 })
    assert.deepEqual(await overflow(page), [], `${page.url()} at ${width} px`)
  }
  for (const area of ['payment-links', 'products', 'customers']) {
    for (const [nth] of names.entries()) {
      await dashboard.visit(`/${area}`)
      if (nth === 0) await isWhole(390)
      await page
        .getByRole('row')
        .nth(nth + 1)
        .press('Enter')
      await objectAt(area)
      await isWhole(390)
      await isWhole(1280)
    }
  }
})

test('10,000 customers are scrolled through, of which few are on the page', async () => {
  await seedCustomers(10_000)
  await dashboard.visit('/customers')
  const rows = page.getByRole('row')
  await rows.nth(1).focus()
  for (let loaded = 100; loaded <= 10_000; loaded += 100) {
    await page.keyboard.press('End')
    await page.locator(`[aria-rowindex="${loaded + 2}"]`).waitFor()
    assert.ok((await rows.count()) < 80, `${await rows.count()} of ${loaded} rows are on the page`)
  }
  await page.keyboard.press('End')
  await page.getByRole('cell', { name: 'ada@example.com', exact: true }).waitFor()
  await page.keyboard.press('Enter')
  await objectAt('customers')
})
