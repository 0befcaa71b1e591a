import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import type { Context } from '../../src/context.ts'
import { renderPaymentPage } from '../../src/http/pages/paymentPage.ts'
import { createPayerPages } from '../../src/http/payerPages.ts'
import type { App } from '../../src/http/router.ts'
import { paymentTo } from '../harness/fixtures.ts'
import { lineOf } from '../harness/invoiceFixtures.ts'
import { addLink } from '../harness/paymentLinkFixtures.ts'
import { newSession } from '../harness/sessionFixtures.ts'
import { openPayerSite, type PayerSite } from './payerSite.ts'
import { SAMPLES } from './samples.ts'

/** One thing that a payer can see, and how a browser comes to it; `query` goes into the address (`lang=ar`). */
export type Screen = { readonly name: string; readonly open: (page: Page, query?: string) => Promise<void> }

/** All screens of the payer's pages; the samples among them are rendered from hand-made views, the others from the database. */
export type Screens = { readonly screens: readonly Screen[]; readonly site: PayerSite }

const NOBODY = '00000000-0000-7000-8000-000000000000'

/** Opens a site with every screen. */
export async function openScreens(): Promise<Screens> {
  const site = await openPayerSite({ extend: addSamples })
  const go = (path: string) => async (page: Page, query?: string) => {
    await page.goto(`${site.url}${path}${query === undefined ? '' : `?${query}`}`)
  }
  const screens = [
    ...Object.keys(SAMPLES).map(name => ({ name, open: go(`/samples/${name}`) })),
    ...['severalCoins', 'longCart'].map(name => ({
      name: `${name}Unfolded`,
      open: unfolded(go(`/samples/${name}`), 'main'),
    })),
    { name: 'languages', open: unfolded(go('/samples/seen'), 'footer') },
    { name: 'notFound', open: go(`/payment/checkout-session/${NOBODY}`) },
    ...(await leavingScreens(site, go)),
    ...(await linkScreens(site, go)),
    ...(await invoiceScreens(site, go)),
  ]
  return { screens, site }
}

type Go = (path: string) => Screen['open']

/** Serves each sample as the program serves a session. */
function addSamples(app: App, ctx: Context): void {
  const pages = createPayerPages(ctx)
  app.get('/samples/:name', c => {
    const view = SAMPLES[c.req.param('name')]
    assert.ok(view)
    const options = { selectedAddressId: c.req.query('asset') ?? null, apiPath: '/samples/api', testWalletPath: '/' }
    const frame = pages.frame(c, c.req.path)
    return pages.answer(frame, renderPaymentPage(frame, view, { ...pages.assets, ...pages.wallets, ...options }))
  })
  // Nothing happens to a sample: its page is told not to listen.
  app.get('/samples/api/events', c => c.body(null, 204))
}

/** With all that is folded away in a part of the page. */
function unfolded(open: Screen['open'], part: 'main' | 'footer'): Screen['open'] {
  return async (page, query) => {
    await open(page, query)
    await page.evaluate(`for (const fold of document.querySelectorAll('${part} details')) fold.open = true`)
  }
}

async function leavingScreens({ api }: PayerSite, go: Go): Promise<Screen[]> {
  const session = await newSession(api, { cancelUrl: 'https://shop.example/cart' })
  const open = go(`/payment/checkout-session/${session.id}`)
  const leave = async (page: Page, query?: string) => {
    await open(page, query)
    await page.locator('.cancel button').click()
    await page.locator('main:not([data-kind])').waitFor()
  }
  return [{ name: 'leaving', open: leave }]
}

async function linkScreens(site: PayerSite, go: Go): Promise<Screen[]> {
  const { api } = site
  const description = 'Two hours, eight people, three ways to brew.\nBring a mug.'
  const choose = { amount: undefined, suggestedAmounts: ['500000000', '1000000000', '2500000000'] }
  const [plain, open, ended, once] = [
    await addLink(api, { description }),
    await addLink(api, { ...choose, submitType: 'donate', title: 'Keep the roastery warm' }),
    await addLink(api),
    await addLink(api, { type: 'one_time' }),
  ]
  await api.ok('PUT', `/payment-links/${ended.id}/deactivate`)
  await pay(site, await sessionOf(site, `/payment/payment-link/${once.id}`))
  const typed = (amount: string): Screen['open'] => {
    const visit = go(`/payment/payment-link/${open.id}`)
    return async (page, query) => {
      await visit(page, query)
      await page.locator('#amount').fill(amount)
      await Promise.all([
        page.waitForResponse(answer => answer.status() === 400),
        page.locator('form:has(#amount) button').click(),
      ])
      await page.locator('#amount-error').waitFor()
    }
  }
  return [
    { name: 'link', open: go(`/payment/payment-link/${plain.id}`) },
    { name: 'linkOpenAmount', open: go(`/payment/payment-link/${open.id}`) },
    { name: 'linkWrongAmount', open: typed('twelve') },
    { name: 'linkWrongStep', open: typed('0.00000000001') },
    { name: 'linkInactive', open: go(`/payment/payment-link/${ended.id}`) },
    { name: 'linkPaid', open: go(`/payment/payment-link/${once.id}`) },
  ]
}

async function invoiceScreens(site: PayerSite, go: Go): Promise<Screen[]> {
  const { api, ctx } = site
  const customer = await api.ok('POST', '/customers', { email: 'ada@example.com', name: 'Ada Lovelace' })
  const tax = await api.ok('POST', '/tax-rates', { name: 'VAT', percentage: 19 })
  const dueDate = new Date(ctx.clock.now().getTime() + 14 * 86_400_000).toISOString()
  const make = async (changes: object = {}) =>
    `${(await api.ok('POST', '/invoices', { customerId: customer.id, lineItems: { data: [lineOf()] }, ...changes })).id}`
  const issued = async (changes: object = {}) => {
    const id = await make(changes)
    await api.ok('POST', `/invoices/${id}/finalize`)
    return id
  }
  const lineItems = { data: [lineOf({ quantity: 3, name: 'Espresso machine' }), lineOf({ name: 'Delivery' })] }
  const fields = { fields: [{ name: 'Order', value: 'PO-2026-0017' }] }
  const open = await issued({
    ...{ dueDate, lineItems, taxRateIds: [tax.id], customFields: fields },
    description: 'Thank you for your order.',
  })
  const [draft, withdrawn, paid] = [await make(), await issued(), await issued()]
  await api.ok('POST', `/invoices/${withdrawn}/void`)
  await pay(site, await sessionOf(site, `/payment/invoice/${paid}/pay`))
  const ids = { invoiceDraft: draft, invoice: open, invoiceVoid: withdrawn, invoicePaid: paid }
  return Object.entries(ids).map(([name, id]) => ({ name, open: go(`/payment/invoice/${id}`) }))
}

/** The id of the session that a form without fields leads to. */
export async function sessionOf({ url }: PayerSite, path: string): Promise<string> {
  const answer = await fetch(`${url}${path}`, { method: 'POST', redirect: 'manual' })
  assert.equal(answer.status, 303, path)
  return /checkout-session\/([0-9a-f-]{36})/.exec(answer.headers.get('location') ?? '')?.[1] ?? assert.fail(path)
}

/** Pays a session in full and lets the chain confirm it. */
export async function pay({ ctx, chain, api }: PayerSite, id: string): Promise<void> {
  const seen = await getCheckoutSession(ctx, api.caller.organizationId, id)
  assert.ok(seen)
  await chain.mine(header => [paymentTo(seen.found, header)])
  for (let block = 0; block < 3; block++) await chain.mine()
}
