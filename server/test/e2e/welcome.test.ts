// A newcomer's first minutes: what the terminal prints works as printed, the address leads somewhere, mistakes get a sentence that
// helps, and the world of yesterday is still there today.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { welcome } from '../../src/dev/welcome.ts'
import { launchBrowser } from '../harness/browser.ts'
import { startDevWorld } from '../harness/devWorld.ts'
import { createMerchant, type Session } from './merchant.ts'

const folder = mkdtempSync(join(tmpdir(), 'welcome-test-'))
const [first, browser] = await Promise.all([startDevWorld(['--data', folder]), launchBrowser()])
let world = first
after(async () => {
  await Promise.all([world.stop(), browser.close()])
  rmSync(folder, { recursive: true })
})

/** Runs a printed command in a shell as pasted, with a `curl` that hands its arguments to us, and sends what curl would send. */
async function paste(command: string): Promise<Response> {
  const curl = `curl() { '${process.execPath}' -p 'JSON.stringify(process.argv.slice(1))' -- "$@"; }`
  const args: string[] = JSON.parse(execFileSync('sh', ['-c', `${curl}\n${command}`], { encoding: 'utf8' }))
  const [url = '', ...options] = args
  const headers = options.flatMap((option, index) => (option === '-H' ? [options[index + 1]?.split(': ') ?? []] : []))
  const body = options[options.indexOf('-d') + 1] ?? ''
  assert.equal(options.length, headers.length * 2 + 2, 'options that this stand-in understands')
  return await fetch(url, { method: 'POST', headers: headers as [string, string][], body })
}

test('what is printed can be pasted: a session that a browser can pay, and a webhook endpoint', async () => {
  const text = welcome(world)
  const commands = text.match(/^ {2}curl (?:.*\\\n)*.*$/gm) ?? []
  assert.equal(commands.length, 2)
  const [session, endpoint] = await Promise.all(commands.map(paste))
  assert.equal(session?.status, 200)
  const { url } = (await session.json()) as Session
  const page = await browser.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: 'Pay with the test wallet' }).waitFor()
  await page.close()
  assert.equal(endpoint?.status, 200)
  assert.match(((await endpoint.json()) as { secret: string }).secret, /^whsec_/)
  assert.ok(Math.max(...text.split('\n').map(line => line.length)) < 220, 'no line is endless')
})

test('the server’s address is the dashboard’s, and the reference loads nothing from elsewhere', async () => {
  const page = await browser.newPage()
  const said: string[] = []
  const origins = new Set<string>()
  page.on('console', message => said.push(message.text()))
  page.on('request', request => origins.add(new URL(request.url()).origin))
  await page.goto(world.apiUrl)
  await page.getByRole('button', { name: 'Enter as the demo owner' }).waitFor()
  await page.goto(world.docsUrl)
  await page.locator('.opblock-summary', { hasText: 'Create a checkout session' }).waitFor()
  assert.deepEqual([[...origins], said.filter(text => !text.includes('favicon.ico'))], [[world.apiUrl], []])
  await page.close()
})

test('beginners’ mistakes are answered with what to do', async () => {
  const authorization = `Bearer ${world.apiKey}`
  const json = { authorization, 'content-type': 'application/json' }
  const tell = async (path: string, headers: Record<string, string>, body: string) => {
    const answer = await fetch(`${world.apiUrl}/api/v1${path}`, { method: 'POST', headers, body })
    return ((await answer.json()) as { message: string }).message
  }
  const form = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
  assert.equal(
    await tell('/checkout/sessions', form, '{}'),
    'Send the body as JSON, with the header Content-Type: application/json.',
  )
  assert.equal(await tell('/checkout/sessions', {}, '{}'), 'Send your API key as a header: Authorization: Bearer sk_…')
  const endpoint = { url: 'http://127.0.0.1:4000/', description: '', enabledEvents: { events: ['*'] } }
  assert.equal(await tell('/webhook-endpoints', json, JSON.stringify(endpoint)), 'description must not be empty.')
})

test('a world that is started again has the same key and sessions', async () => {
  const session = await createMerchant(world).createSession()
  assert.equal(await world.stop(), 0)
  const { apiKey } = world
  world = await startDevWorld(['--data', folder])
  assert.equal(world.apiKey, apiKey)
  const again = await createMerchant(world).getSession(session)
  assert.deepEqual(
    again.addresses.map(row => row.paymentAddress),
    session.addresses.map(row => row.paymentAddress),
  )
  assert.equal(again.url, `${world.apiUrl}/payment/checkout-session/${session.id}`)
  assert.equal(first.complaints() + world.complaints(), '')
})
