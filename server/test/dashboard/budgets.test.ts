// What the dashboard may cost whoever opens it for the first time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openDashboard } from './dashboard.ts'

const SCRIPT_BYTES_MAX = 250_000
const STYLE_BYTES_MAX = 20_000

const dashboard = await openDashboard()
const { page } = dashboard

test('all that Home loads is below 250 KB of script and 20 KB of style, compressed, and from one host', async () => {
  const hosts = new Set<string>()
  const sizes: Record<string, number> = { script: 0, stylesheet: 0 }
  const bodies: Promise<void>[] = []
  page.on('response', response => {
    const type = response.request().resourceType()
    hosts.add(new URL(response.url()).origin)
    if (type !== 'script' && type !== 'stylesheet') return
    bodies.push(
      response.body().then(body => {
        sizes[type] = (sizes[type] ?? 0) + gzipSync(body).byteLength
      }),
    )
  })
  await dashboard.visit('/')
  await Promise.all(bodies)
  assert.deepEqual([...hosts], [dashboard.url])
  const { script = 0, stylesheet = 0 } = sizes
  assert.ok(script > 0 && script < SCRIPT_BYTES_MAX, `${script} bytes of script`)
  assert.ok(stylesheet > 0 && stylesheet < STYLE_BYTES_MAX, `${stylesheet} bytes of style`)
})
