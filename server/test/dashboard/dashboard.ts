import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { authenticate } from '../../src/actions/authenticate.ts'
import { startSignIn } from '../../src/actions/authenticatePerson.ts'
import type { Context } from '../../src/context.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Role } from '../../src/domain/user.ts'
import { uuidv7 } from '../../src/domain/uuid.ts'
import { createApp } from '../../src/http/app.ts'
import { cookieName } from '../../src/http/personRequest.ts'
import { openRequestLog } from '../../src/http/requestLog.ts'
import { startJobs } from '../../src/workers/jobs.ts'
import { type ApiCaller, openApiCaller } from '../harness/apiCaller.ts'
import { AXE, violations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/browser.ts'
import { type RecordedChain, recordChain, type TestClock, testClock } from '../harness/fixtures.ts'
import { createTestContext } from '../harness/testContext.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { overflow } from '../pages/overflow.ts'

/** The dashboard of a fresh organization on a loopback port, over a chain of hand-made blocks, and a browser at it. */
export type Dashboard = {
  /** `http://HOST:PORT`, without a slash at the end. */
  readonly url: string
  /** The page of the person who is signed in. */
  readonly page: Page
  readonly browser: Browser
  readonly ctx: Context & { clock: TestClock }
  readonly chain: RecordedChain
  readonly organizationId: string
  /** The organization's own server, with a secret key. */
  readonly api: ApiCaller
  /** Opens a path of the dashboard in the page and waits until it shows what it loads. */
  readonly visit: (path: string) => Promise<void>
  /** A page of a browser of its own; `role` signs a member of that role in, null nobody. */
  readonly open: (role: Role | null) => Promise<Page>
}

const LOADED = `document.querySelector('.animate-pulse, [aria-busy="true"]') === null`

/** The least and the most that pages are made for, in CSS pixels. */
const PHONE = { width: 390, height: 844 }
const SCREEN = { width: 1280, height: 900 }
/** What a width changes, and what a colour scheme does. */
const LAYOUT_RULES = ['color-contrast', 'scrollable-region-focusable', 'target-size']
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** A browser whose pages move nothing and may use the clipboard. */
const STILL: BrowserContextOptions = {
  reducedMotion: 'reduce',
  viewport: SCREEN,
  permissions: ['clipboard-read', 'clipboard-write'],
}

/**
 * Opens a dashboard with somebody of `role` at it, the owner unless told; all of it is closed after the tests of the file, or after the test `until`. With
 * `hasJobs` webhooks and e-mails are sent, too.
 */
export async function openDashboard({
  role = 'owner',
  hasJobs = false,
  host = '127.0.0.1',
  mode = 'test',
  until = { after },
}: {
  role?: Role
  hasJobs?: boolean
  host?: 'localhost' | '127.0.0.1'
  mode?: 'test' | 'live'
  until?: { after: (close: () => Promise<void>) => void }
} = {}): Promise<Dashboard> {
  const clock = testClock(new Date(Math.floor(Date.now() / 1000) * 1000))
  const [browser, world] = await Promise.all([launchBrowser(), createTestContext({ clock, mode })])
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  invariant(typeof address === 'object' && address !== null, 'the server listens on a port')
  const url = `http://${host}:${address.port}`
  const ctx = { ...world.ctx, clock, config: { ...world.ctx.config, publicUrl: url } }
  const stopping = new AbortController()
  const log = openRequestLog(ctx)
  const listener = getRequestListener(createApp(ctx, stopping.signal, log).fetch)
  const jobs = hasJobs ? startJobs(ctx, stopping.signal) : null
  until.after(async () => {
    stopping.abort()
    await browser.close()
    server.close()
    server.closeAllConnections()
    await Promise.all([jobs, log.close()])
    await world.close()
  })
  const open: Dashboard['open'] = async asked => {
    const context = await browser.newContext(STILL)
    if (asked !== null) await signIn(ctx, context, { url, organizationId: world.organizationId, role: asked })
    return watched(await context.newPage())
  }
  const page = await open(role)
  // The key of the world is one for tests, which tells in live mode whose it is and no more.
  const withTestKey = { ...ctx, config: { ...ctx.config, mode: 'test' } } as const
  return {
    ...{ url, page, browser, ctx, open },
    organizationId: world.organizationId,
    chain: await recordChain(ctx),
    api: await openApiCaller(ctx, { of: await authenticate(withTestKey, world.apiKey) }),
    visit: path => visit(page, `${url}${path}`),
  }
}

/** A page of a browser of its own, with nobody signed in. */
export async function openPage(browser: Browser): Promise<Page> {
  return watched(await (await browser.newContext(STILL)).newPage())
}

/** Opens a page of the dashboard and waits until it shows what it loads. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.locator('h1').first().waitFor()
  await isLoaded(page)
}

/** Waits until nothing on the page stands for something that is still being loaded. */
export async function isLoaded(page: Page): Promise<void> {
  // Not by waitForFunction, which the page's policy forbids to look a second time.
  await waitUntil('nothing is being loaded', () => page.evaluate(LOADED))
}

/**
 * That everybody can use what the page shows: no violation that axe knows and nothing that sticks out, on a phone and on a wide
 * screen, in the light and in the dark; and that nothing failed in it so far. Pictures of it go into the folder that the
 * environment variable PICTURES names (`npm run gallery -- dashboard`).
 */
export async function checkScreen(page: Page, name: string): Promise<void> {
  await isLoaded(page)
  const isThere = await page.evaluate('typeof axe === "object"')
  if (!isThere) await inject(page, AXE)
  for (const viewport of [PHONE, SCREEN]) {
    await page.setViewportSize(viewport)
    const where = `${name} at ${viewport.width} px`
    assert.deepEqual(await overflow(page), [], where)
    assert.deepEqual(await violations(page, viewport === PHONE ? undefined : LAYOUT_RULES), [], `${where}, light`)
    await takePicture(page, `${name}-${viewport.width}-light`)
    await page.emulateMedia({ colorScheme: 'dark' })
    if (viewport === SCREEN) assert.deepEqual(await violations(page, COLOUR_RULES), [], `${where}, dark`)
    await takePicture(page, `${name}-${viewport.width}-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
  }
  assert.deepEqual(failures.get(page) ?? [], [], name)
}

async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  const { width, height } = page.viewportSize() ?? SCREEN
  const whole = await page.evaluate<number>('document.documentElement.scrollHeight')
  // Of a long list nobody looks at more than its beginning.
  const clip = { x: 0, y: 0, width, height: Math.min(whole, 3 * height) }
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, clip, animations: 'disabled' })
}

/** Runs a script of the test's own in the page, whose policy forbids it one from elsewhere. */
async function inject(page: Page, expression: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Runtime.evaluate', { expression: `${expression};0` })
  await devtools.detach()
}

const failures = new WeakMap<Page, string[]>()

/** Notes what fails in the page; an answer that is a refusal is for the page to show. */
function watched(page: Page): Page {
  const seen: string[] = []
  failures.set(page, seen)
  page.on('pageerror', error => seen.push(error.message))
  page.on('console', message => {
    const isRefusal = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isRefusal) seen.push(message.text())
  })
  return page
}

async function signIn(
  ctx: Context,
  context: BrowserContext,
  { url, organizationId, role }: { url: string; organizationId: string; role: Role },
): Promise<void> {
  const userId = await memberOf(ctx, organizationId, role)
  const from = { address: '127.0.0.1', userAgent: 'Chromium' }
  const token = await startSignIn(ctx, { userId, organizationId, stage: 'whole', isStrong: true }, from)
  await context.addCookies([{ name: cookieName(ctx), value: token, url, httpOnly: true, sameSite: 'Lax' }])
}

/** A member of the role, added where the organization has none. */
async function memberOf({ db, clock }: Context, organizationId: string, role: Role): Promise<string> {
  const found = await db.owner.query<{ user_id: string }>(
    'select user_id from members where organization_id = $1 and role = $2',
    [organizationId, role],
  )
  if (found.rows[0] !== undefined) return found.rows[0].user_id
  const now = clock.now()
  const id = uuidv7(now, randomBytes(10))
  await db.owner.query(
    `insert into users (id, created_at, updated_at, email, first_name, last_name, status) values ($1, $2, $2, $3, 'Ada', 'Lovelace', 'active')`,
    [id, now, `${role}@example.com`],
  )
  await db.owner.query(
    'insert into members (organization_id, user_id, created_at, updated_at, role) values ($1, $2, $3, $3, $4)',
    [organizationId, id, now, role],
  )
  return id
}
