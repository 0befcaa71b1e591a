// What changes while a page is being read shows on it all the same, whichever answer comes first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import { newSession } from '../harness/sessionFixtures.ts'
import { openDashboard, visit } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api } = dashboard
const other = await dashboard.open('viewer')

const VAULT = `0x${'5a'.repeat(20)}`
const row = (of: Page, name: string) => of.getByRole('row', { name: new RegExp(name) }).waitFor()
const createCoupon = (name: string) =>
  api.ok('POST', '/coupons', { name, percentOff: 20, promotionCodeData: { data: [{ code: name }] } })

/** Holds the page's next request to `path` after the server has answered it, if it does; `held` is when it has, `free` lets go. */
async function hold(path: string, isAnswered: boolean) {
  const { promise: held, resolve: isHeld } = Promise.withResolvers<void>()
  const { promise: freed, resolve: free } = Promise.withResolvers<void>()
  const handle = async (route: Route) => {
    const response = isAnswered ? await route.fetch() : undefined
    isHeld()
    await freed
    await (response === undefined ? route.continue() : route.fulfill({ response }))
  }
  await page.route(path, handle, { times: 1 })
  return { held, free }
}

test('what changes after the first answer to a page was made, but before it arrives, is shown', async () => {
  await visit(other, `${dashboard.url}/coupons`)
  const list = await hold('**/api/v1/coupons?*', true)
  await page.goto(`${dashboard.url}/coupons`)
  await list.held
  await createCoupon('SLOWANSWER')
  await row(other, 'SLOWANSWER')
  list.free()
  await row(page, 'SLOWANSWER')
})

test('so is what changes while a page that shows nothing without its answer waits for it', async () => {
  await visit(other, `${dashboard.url}/settings/addresses`)
  const list = await hold('**/api/v1/organization/withdrawal-addresses', true)
  await page.goto(`${dashboard.url}/settings/addresses`)
  await list.held
  await api.ok('POST', '/organization/withdrawal-addresses', { name: 'Vault', address: VAULT, chainId: 80_001 })
  const shown = (of: Page) => of.getByText('Vault').first().waitFor()
  await shown(other)
  list.free()
  await shown(page)
})

test('what changes after a page was read, but before it is told of changes, is shown', async () => {
  await visit(other, `${dashboard.url}/coupons`)
  const stream = await hold('**/api/account/changes', false)
  await page.goto(`${dashboard.url}/coupons`)
  await stream.held
  await row(page, 'SLOWANSWER')
  await createCoupon('SLOWSTREAM')
  await row(other, 'SLOWSTREAM')
  stream.free()
  await row(page, 'SLOWSTREAM')
})

test('no payment can be played before the open sessions are read', async () => {
  await newSession(api)
  const list = await hold('**/api/v1/checkout/sessions?*', true)
  await page.goto(`${dashboard.url}/faucet`)
  await list.held
  await page.getByRole('heading', { name: 'Play a payment' }).waitFor()
  const play = page.getByRole('button', { name: 'Play it' })
  assert.equal(await play.count(), 0)
  list.free()
  await play.waitFor()
})
