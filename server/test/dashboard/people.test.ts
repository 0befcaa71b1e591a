// People where real money moves: second factors, who confirms that it is them and how, two tabs, owners, and the audit log.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { AUDIT_TEXTS } from '../../../web/dashboard/src/areas/settings/auditTexts.ts'
import type { AuditAction } from '../../src/domain/auditEntry.ts'
import { CONFIRMED_MS } from '../../src/domain/signIn.ts'
import type { Role } from '../../src/domain/user.ts'
import { DASHBOARD_PATHS } from '../../src/http/dashboard.ts'
import { inOrganization } from '../../src/store/database.ts'
import { insertMember } from '../../src/store/users.ts'
import { openApiCaller } from '../harness/apiCaller.ts'
import { codeAt } from '../harness/authenticator.ts'
import { addPerson, PASSWORD } from '../harness/people.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { checkScreen, openDashboard, visit } from './dashboard.ts'
import { addDevice } from './device.ts'

// Every action has its words on the page of the audit log, and no words are left over.
AUDIT_TEXTS satisfies Record<AuditAction, string>

const dashboard = await openDashboard({ mode: 'live', host: 'localhost' })
const { ctx, url, organizationId } = dashboard
const PERIOD_MS = 30_000

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const inDialog = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })
const asked = (page: Page) => page.getByRole('dialog', { name: 'Is it still you?' })

/** The code that the app shows now; each is taken once, so that a period passes with it. */
function nextCode(secret: string): string {
  ctx.clock.advance(PERIOD_MS)
  return codeAt(secret, ctx.clock.now())
}

/** A page of somebody new who is signed in with two factors. */
async function openAs(email: string, role: Role): Promise<Page> {
  return await dashboard.openAs(await addPerson(ctx, organizationId, email, role))
}

/** A page of somebody new who is an admin here, and of another organization as well. */
async function openAdminOfTwo(email: string): Promise<{ page: Page; otherId: string }> {
  const { organizationId: otherId } = (await openApiCaller(ctx)).caller
  const userId = await addPerson(ctx, organizationId, email, 'admin')
  await inOrganization(ctx.db, otherId, tx => insertMember(tx, otherId, { userId, role: 'admin' }, ctx.clock.now()))
  return { page: await dashboard.openAs(userId), otherId }
}

test('C7.4: an owner without a second factor sees Security alone until there is one; it is switched off by who confirms with a code', async () => {
  await addPerson(ctx, organizationId, 'ada@example.com', 'owner')
  const page = await dashboard.open(null)
  await visit(page, `${url}/sign-in?next=%2Fpayments`)
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').fill(PASSWORD)
  await button(page, 'Sign in').click()
  for (const path of [null, '/', '/settings/team', '/settings/addresses']) {
    if (path !== null) await page.goto(url + path)
    await page.waitForURL(`${url}/settings/security`)
    await page.getByText('Owners need a second factor where real money moves').waitFor()
  }
  assert.deepEqual(await page.getByRole('navigation', { name: 'Settings' }).getByRole('link').allTextContents(), [
    'Security',
  ])
  await checkScreen(page, 'settings-security-must')

  await button(page, 'Set it up').click()
  await page.getByText('The app cannot scan it').click()
  const secret =
    (await page
      .getByRole('dialog')
      .getByTitle(/^[A-Z2-7]{16,}$/)
      .getAttribute('title')) ?? ''
  await page.getByLabel('Code of your authenticator app').fill(nextCode(secret))
  await button(page, 'Switch it on').click()
  const codes = page.getByRole('dialog', { name: 'Keep your recovery codes' })
  await codes.waitFor()
  const first = await codes.getByRole('listitem').allTextContents()
  await checkScreen(page, 'settings-recovery-codes')
  await button(page, 'I have kept them').click()
  await page.getByRole('link', { name: 'Team' }).click()
  await page.getByRole('heading', { name: 'Team' }).waitFor()

  ctx.clock.advance(CONFIRMED_MS)
  await page.getByRole('link', { name: 'Security' }).click()
  await button(page, 'Make new recovery codes').click()
  await inDialog(page, 'Make new recovery codes').click()
  await asked(page).getByLabel('Code of your authenticator app').fill('000000')
  await button(page, 'Confirm with the code').click()
  await page.locator('[aria-invalid="true"]').waitFor()
  await asked(page).getByLabel('Code of your authenticator app').fill(nextCode(secret))
  await button(page, 'Confirm with the code').click()
  await codes.waitFor()
  const second = await codes.getByRole('listitem').allTextContents()
  assert.equal(new Set([...first, ...second]).size, 20)
  await button(page, 'I have kept them').click()

  await button(page, 'Switch it off').click()
  await inDialog(page, 'Switch it off').click()
  await page.getByText('Owners need a second factor where real money moves').waitFor()
  await page.goto(`${url}/payments`)
  await page.waitForURL(`${url}/settings/security`)
})

test('C7.4: whoever has a passkey confirms with it that it is them', async () => {
  const page = await openAs('grace@example.com', 'admin')
  const device = await addDevice(page)
  await visit(page, `${url}/settings/security`)
  await button(page, 'Add a passkey').click()
  await page.getByLabel('Name').fill('Laptop')
  await button(page, 'Make the passkey').click()
  const laptop = page.getByRole('listitem').filter({ hasText: 'Laptop' })
  await laptop.waitFor()
  ctx.clock.advance(CONFIRMED_MS)
  await device.choose()
  await laptop.getByRole('button', { name: 'Remove' }).click()
  await inDialog(page, 'Remove').click()
  await asked(page).getByRole('button', { name: 'Use a passkey' }).click()
  await laptop.waitFor({ state: 'detached' })
})

test('C7.2: a tab whose token another tab has renewed makes its change at once, and none in an organization that it does not show', async () => {
  const { page: here } = await openAdminOfTwo('hedy@example.com')
  const there = await here.context().newPage()
  const invite = async (email: string) => {
    await button(there, 'Invite somebody').click()
    await there.getByLabel('E-mail').fill(email)
    await inDialog(there, 'Invite').click()
  }
  await visit(there, `${url}/settings/team`)
  ctx.clock.advance(CONFIRMED_MS)
  await visit(here, `${url}/settings/security`)
  await button(here, 'Set it up').click()
  await asked(here).getByLabel('Password').fill(PASSWORD)
  await button(here, 'Confirm with the password').click()
  await here.getByText('The app cannot scan it').waitFor()
  await invite('one@example.com')
  await there.getByRole('dialog', { name: 'one@example.com is invited' }).waitFor()
  await button(there, 'Done').click()

  await here.keyboard.press('Escape')
  await here.getByRole('button', { name: /^Organization:/ }).click()
  const other = here.getByRole('menuitem', { name: /\(admin\)$/ }).last()
  await Promise.all([here.waitForResponse('**/api/account/organization'), other.click()])
  await invite('two@example.com')
  await there.waitForURL(`${url}/`)
  const { rows } = await ctx.db.owner.query('select email from invites where email in ($1, $2)', [
    'one@example.com',
    'two@example.com',
  ])
  assert.deepEqual(rows, [{ email: 'one@example.com' }])
})

test('C7.2: a page that its person keeps, with what they wrote for one organization, never saves it in another', async () => {
  const { page: here, otherId } = await openAdminOfTwo('lise@example.com')
  const there = await here.context().newPage()
  await visit(there, `${url}/tax-rates/new`)
  await there.getByLabel('Name', { exact: true }).pressSequentially('VAT')
  await there.getByLabel('Rate in percent').fill('19')
  await visit(here, `${url}/settings/team`)
  await here.getByRole('button', { name: /^Organization:/ }).click()
  const other = here.getByRole('menuitem', { name: /\(admin\)$/ }).last()
  await Promise.all([here.waitForResponse(/account\/organization$/), other.click()])
  // The browser asks whether to leave what is not saved: they stay, and try again.
  let asked = 0
  there.on('dialog', dialog => {
    asked += 1
    void dialog.dismiss()
  })
  const saveInVain = async () => {
    const before = asked
    const answer = there.waitForResponse(/api\/v1\/tax-rates$/)
    await button(there, 'Add tax rate').click()
    assert.equal((await answer).status(), 403)
    await waitUntil('the page is to begin anew', () => asked > before)
  }
  await saveInVain()
  await saveInVain()
  // What changes in the other organization is no reason to write for it.
  const before = asked
  await ctx.db.owner.query('update organizations set support_url = $1 where id = $2', [
    'https://shop.example/help',
    otherId,
  ])
  await waitUntil('the page is to begin anew', () => asked > before)
  await saveInVain()
  const { rows } = await ctx.db.owner.query("select organization_id from tax_rates where name = 'VAT'")
  assert.deepEqual(rows, [])
})

test('C8.4: another owner is unmade a day later, which all owners see and can cancel', async () => {
  const page = await openAs('emmy@example.com', 'owner')
  const other = await openAs('sofia@example.com', 'owner')
  await visit(page, `${url}/settings/team`)
  const sofia = page.getByRole('listitem').filter({ hasText: 'sofia@example.com' })
  await sofia.getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByText(/stays an owner for 24 hours/).waitFor()
  await checkScreen(page, 'settings-team-unmake')
  await inDialog(page, 'Remove').click()
  await page.getByText('Asked for: it counts in 24 hours').waitFor()
  await page.getByText('Remove the owner sofia@example.com').waitFor()
  await checkScreen(page, 'settings-team-waiting')
  await visit(other, `${url}/settings/team`)
  await button(other, 'Cancel the change').click()
  await inDialog(other, 'Cancel the change').click()
  await other.getByText('Changes that do not count yet').waitFor({ state: 'detached' })
})

test('C8.3: the check of the audit log says that it is whole, and at which entry it is not', async () => {
  const page = await openAs('rosalind@example.com', 'owner')
  await visit(page, `${url}/settings/audit`)
  const check = button(page, 'Check that nothing is missing or changed')
  await check.click()
  await page.getByText(/^All \d+ entries are there, as written$/).waitFor()
  await checkScreen(page, 'settings-audit-whole')
  await ctx.db.owner.query(
    `begin; set local session_replication_role = 'replica';
     update audit_entries set detail = '{"email":"nobody@example.com"}' where organization_id = '${organizationId}' and nth = 2;
     commit`,
  )
  await check.click()
  await page.getByText('Entry 2 was changed, or is missing').waitFor()
  await checkScreen(page, 'settings-audit-broken')
  await page.getByRole('row').nth(1).click()
  await page.getByRole('dialog').waitFor()
  await checkScreen(page, 'settings-audit-entry')
})

test('C7.1: no page of the dashboard is shown in a frame', async () => {
  for (const path of ['', ...DASHBOARD_PATHS, 'settings/security']) {
    const { headers } = await fetch(`${url}/${path}`)
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, path)
    assert.equal(headers.get('x-frame-options'), 'DENY', path)
  }
})
