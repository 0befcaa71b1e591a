// Every example of the README as a reader would copy it: with the package as it is published, against the whole program.
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../../server/src/dev/embeddedPostgres.ts'
import { signWebhook } from '../../server/src/domain/webhook.ts'
import { startDevWorld } from '../../server/test/harness/devWorld.ts'
import { waitUntil } from '../../server/test/harness/waitUntil.ts'
import { Bitstream } from '../src/bitstream.ts'
import { buildSdk } from './buildSdk.ts'

const CHAIN_ID = 80_001
const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url))
const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const folder = mkdtempSync(join(tmpdir(), 'sdk-readme-'))
const started: ChildProcess[] = []
const [world, port] = await Promise.all([startDevWorld(), freePort()])
after(async () => {
  for (const child of started) child.kill()
  await world.stop()
  rmSync(folder, { recursive: true })
})

const bitstream = new Bitstream(world.apiKey, { baseUrl: world.apiUrl })
const hooks = `http://127.0.0.1:${port}`
const endpoint = await bitstream.webhookEndpoints.create({
  description: 'Orders',
  url: hooks,
  enabledEvents: { events: ['checkout_session.completed'] },
})
const secret = endpoint.secret ?? assert.fail('a new endpoint shows its secret')

// What a reader would put in: the addresses of the server, the shop and the wallet.
const ours: Record<string, string> = {
  'https://pay.example.com': world.apiUrl,
  'https://shop.example.com/webhooks': `${hooks}/other`,
  '0x1111111111111111111111111111111111111111': world.withdrawalAddresses[CHAIN_ID] ?? '',
  'listen(4242)': `listen(${port}, '127.0.0.1', () => console.log('ready'))`,
}
const blocks = [...README.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = '']) => text)
const [first = '', receiver = ''] = blocks
const isWhole = (text: string) => text.includes('new Bitstream(process.env') && text.includes('import { ')
const programs = blocks.map(text => {
  const whole = isWhole(text) ? text : `${first}${text}`
  return Object.entries(ours).reduce((result, [theirs, own]) => result.replaceAll(theirs, own), whole)
})

buildSdk(join(folder, 'node_modules', '@bitstream', 'sdk'))
mkdirSync(join(folder, 'node_modules', '@types'))
for (const name of ['@types/node', 'undici-types']) symlinkSync(join(MODULES, name), join(folder, 'node_modules', name))
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
for (const [index, text] of programs.entries()) writeFileSync(join(folder, `${index}.ts`), text)

const env = { ...process.env, BITSTREAM_KEY: world.apiKey, BITSTREAM_WEBHOOK_SECRET: secret }
const run = promisify(execFile)

test('there are examples, and the receiver is the second', () => {
  assert.ok(blocks.length >= 8)
  assert.match(receiver, /createServer/)
})

test('all of them fit the types of the package, as every kind of project reads them', async () => {
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--types', 'node', '--target', 'es2022']
  const files = programs.map((_, index) => `${index}.ts`)
  const projects = [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const
  await Promise.all(
    projects.map(async ([module, resolution]) => {
      const kind = ['--module', module, '--moduleResolution', resolution]
      await run(join(MODULES, '.bin', 'tsc'), [...options, ...kind, ...files], { cwd: folder }).catch(error =>
        assert.fail(`${module}: ${error.stdout}`),
      )
    }),
  )
})

describe('they run', () => {
  for (const [index, text] of blocks.entries()) {
    if (text === receiver) continue
    test(text.trim().split('\n').at(-1) ?? '', async () => {
      const { stdout, stderr } = await run(process.execPath, [`${index}.ts`], { cwd: folder, env })
      assert.equal(stderr, '')
      if (text.includes('console.log')) assert.notEqual(stdout, '')
    })
  }
})

describe('the receiver', async () => {
  const child = spawn(process.execPath, ['1.ts'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout }).on('line', line => lines.push(line))
  await once(reader, 'line')

  const newSession = (order: string) =>
    bitstream.checkout.sessions.create({
      lineItems: { data: [{ priceData: { currency: 'usdc', unitAmount: 5_00000000n, productData: { name: 'Tea' } } }] },
      successUrl: `${hooks}/thanks`,
      metadata: { order },
    })
  const shipped = (order: string) => lines.filter(line => line === `Order ${order} is paid: send it.`).length

  /** Posts an event as our server would, signed with `by`; answers with status and body. */
  async function post(id: string, sessionId: string, by = secret, now = Date.now()): Promise<string> {
    const data = { object: { id: sessionId, paymentStatus: 'paid' } }
    const body = JSON.stringify({ id, type: 'checkout_session.completed', object: 'checkoutSession', data })
    const headers = signWebhook({ id, timestampS: Math.floor(now / 1000), body, secrets: [by] })
    const response = await fetch(hooks, { method: 'POST', headers, body })
    return `${response.status} ${await response.text()}`.trim()
  }

  test('F159, A6.17: an order is fulfilled once, however often and at once it is told', async () => {
    const { id } = await newSession('paid')
    await bitstream.test.simulate({ checkoutSessionId: id, outcome: 'paid' })
    await waitUntil('the server tells the shop', async () => (shipped('paid') > 0 ? true : null))
    assert.equal(await post('evt_1', id), '200 duplicate')
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('evt_1', id)))
    assert.deepEqual(new Set(answers), new Set(['200 duplicate']))
    assert.equal(shipped('paid'), 1)
  })

  test('A6.17: twenty at once, none before them: one fulfils', async () => {
    const { id } = await newSession('many')
    // The events of the server go elsewhere, so that ours are the first.
    await bitstream.webhookEndpoints.update(endpoint.id, { isDisabled: true })
    await bitstream.test.simulate({ checkoutSessionId: id, outcome: 'paid' })
    await waitUntil('the session is paid', async () => {
      const { paymentStatus } = await bitstream.checkout.sessions.get(id)
      return paymentStatus === 'paid' ? true : null
    })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => post(`evt_${index}`, id)))
    assert.equal(answers.filter(answer => answer === '200 fulfilled').length, 1)
    assert.equal(answers.filter(answer => answer === '200 duplicate').length, 19)
    assert.equal(shipped('many'), 1)
  })

  test('A6.16: what is forged, old, or says more than the API, fulfils nothing', async () => {
    const { id } = await newSession('unpaid')
    const other = `whsec_${btoa('the secret of somebody else here')}`
    assert.equal(await post('evt_2', id, other), '401')
    assert.equal(await post('evt_2', id, secret, Date.now() - 301_000), '401')
    assert.equal((await fetch(hooks, { method: 'POST', body: '{"type":"checkout_session.completed"}' })).status, 401)
    assert.equal(await post('evt_2', id), '200 not paid')
    assert.equal(await post('evt_2', '01932c07-5a1e-7d3b-8f42-6c0a9e517b24'), '500')
    assert.equal(shipped('unpaid'), 0)
  })
})
