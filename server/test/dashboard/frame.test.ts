// The frame of every page: the way in, the navigation, the theme, and that somebody who is signed out sees nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSession } from '../harness/sessionFixtures.ts'
import { checkScreen, isLoaded, openDashboard, visit } from './dashboard.ts'

const dashboard = await openDashboard()
const { page } = dashboard

test('everybody can use the first page', async () => {
  await dashboard.visit('/')
  await checkScreen(page, 'home-first')
})

test('who is signed out is asked to sign in, whatever page they open, and comes back to it', async () => {
  const stranger = await dashboard.open(null)
  await visit(stranger, `${dashboard.url}/?range=week`)
  assert.equal(new URL(stranger.url()).pathname, '/sign-in')
  assert.equal(new URL(stranger.url()).searchParams.get('next'), '/?range=week')
})

test('Ctrl+K finds pages by a part of their name, by keyboard alone', async () => {
  await dashboard.visit('/')
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Search pages and payments' })
  await field.fill('webh')
  await page.getByRole('option', { name: /Webhook endpoints/ }).waitFor()
  await checkScreen(page, 'search')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Webhook endpoints' }).waitFor()
  await page.getByRole('button', { name: 'Search' }).click()
  await field.fill('no such thing')
  await page.getByText('Nothing here matches.').waitFor()
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
})

test('a payment is found by its id, in whatever case it is typed, and by its address', async () => {
  const { id } = await newSession(dashboard.api)
  const session = await dashboard.api.ok('GET', `/checkout/sessions/${id}`)
  const [way] = session.addresses as { paymentAddress: string }[]
  for (const text of [id.toUpperCase(), way?.paymentAddress ?? assert.fail('an address')]) {
    await dashboard.visit('/faucet')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search pages and payments' }).fill(text)
    await page.getByRole('option', { name: /open/ }).click()
    await page.waitForURL(`${dashboard.url}/payments/${id}`)
  }
})

test('C7.3: a page that nobody has touched for a minute says so when it reads by itself', async () => {
  const left = await dashboard.open('viewer')
  await left.clock.install()
  // The stream never opens: nothing but time makes the page read.
  await left.route('**/api/account/changes', () => undefined)
  await visit(left, `${dashboard.url}/`)
  const readBy = async (path: string, act: () => Promise<void>) => {
    const [read] = await Promise.all([left.waitForRequest(new RegExp(path)), act()])
    return read.headers()['x-unattended']
  }
  assert.equal(await readBy('/api/account/summary', () => left.clock.fastForward(90_000)), '1')
  const products = left.getByRole('link', { name: 'Products' })
  assert.equal(await readBy('/api/v1/products', () => products.click()), undefined)
})

test('what stands there is known as out of date until the page whose address shows already has come', async () => {
  const { promise: sent, resolve: send } = Promise.withResolvers<void>()
  const slow = await dashboard.open('viewer')
  await slow.route('**/CustomersPage-*.js', async route => {
    await sent
    await route.continue()
  })
  const isBusy = () => slow.getByRole('main').getAttribute('aria-busy')
  await visit(slow, `${dashboard.url}/products`)
  assert.equal(await isBusy(), 'false')
  await slow.getByRole('link', { name: 'Customers' }).click()
  await slow.waitForURL('**/customers')
  assert.equal(await isBusy(), 'true')
  send()
  await isLoaded(slow)
  assert.equal(await slow.getByRole('heading', { level: 1 }).textContent(), 'Customers')
  assert.equal(await isBusy(), 'false')
})

test('who has changed a form is asked before it is left, by a link or with the tab; who has not, or has saved it, is not', async () => {
  const name = page.getByLabel('Name', { exact: true })
  const dialog = page.getByRole('dialog')
  const leave = () => page.getByRole('link', { name: 'Customers' }).click()
  await dashboard.visit('/products/new')
  await name.fill('Oak table')
  await name.fill('')
  await leave()
  await page.getByRole('heading', { name: 'Customers' }).waitFor()

  await dashboard.visit('/products/new')
  await name.fill('Oak table')
  await leave()
  await dialog.getByText('Leave without saving?').waitFor()
  await checkScreen(page, 'unsaved')
  await dialog.getByRole('button', { name: 'Stay here' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal(new URL(page.url()).pathname, '/products/new')
  assert.equal(await name.inputValue(), 'Oak table')

  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  const question = await asked
  assert.equal(question.type(), 'beforeunload')
  await question.dismiss()

  await leave()
  await dialog.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('heading', { name: 'Customers' }).waitFor()
  await dashboard.visit('/tax-rates/new')
  await name.fill('VAT')
  await page.getByLabel('Rate in percent').fill('19')
  await page.getByRole('button', { name: 'Add tax rate' }).click()
  await page.waitForURL(/tax-rates\/[0-9a-f-]{36}$/)
})

test('what would keep somebody out is noticed', async () => {
  const faults: [string, RegExp][] = [
    ["document.querySelector('h1').style.color = '#ccc'", /color-contrast/],
    ["document.querySelector('h1').style.width = '2000px'", /2000px/],
    ["document.querySelector('h1').after(document.createElement('button'))", /button-name/],
    ["setTimeout(() => { throw new Error('broken') })", /broken/],
  ]
  for (const [fault, noticed] of faults) {
    await dashboard.visit('/')
    await page.evaluate(fault)
    await assert.rejects(checkScreen(page, 'broken'), noticed, fault)
  }
})
