// What programmers find at the dashboard: keys, webhook endpoints, events and requests, as people use them and as everybody can.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { startReceiver } from '../harness/receiver.ts'
import { checkScreen, isLoaded, openDashboard, visit } from './dashboard.ts'

const [dashboard, receiver] = await Promise.all([openDashboard({ hasJobs: true }), startReceiver()])
const { page, api, ctx } = dashboard
after(() => receiver.stop())

const button = (name: string) => page.getByRole('button', { name, exact: true })
/** The button of the window that asks, named as the one that opened it. */
const sure = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })
const shown = (text: string | RegExp) => page.getByText(text).first().waitFor()

test('each page of an account without anything says what to do, and everybody can use it', async () => {
  const pages = [
    ['webhooks', 'No webhook endpoints yet'],
    ['events', 'Nothing happened yet'],
    ['requests', 'Nothing was asked so far'],
  ] as const
  for (const [name, says] of pages) {
    await dashboard.visit(`/developers/${name}`)
    await shown(says)
    await checkScreen(page, `developers-${name}-empty`)
  }
})

test('a key is created, shown once with a request that works when it is pasted, rolled and revoked', async () => {
  await dashboard.visit('/developers')
  assert.equal(new URL(page.url()).pathname, '/developers/api-keys')
  await checkScreen(page, 'developers-keys')
  await page.getByRole('link', { name: 'Create API key' }).click()
  await page.getByLabel('Name').fill('Shop')
  await page.getByLabel(/^Restricted/).check()
  await page.getByLabel('Change: Payments (checkout sessions)').check()
  await page.getByLabel('Ends').selectOption('30')
  await checkScreen(page, 'developers-key-new')
  await button('Create API key').click()
  await shown('Store this restricted key now: it is shown only once')
  await shown('owner@example.com')
  await checkScreen(page, 'developers-key-shown')
  const curl = (await page.locator('pre').textContent()) ?? ''
  const { stdout } = await promisify(execFile)('bash', ['-c', `${curl} -s`])
  assert.equal(JSON.parse(stdout).status, 'open', stdout)
  const token = /Bearer (rk_test_\w+)/.exec(curl)?.[1] ?? assert.fail(curl)
  const ask = () => fetch(`${dashboard.url}/api/v1/customers`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal((await ask()).status, 403)

  // Of two of the same millisecond, either is the newer.
  ctx.clock.advance(1_000)
  await button('I have stored it').click()
  await page.getByText('shown only once').waitFor({ state: 'detached' })
  await button('Roll the key').click()
  await page.getByRole('dialog').getByLabel('The old key ends').selectOption('3600000')
  await sure('Roll the key').click()
  await shown('Store this restricted key now: it is shown only once')
  assert.equal((await ask()).status, 403)
  await dashboard.visit('/developers/api-keys')
  await page.getByText('Ending').nth(1).waitFor()
  await page.getByRole('row', { name: /Shop/ }).last().press('Enter')
  await button('Revoke the key').click()
  await checkScreen(page, 'developers-key-revoke')
  await sure('Revoke the key').click()
  await shown('Revoked')
  assert.equal((await ask()).status, 401)
})

test('an endpoint is added, told and told again; what it answered is seen without loading the page anew', async () => {
  receiver.answerNext({ status: 500, body: 'no room' })
  await dashboard.visit('/developers/webhooks')
  await page.getByRole('link', { name: 'Add endpoint' }).click()
  await page.getByLabel('Address').fill('ftp://shop.example')
  await page.getByLabel('Description').fill('My server')
  await button('Add endpoint').click()
  await page.locator('[aria-invalid="true"]').waitFor()
  await page.getByLabel('Address').fill(`${receiver.url}/hooks`)
  await page.getByLabel('Only these').check()
  await page.getByLabel('webhook_endpoint_test').check()
  await page.getByLabel('checkout_session.expired').check()
  await checkScreen(page, 'developers-webhook-new')
  await button('Add endpoint').click()
  await shown('Store this signing secret now: it is shown only once')
  await page.getByRole('button', { name: /whsec_/ }).waitFor()
  await button('Send a test').click()
  await receiver.waitForCount(1)
  await page.getByRole('row', { name: /webhook_endpoint_test.* Under way/ }).press('Enter')
  await shown('no room')
  await checkScreen(page, 'developers-delivery')
  await button('Send again').click()
  const again = await receiver.waitForCount(2).then(([, second]) => second ?? assert.fail())
  await page.getByRole('dialog').getByText('Delivered').waitFor()
  const sent = await page.getByRole('dialog').locator('pre').last().textContent()
  assert.deepEqual(JSON.parse(sent ?? ''), JSON.parse(again.body.toString()))
  await page.keyboard.press('Escape')
  await checkScreen(page, 'developers-webhook')

  await button('New secret').click()
  await sure('New secret').click()
  await button('Turn off').click()
  await sure('Turn off').click()
  await button('Turn on').waitFor()
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByLabel('All, also those that are added later').check()
  await button('Save').click()
  await page.getByText('All', { exact: true }).first().waitFor()
  await button('Delete').click()
  await sure('Delete').click()
  await shown('No webhook endpoints yet')
})

test('events are listed, narrowed by the URL and shown whole', async () => {
  await dashboard.visit('/developers/events?type=webhook_endpoint_test')
  await page.getByRole('row', { name: /webhook_endpoint_test/ }).waitFor()
  await checkScreen(page, 'developers-events')
  await page.getByRole('row', { name: /webhook_endpoint_test/ }).press('Enter')
  await page.locator('pre').waitFor()
  await checkScreen(page, 'developers-event')
})

test('requests are listed with how they went', async () => {
  const headers = { authorization: `Bearer ${api.key}` }
  // The page is told of the newest requests: of many of one millisecond any may be those.
  ctx.clock.advance(1)
  assert.equal((await fetch(`${dashboard.url}/api/v1/customers?limit=0`, { headers })).status, 400)
  await dashboard.visit('/developers/requests')
  await page.getByRole('row', { name: /limit_invalid/ }).waitFor()
  await checkScreen(page, 'developers-requests')
  await page.getByRole('searchbox').fill('get /api/v1/customers')
  await page.keyboard.press('Enter')
  await page.waitForURL('**?text=get*')
  await page.getByRole('combobox', { name: 'Answer' }).selectOption('400')
  await page.waitForURL('**&status=400')
  await page.getByRole('row', { name: /limit_invalid/ }).press('Enter')
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /limit_invalid/ })
    .waitFor()
  await checkScreen(page, 'developers-request')
})

test('what one person changes, another sees without loading the page anew', async () => {
  const other = await dashboard.open('developer')
  let loads = 0
  other.on('load', () => loads++)
  const see = (path: string) =>
    other.evaluate(`history.pushState({}, '', '${path}'), dispatchEvent(new PopStateEvent('popstate'))`)
  const row = (name: RegExp) => other.getByRole('row', { name }).waitFor()
  await visit(other, `${dashboard.url}/coupons`)
  await api.ok('POST', '/coupons', {
    name: 'Spring',
    percentOff: 20,
    promotionCodeData: { data: [{ code: 'SPRING' }] },
  })
  await row(/Spring/)
  await see('/developers/api-keys')
  await row(/Shop .*Ending/)
  await dashboard.visit('/developers/api-keys')
  await page
    .getByRole('row', { name: /Shop .*Ending/ })
    .first()
    .press('Enter')
  await button('Revoke the key').click()
  await sure('Revoke the key').click()
  await row(/Shop .*Revoked/)
  await see('/products')
  await isLoaded(other)
  const made = await api.ok('POST', '/products', {
    name: 'Lamp',
    defaultPriceData: { currency: 'usdc', unitAmount: '100000000' },
  })
  await row(/Lamp/)
  await api.ok('PUT', `/products/${made.id}`, { name: 'Table lamp' })
  await row(/Table lamp/)
  assert.equal(loads, 1)
})

test('who may not change anything is offered nothing to change', async () => {
  const viewer = await dashboard.open('viewer')
  for (const name of ['api-keys', 'webhooks']) {
    await visit(viewer, `${dashboard.url}/developers/${name}`)
    assert.equal(await viewer.getByRole('link', { name: /Create|Add/ }).count(), 0)
  }
})
