// What is sold, to whom and for how much, in all areas alike: who may change it, and names that are hard to show.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { addLink } from '../harness/paymentLinkFixtures.ts'
import { overflow } from '../pages/overflow.ts'
import { openDashboard, visit } from './dashboard.ts'
import { AREAS, fillShop } from './everyScreen.ts'
import { handsOn } from './handsOn.ts'

const dashboard = await openDashboard()
const { page, api, url } = dashboard
const { objectAt } = handsOn(page)

/** What somebody is offered who looks at the list of an area, and at an object of it: ways to change either. */
async function offeredTo(person: Page, area: string, object: string): Promise<{ isNew: boolean; buttons: string[] }> {
  await visit(person, `${url}/${area}`)
  const isNew = (await person.locator(`a[href="/${area}/new"]`).count()) > 0
  await visit(person, `${url}${object}`)
  return { isNew, buttons: await person.locator('main button:not([title]), main a[href$="/edit"]').allInnerTexts() }
}

test('who may only read is offered nothing that changes what is sold, and the owner is', async () => {
  const screens = await fillShop(dashboard, 'one')
  const viewer = await dashboard.open('viewer')
  for (const area of AREAS) {
    const { path } = screens.find(({ name }) => name === `${area}-opened`) ?? assert.fail(area)
    const isLink = area === 'payment-links'
    assert.deepEqual(await offeredTo(viewer, area, path), { isNew: false, buttons: isLink ? ['QR code'] : [] }, area)
    const { isNew, buttons } = await offeredTo(page, area, path)
    assert.ok(isNew && buttons.includes('Edit'), `${area}: ${buttons}`)
  }
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
    for (const name of names) {
      await dashboard.visit(`/${area}`)
      await isWhole(390)
      await page.getByRole('row').filter({ hasText: name }).press('Enter')
      await objectAt(area)
      await isWhole(390)
      await isWhole(1280)
    }
  }
})
