// Payment links, from the empty list to the payment: made, seen as payers will, shared, and paid at.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { addLink } from '../harness/paymentLinkFixtures.ts'
import { checkScreen, isLoaded, openDashboard } from './dashboard.ts'
import { handsOn } from './handsOn.ts'

const dashboard = await openDashboard()
const { page, api } = dashboard
const { press, confirm, type, objectAt } = handsOn(page)
const preview = page.frameLocator('iframe')

/** What can be read of an element: its lines, and what its fields hold. */
const LOOK = `element => [element.innerText, ...[...element.querySelectorAll('input')].map(each => each.value)].join('\\n')`

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
  const clay = await api.ok('POST', '/products', {
    name: 'Clay',
    defaultPriceData: { currency: 'usdc', unitAmount: '290000000' },
  })
  await dashboard.visit(`/products/${clay.id}`)
  await press('Create payment link')
  await page.waitForURL('**/payment-links/new?productId=*')
  await preview.getByText('Pay 2.90 USDC').waitFor()
  await type('Title', 'A bag of clay')
  await press('Create payment link')
  const link = await api.ok('GET', `/payment-links/${await objectAt('payment-links')}`)
  assert.equal(link.productId, clay.id)
  await page.getByText('Nobody has gone there to pay so far').waitFor()
  const payer = await dashboard.open(null)
  await payer.goto(String(link.url))
  await payer.getByRole('button', { name: 'Pay 2.90 USDC' }).click()
  await payer.waitForURL(/checkout-session/)
  const payments = page.getByRole('table', { name: 'Payments' })
  await payments.getByText('2.90 USDC').waitFor()
  await dashboard.pay(payer.url().split('/').at(-1) ?? '')
  await payments.getByText('Paid').waitFor()
  const figure = (name: string) => page.getByRole('term').filter({ hasText: name }).locator('xpath=..')
  await figure('Paid').filter({ hasText: '2.90 USDC' }).waitFor()
  await figure('Payments').filter({ hasText: '1' }).waitFor()
  await checkScreen(page, 'payment-link-paid')
  await dashboard.visit(`/products/${clay.id}`)
  await figure('Paid').filter({ hasText: '2.90 USDC' }).waitFor()
  await press('Delete the product')
  await confirm('Delete the product')
  await page.getByText('deactivate the product instead').waitFor()
})
