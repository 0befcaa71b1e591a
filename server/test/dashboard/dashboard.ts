import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { authenticate } from '../../src/actions/authenticate.ts'
import { startSignIn } from '../../src/actions/authenticatePerson.ts'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import type { Context } from '../../src/context.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Role } from '../../src/domain/user.ts'
import { createApp } from '../../src/http/app.ts'
import { cookieName } from '../../src/http/personRequest.ts'
import { openRequestLog } from '../../src/http/requestLog.ts'
import { startJobs } from '../../src/workers/jobs.ts'
import { type ApiCaller, openApiCaller } from '../harness/apiCaller.ts'
import { AXE, violations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/browser.ts'
import { paymentTo, type RecordedChain, recordChain, type TestClock, testClock } from '../harness/fixtures.ts'
import { addMember } from '../harness/teamFixtures.ts'
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
  /** A page of a browser of its own at which a person is signed in, with two factors; they work for the organization unless told. */
  readonly openAs: (userId: string, organizationId?: string) => Promise<Page>
  /** Sends what a checkout session asks for, in USDC unless told, in the next block. */
  readonly send: (sessionId: string, payment?: Payment) => Promise<void>
  /** As `send`, with so many blocks after it that the payment is final. */
  readonly pay: (sessionId: string, payment?: Payment) => Promise<void>
}

/** What differs in a payment from the whole price in USDC. */
export type Payment = NonNullable<Parameters<typeof paymentTo>[2]>

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
  const { organizationId } = world
  const openAs: Dashboard['openAs'] = async (userId, of = organizationId) => {
    const context = await browser.newContext(STILL)
    await context.addCookies([{ ...(await signIn(ctx, userId, of)), url, httpOnly: true, sameSite: 'Lax' }])
    return watched(await context.newPage())
  }
  const open: Dashboard['open'] = async asked =>
    asked === null ? await openPage(browser) : await openAs(await memberOf(ctx, organizationId, asked))
  const page = await open(role)
  const chain = await recordChain(ctx)
  const send: Dashboard['send'] = async (sessionId, payment) => {
    const seen = await getCheckoutSession(ctx, organizationId, sessionId)
    invariant(seen, 'the session is stored')
    await chain.mine(header => [paymentTo(seen.found, header, payment)])
  }
  // The key of the world is one for tests, which tells in live mode whose it is and no more.
  const withTestKey = { ...ctx, config: { ...ctx.config, mode: 'test' } } as const
  return {
    ...{ url, page, browser, ctx, organizationId, chain, open, openAs, send },
    pay: async (sessionId, payment) => {
      await send(sessionId, payment)
      for (let blocks = 0; blocks < 3; blocks++) await chain.mine()
    },
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

/** Signs the person in, and answers with the cookie that says so. */
async function signIn(ctx: Context, userId: string, organizationId: string): Promise<{ name: string; value: string }> {
  const from = { address: '127.0.0.1', userAgent: 'Chromium' }
  const value = await startSignIn(ctx, { userId, organizationId, stage: 'whole', isStrong: true }, from)
  return { name: cookieName(ctx), value }
}

/** A member of the role, added where the organization has none. */
async function memberOf(ctx: Context, organizationId: string, role: Role): Promise<string> {
  const { rows } = await ctx.db.owner.query<{ user_id: string }>(
    'select user_id from members where organization_id = $1 and role = $2',
    [organizationId, role],
  )
  return rows[0]?.user_id ?? (await addMember(ctx, organizationId, `${role}@example.com`, role))
}
