// The ways in: the first owner, a password, codes, passkeys, links by e-mail; by axe, in pictures, and walked by people.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { mailReset } from '../../src/actions/resetPassword.ts'
import { makeSetupLink } from '../../src/actions/setUpServer.ts'
import { openApiCaller } from '../harness/apiCaller.ts'
import { codeAt } from '../harness/authenticator.ts'
import { addPerson, PASSWORD } from '../harness/people.ts'
import { checkScreen, openDashboard, visit } from './dashboard.ts'
import { addDevice } from './device.ts'

const dashboard = await openDashboard({ host: 'localhost' })
const { ctx, url } = dashboard
const PERIOD_MS = 30_000

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const focused = (page: Page) => page.evaluate('document.activeElement.name')
const isInside = (page: Page) => page.getByRole('navigation', { name: 'Areas' }).waitFor()

async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await visit(page, `${url}/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await button(page, 'Sign in').click()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^You:/ }).click()
  await page.getByRole('menuitem', { name: /^Sign out/ }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

/** The code that the app shows now; each is taken once, so that a period passes with it. */
function nextCode(secret: string): string {
  ctx.clock.advance(PERIOD_MS)
  return codeAt(secret, ctx.clock.now())
}

/** The link that a worker mails to whoever forgot the password. */
async function mailedLink(email: string): Promise<string> {
  await mailReset(ctx, email)
  const { rows } = await ctx.db.owner.query<{ text: string }>('select text from emails where recipient = $1', [email])
  return /http\S+\/reset\S+/.exec(rows[0]?.text ?? '')?.[0] ?? ''
}

test('the first owner is made with the link, sets an authenticator app up, and comes in with it and with a recovery code', async () => {
  await ctx.db.owner.query('delete from members')
  const page = await dashboard.open(null)
  await visit(page, `${url}/sign-in`)
  await page.getByText('Nobody has an account here yet').waitFor()
  await checkScreen(page, 'sign-in-nobody')
  await visit(page, `${url}/setup`)
  await page.getByText('The server prints a link when it starts').waitFor()
  await checkScreen(page, 'setup-without-link')
  const link = await makeSetupLink(ctx)
  assert.ok(link !== null)
  await visit(page, link)
  assert.equal(await focused(page), 'organizationName')
  await page.getByLabel('What payers see as your name').fill('Difference Coffee')
  await page.getByLabel('First name').fill('Ada')
  await page.getByLabel('Last name').fill('Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').fill('too short')
  await button(page, 'Become the owner').click()
  await page.getByText(/at least 12 characters; this has 9/).waitFor()
  assert.equal(await focused(page), 'password')
  await checkScreen(page, 'setup-refused')
  await page.getByLabel('Password').fill(PASSWORD)
  await button(page, 'Become the owner').click()
  await isInside(page)

  await visit(page, `${url}/settings/security`)
  await checkScreen(page, 'settings-security')
  await button(page, 'Set it up').click()
  await page.getByText('The app cannot scan it').click()
  const key = page.getByRole('dialog').getByTitle(/^[A-Z2-7]{16,}$/)
  const secret = (await key.getAttribute('title')) ?? ''
  await checkScreen(page, 'settings-totp')
  await page.getByLabel('Code of your authenticator app').fill(nextCode(secret))
  await button(page, 'Switch it on').click()
  await page.getByRole('dialog', { name: 'Keep your recovery codes' }).waitFor()
  const [recovery = ''] = await page.getByRole('dialog').getByRole('listitem').allTextContents()
  await button(page, 'I have kept them').click()

  await signOut(page)
  await signIn(page, 'ada@example.com')
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  assert.equal(await focused(page), 'code')
  await checkScreen(page, 'second-factor')
  const code = nextCode(secret)
  await page.getByLabel('Code of your authenticator app').fill('000000')
  await button(page, 'Continue').click()
  await page.locator('[aria-invalid="true"]').waitFor()
  await page.getByLabel('Code of your authenticator app').fill(code)
  await button(page, 'Continue').click()
  await isInside(page)

  await signOut(page)
  await signIn(page, 'ada@example.com')
  await button(page, 'Use a recovery code').click()
  assert.equal(await focused(page), 'code')
  await checkScreen(page, 'second-factor-recovery')
  await page.getByLabel('Recovery code').fill(recovery)
  await button(page, 'Continue').click()
  await isInside(page)
})

test('a wrong password is refused with one sentence, and what is missing is told beside its field', async () => {
  const page = await dashboard.open(null)
  await signIn(page, 'ada@example.com', 'not the password')
  await page.getByText('The e-mail address or the password is not right.').waitFor()
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Sign in')
  await checkScreen(page, 'sign-in-refused')
  await signIn(page, 'nobody', PASSWORD)
  await page.locator('[aria-invalid="true"]').waitFor()
  assert.equal(await focused(page), 'email')
})

test('F174: who forgot the password sets another one with the link, which counts once', async () => {
  await addPerson(ctx, dashboard.organizationId, 'grace@example.com', 'viewer')
  const page = await dashboard.open(null)
  await visit(page, `${url}/sign-in`)
  await page.getByRole('link', { name: 'I forgot my password' }).click()
  await button(page, 'Send me a link').waitFor()
  await page.getByLabel('E-mail').fill('grace@example.com')
  await checkScreen(page, 'reset-ask')
  await button(page, 'Send me a link').click()
  await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor()
  await checkScreen(page, 'reset-sent')
  const link = await mailedLink('grace@example.com')
  await visit(page, link)
  const password = page.getByLabel('New password')
  await password.fill('aaaaaaaaaaaa')
  assert.equal(await page.getByText('(met)').count(), 1)
  await password.fill('seven boats under the bridge')
  assert.equal(await page.getByText('(met)').count(), 2)
  await checkScreen(page, 'reset')
  await button(page, 'Set the password').click()
  await isInside(page)
  await signOut(page)
  await visit(page, link)
  await password.fill('eight boats under the bridge')
  await button(page, 'Set the password').click()
  await page.getByText(/link has been used/).waitFor()
  await checkScreen(page, 'reset-used')
  await signIn(page, 'grace@example.com', 'seven boats under the bridge')
  await isInside(page)
})

test('F174: somebody new and somebody known accept an invite, each once', async () => {
  const { api } = dashboard
  const inviteTo = async (email: string) => (await api.ok('POST', '/invites', { email, role: 'developer' })).inviteUrl
  const page = await dashboard.open(null)
  const link = String(await inviteTo('emmy@example.com'))
  await visit(page, link)
  await page.getByText(/emmy@example.com is invited as developer/).waitFor()
  await page.getByLabel('First name').fill('Emmy')
  await page.getByLabel('Last name').fill('Noether')
  await page.getByLabel('Password').fill(PASSWORD)
  await checkScreen(page, 'invite')
  await button(page, /^Join/).click()
  await isInside(page)
  await page.getByRole('button', { name: 'You: emmy@example.com' }).waitFor()
  await visit(page, link)
  await page.getByText('This invite cannot be used').waitFor()
  await checkScreen(page, 'invite-used')

  await ctx.db.owner.query(
    `delete from members where user_id = (select id from users where email = 'emmy@example.com')`,
  )
  const other = await dashboard.open(null)
  await visit(other, String(await inviteTo('emmy@example.com')))
  await checkScreen(other, 'invite-known')
  await other.getByLabel('Password').fill(PASSWORD)
  await button(other, /^Join/).click()
  await isInside(other)
})

test('F174: whoever is signed in accepts an invite without a password, and works for the other organization from then on', async () => {
  const { api } = dashboard
  const shop = await openApiCaller(ctx)
  await addPerson(ctx, shop.caller.organizationId, 'hedy@example.com', 'owner')
  const page = await dashboard.open(null)
  await signIn(page, 'hedy@example.com')
  await isInside(page)
  const invite = await api.ok('POST', '/invites', { email: 'hedy@example.com', role: 'viewer' })
  await visit(page, String(invite.inviteUrl))
  assert.equal(await page.getByLabel('Password').count(), 0)
  await checkScreen(page, 'invite-signed-in')
  await button(page, 'Join Demo Shop').click()
  await page.getByRole('button', { name: 'Organization: Demo Shop' }).click()
  await page.getByRole('menuitem', { name: 'Demo Shop (viewer)' }).waitFor()
  assert.equal(await page.getByRole('menuitem').count(), 2)
})

test('passkeys are not offered at an IP address, and the page says why', async () => {
  const page = await dashboard.open(null)
  await visit(page, `${url.replace('localhost', '127.0.0.1')}/sign-in`)
  await page.getByText('Passkeys need a host name: open the dashboard by its name, not as 127.0.0.1.').waitFor()
  assert.equal(await page.getByRole('button', { name: /passkey/ }).count(), 0)
  await checkScreen(page, 'sign-in-address')
})

test('a passkey is made on the device and lets its person in alone, and is asked for by its name', async () => {
  const page = await dashboard.open('admin')
  const device = await addDevice(page)
  await visit(page, `${url}/settings/security`)
  await button(page, 'Add a passkey').click()
  await page.getByLabel('Name').fill('Laptop')
  await button(page, 'Make the passkey').click()
  await page.getByRole('listitem').filter({ hasText: 'Laptop' }).waitFor()
  await device.choose()
  await signOut(page)
  await button(page, 'Sign in with a passkey').click()
  await isInside(page)
  await visit(page, `${url}/settings/security`)
  const passkey = page.getByRole('listitem').filter({ hasText: 'Laptop' })
  await passkey.getByText(/used now|used this minute/).waitFor()
  // Not before: the look at the screen ends what stands for the device.
  await checkScreen(page, 'settings-security-passkey')
  await passkey.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog', { name: 'Remove?' }).getByRole('button', { name: 'Remove' }).click()
  await passkey.waitFor({ state: 'detached' })
})

test('F183: whoever is signed out elsewhere is asked to sign in at the next step', async () => {
  const [here, there] = [await dashboard.open(null), await dashboard.open(null)]
  for (const page of [here, there]) {
    await signIn(page, 'emmy@example.com')
    await isInside(page)
  }
  await visit(here, `${url}/settings/security`)
  await button(here, 'Sign out everywhere else').click()
  await here.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click()
  await here.getByText('You are signed in here alone').waitFor()
  await there.getByRole('link', { name: 'Settings' }).click()
  await there.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await here.getByText('This one').count(), 1)
})
