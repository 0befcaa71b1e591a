import assert from 'node:assert/strict'
import test, { type TestContext as T } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { type TestClock, testClock } from '../../test/harness/fixtures.ts'
import { type Receiver, startReceiver } from '../../test/harness/receiver.ts'
import { createTestContext } from '../../test/harness/testContext.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import type { Context } from '../context.ts'
import { createApp } from '../http/app.ts'
import { startJobs } from './jobs.ts'

/** Ends what a test started, the last first. */
type Ends = (end: () => Promise<void>) => void

function endsOf(t: T): Ends {
  const ends: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const end of ends.reverse()) await end()
  })
  return end => void ends.push(end)
}

type World = {
  ends: Ends
  ctx: Context
  clock: TestClock
  organizationId: string
  /** Calls the API and expects 200. */
  call: (method: string, path: string, body?: object) => Promise<Record<string, unknown>>
}

async function openWorld(t: T): Promise<World> {
  const clock = testClock()
  const { ctx, apiKey, organizationId, close } = await createTestContext({ clock })
  const ends = endsOf(t)
  ends(close)
  const app = createApp(ctx)
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) }
    const response = await app.request(`/api/v1${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as Record<string, unknown>
    assert.equal(response.status, 200, JSON.stringify(answer))
    return answer
  }
  return { ends, ctx, clock, organizationId, call }
}

function work({ ends, ctx }: World, options: Parameters<typeof startJobs>[2] = {}) {
  const stopping = new AbortController()
  const ended = startJobs(ctx, stopping.signal, { pollMs: 100, concurrency: 24, ...options })
  const stop = async () => {
    stopping.abort()
    await ended
  }
  ends(stop)
  return { stop }
}

async function receive(t: T): Promise<Receiver> {
  const receiver = await startReceiver()
  t.after(receiver.stop)
  return receiver
}

async function addEndpoint({ call }: World, url: string, events: string[] = ['*']) {
  const endpoint = await call('POST', '/webhook-endpoints', { description: 'x', url, enabledEvents: { events } })
  return { id: endpoint.id as string, secret: endpoint.secret as string }
}

test('a signed delivery', async t => {
  const world = await openWorld(t)
  const receiver = await receive(t)
  const endpoint = await addEndpoint(world, `${receiver.url}/hook`)
  work(world)
  await world.call('POST', `/webhook-endpoints/${endpoint.id}/test`)
  const request = await receiver.waitFor(() => true)
  new Webhook(endpoint.secret).verify(request.body, request.headers as Record<string, string>)
  await waitUntil('recorded', async () => {
    const { rows } = await world.ctx.db.owner.query('select * from deliveries')
    return rows[0]?.status === 'succeeded'
  })
})
