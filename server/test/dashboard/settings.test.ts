// Settings: every page by axe and in pictures, and the main paths: brand, withdrawal addresses, payments, team, and what roles do not see.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WithdrawalAddress } from '../../../sdk/src/types.ts'
import { CONFIRMED_MS } from '../../src/domain/signIn.ts'
import { givePassword, PASSWORD } from '../harness/people.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { checkScreen, isLoaded, openDashboard, visit } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api, url } = dashboard

const live = await openDashboard({ mode: 'live' })

const WALLET = '0x52908400098527886E0F7030069857D2E4169EE7'
// A red square of 2 by 2 pixels.
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
  'base64',
)

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const gone = (name: string | RegExp) => page.getByRole('dialog', { name }).waitFor({ state: 'detached' })
const read = (path: string) => api.ok('GET', path)
const said = (text: string | RegExp) => page.getByText(text, { exact: true }).first().waitFor()

for (const tab of ['organization', 'brand', 'addresses', 'payments', 'invoices', 'team', 'audit']) {
  test(`everybody can use the settings: ${tab}`, async () => {
    await dashboard.visit(`/settings/${tab}`)
    await checkScreen(page, `settings-${tab}`)
  })
}

test('what is said of the organization is saved; what is wrong is told beside its field, which gets the focus', async () => {
  await dashboard.visit('/settings/organization')
  const details = page.locator('form').first()
  await details.getByLabel('Name').fill('Ada & Sons')
  await details.getByLabel('City').fill('London')
  await details.getByRole('button', { name: 'Save' }).click()
  await said('Saved')
  const organization = await read('/organization')
  assert.equal(organization.name, 'Ada & Sons')
  assert.deepEqual(organization.addressDetails, { city: 'London' })

  const email = page.getByLabel('Where you are told')
  await email.fill('nobody')
  await page.locator('form').nth(1).getByRole('button', { name: 'Save' }).click()
  await page.locator('[aria-invalid="true"]').waitFor()
  assert.equal(await page.evaluate('document.activeElement.name'), 'email')
  assert.match((await page.getByRole('alert').textContent()) ?? '', /e-?mail/i)
})

/** What somebody else saves, a second later. */
const change = (path: string, changes: object) => {
  dashboard.ctx.clock.advance(1_000)
  return api.ok('PUT', path, changes)
}

test('what somebody types stays, whatever others save meanwhile, and what nobody is at shows what they saved', async () => {
  await dashboard.visit('/settings/organization')
  const email = page.getByLabel('Where payers ask')
  await email.pressSequentially('help')
  await change('/organization', { websiteUrl: 'https://one.example', supportEmail: 'other@example.com' })
  const website = page.getByLabel('Website')
  await waitUntil('the new website shows', async () => (await website.inputValue()) === 'https://one.example')
  await email.pressSequentially('@example.com')
  dashboard.ctx.clock.advance(1_000)
  await page.locator('form').nth(1).getByRole('button', { name: 'Save' }).click()
  await said('Saved')
  assert.equal((await read('/organization')).supportEmail, 'help@example.com')

  await isLoaded(page)
  await website.focus()
  await email.focus()
  await change('/organization', { websiteUrl: 'https://two.example', supportEmail: 'other@example.com' })
  await waitUntil('the new website shows', async () => (await website.inputValue()) === 'https://two.example')
  assert.equal(await email.inputValue(), 'help@example.com')
  await website.focus()
  await waitUntil('the new e-mail shows', async () => (await email.inputValue()) === 'other@example.com')

  await page.getByRole('button', { name: 'Save' }).nth(1).focus()
  await email.focus()
  await email.press('Enter')
  await said('Saved')
  await isLoaded(page)
  await email.press('End')
  await email.pressSequentially('.a')
  await change('/organization', { websiteUrl: 'https://three.example' })
  await waitUntil('the newest website shows', async () => (await website.inputValue()) === 'https://three.example')
  assert.equal(await email.inputValue(), 'other@example.com.a')

  await dashboard.visit('/settings/invoices')
  const footer = page.getByLabel('Footer')
  await footer.pressSequentially('Thank')
  const changed = page.waitForResponse(/invoice-setting/)
  await change('/organization/invoice-setting', { description: 'Goods' })
  await changed
  await footer.pressSequentially(' you')
  assert.equal(await footer.inputValue(), 'Thank you')
})

test('what is typed while the form is being saved stays', async () => {
  await dashboard.visit('/settings/organization')
  const { promise: sent, resolve: send } = Promise.withResolvers<void>()
  await page.route('**/api/v1/organization', async route => {
    await sent
    await route.continue()
  })
  const city = page.getByLabel('City')
  const street = page.getByLabel('Street', { exact: true })
  dashboard.ctx.clock.advance(1_000)
  await city.fill('Paris')
  await page.locator('form').first().getByRole('button', { name: 'Save' }).click()
  await street.fill('Rue')
  send()
  await said('Saved')
  await isLoaded(page)
  assert.equal(await street.inputValue(), 'Rue')
  assert.deepEqual((await read('/organization')).addressDetails, { city: 'Paris' })
  await page.unroute('**/api/v1/organization')
  await page.locator('form').first().getByRole('button', { name: 'Save' }).click()
  await waitUntil('it is saved', async () => {
    const { addressDetails } = await read('/organization')
    return (addressDetails as Record<string, unknown>).line1 === 'Rue'
  })
})

test('F180: a logo and a colour are saved as payers see them, and the page of payers shows them before', async () => {
  await dashboard.visit('/settings/brand')
  const preview = page.frameLocator('iframe')
  await page.getByLabel('Colour').fill('#b3261e')
  await preview.locator('link[href="/payment/theme/b3261e.css"]').waitFor({ state: 'attached' })
  await page.getByLabel('Logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PNG })
  await preview.locator('img[src^="data:image/png"]').waitFor()
  const frame = page.frames().find(each => each !== page.mainFrame())
  const color = `getComputedStyle(document.querySelector('.button-first')).backgroundColor`
  await waitUntil('the button has the colour', async () => (await frame?.evaluate(color)) === 'rgb(179, 38, 30)')
  await button('Save').click()
  await said('Saved')
  const { brandColor, brandLogo } = await read('/organization')
  assert.equal(brandColor, '#b3261e')
  assert.ok(brandLogo !== null)

  await page
    .getByLabel('Logo')
    .setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') })
  await button('Save').click()
  await page.locator('[aria-invalid="true"]').waitFor()
})

test('F177: a withdrawal address with a mistyped letter is refused beside its field; a right one is saved, and made the default', async () => {
  await dashboard.visit('/settings/addresses')
  await button(/^Add/).first().click()
  await page.getByLabel('Name').fill('Treasury')
  await page.getByRole('textbox', { name: 'Address' }).fill(WALLET.replace('E0F', 'e0F'))
  await button('Save').click()
  await page.locator('[aria-invalid="true"]').waitFor()
  assert.match((await page.getByRole('alert').textContent()) ?? '', /checksum|mistyped|capital/i)
  await checkScreen(page, 'settings-address-refused')
  await page.getByRole('textbox', { name: 'Address' }).fill(WALLET)
  await button('Save').click()
  await gone('Add a withdrawal address')
  const chainId = dashboard.ctx.chains.keys().next().value
  const mine = async () => {
    const saved = (await read('/organization/withdrawal-addresses')) as unknown as WithdrawalAddress[]
    const found = saved.find(({ name }) => name === 'Treasury')
    assert.ok(found !== undefined)
    return found
  }
  assert.equal((await mine()).address.toLowerCase(), WALLET.toLowerCase())
  assert.equal((await mine()).chainId, chainId)

  assert.equal((await mine()).isDefault, false)
  await button('Change Treasury').click()
  await page.getByRole('menuitem', { name: 'Let new sessions pay here' }).click()
  await button('Let new sessions pay here').click()
  await gone(/^Let new sessions pay/)
  assert.equal((await mine()).isDefault, true)
})

test('coins, tolerance, surcharge and sweeping are saved, each by itself', async () => {
  await dashboard.visit('/settings/payments')
  await page.getByRole('checkbox', { name: 'USDC' }).first().uncheck()
  await button('Save').first().click()
  await said('Saved')
  await isLoaded(page)
  assert.equal(await page.getByRole('checkbox', { name: 'USDC' }).first().isChecked(), false)
  await page.getByLabel('How much may be missing, in percent').fill('0.5')
  await page.getByLabel('Taken before beyond doubt, in US dollars').fill('250.50')
  await page.locator('form', { hasText: 'How much may be missing' }).getByRole('button', { name: 'Save' }).click()
  await page.getByText('250.50 USD').waitFor()
  await page.getByRole('radio', { name: /When it is worth it/ }).check()
  await page.getByLabel('How many times the gas').fill('7')
  await page.locator('form', { hasText: 'Money is swept' }).getByRole('button', { name: 'Save' }).click()
  await waitUntil('the policy is saved', async () => (await read('/organization/payment-setting')).sweepWorth === 7)
  const setting = await read('/organization/payment-setting')
  assert.equal(setting.toleranceBps, 50)
  assert.equal(setting.fastCap, '25050000000')
  assert.deepEqual([setting.sweepPolicy, setting.sweepWorth], ['worth', 7])
  const chains = setting.allowedChains as { blacklistCurrencies: string[] }[]
  assert.deepEqual(
    chains.map(({ blacklistCurrencies }) => blacklistCurrencies),
    [['usdc']],
  )
})

test('somebody is invited with a role, asked again, and no longer', async () => {
  await dashboard.visit('/settings/team')
  await button('Invite somebody').click()
  await page.getByLabel('E-mail').fill('grace@example.com')
  await page.getByLabel('Role').selectOption('support')
  await said(/helps payers with checkouts/)
  await button('Invite').last().click()
  await said(/\/invite\//)
  await button('Done').click()
  await button('Send again').click()
  await said(/\/invite\//)
  await button('Done').click()
  await button('Withdraw').click()
  await page.getByRole('dialog', { name: 'Withdraw?' }).getByRole('button', { name: 'Withdraw' }).click()
  await said('Nobody is invited at the moment.')
})

test('F176: another role is given, the last owner stays one, and is told why', async () => {
  await dashboard.open('viewer')
  await dashboard.visit('/settings/team')
  const viewer = page.getByRole('listitem').filter({ hasText: 'viewer@example.com' })
  await viewer.getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Make developer' }).click()
  await button('Make developer').click()
  await viewer.getByText('Developer', { exact: true }).waitFor()

  await page.getByRole('listitem').filter({ hasText: 'You' }).getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Leave' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
  await said(/only owner: make somebody else an owner first/)
  await button('Cancel').click()
  await viewer.getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await button('Remove').click()
  await viewer.waitFor({ state: 'detached' })
})

test('who may only look is offered nothing to change', async () => {
  const looker = await dashboard.open('support')
  for (const tab of ['organization', 'addresses', 'payments', 'team']) {
    await visit(looker, `${url}/settings/${tab}`)
    const offered = looker.locator('main').getByRole('button', { name: /Save|Add|Change|Invite/ })
    assert.equal(await offered.count(), 0, tab)
  }
})

test('A5.8: where real money moves, another wallet is asked for by who confirms it is them, waits a day, and is canceled', async () => {
  const { page: there, ctx } = live
  const { rows } = await ctx.db.owner.query<{ user_id: string }>(
    `select user_id from members where organization_id = $1 and role = 'owner'`,
    [live.organizationId],
  )
  for (const { user_id: userId } of rows) await givePassword(ctx, userId)
  ctx.clock.advance(CONFIRMED_MS)
  const asked = there.getByRole('dialog', { name: 'Is it still you?' })
  await live.visit('/settings/security')
  await there.getByRole('button', { name: 'Set it up' }).click()
  await asked.waitFor()
  await checkScreen(there, 'confirmation')
  await there.keyboard.press('Escape')
  await there.getByText('The authenticator app was not set up').waitFor()

  await live.visit('/settings/addresses')
  await there
    .getByRole('button', { name: /^Change / })
    .first()
    .click()
  await there.getByRole('menuitem', { name: 'Change name or address' }).click()
  await there.getByRole('textbox', { name: 'Address' }).fill(WALLET)
  await there.getByRole('button', { name: 'Save' }).click()
  await asked.getByLabel('Password').fill('not the password')
  await asked.getByRole('button', { name: 'Confirm with the password' }).click()
  await asked.locator('[aria-invalid="true"]').waitFor()
  await asked.getByLabel('Password').fill(PASSWORD)
  await asked.getByRole('button', { name: 'Confirm with the password' }).click()
  await there.getByText('Asked for: it counts in 24 hours').waitFor()
  await there.getByText('Changes that do not count yet').waitFor()
  await there.getByText(/^Counts .+ asked for .+ by owner@example.com$/).waitFor()
  await checkScreen(there, 'settings-address-waiting')
  await there.getByRole('button', { name: 'Cancel the change' }).click()
  await there.getByRole('dialog').getByRole('button', { name: 'Cancel the change' }).click()
  await there.getByText('Changes that do not count yet').waitFor({ state: 'detached' })
})
