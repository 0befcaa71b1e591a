import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { launchBrowser } from './browser.ts'
import { startReceiver } from './receiver.ts'

const [browser, receiver] = await Promise.all([launchBrowser(), startReceiver()])
after(() => Promise.all([browser.close(), receiver.stop()]))

test('shows a page of the loopback address, runs its script and draws its letters', async () => {
  const body = `<!doctype html><p id=p>plain</p><script>p.textContent = [1, 2, 3].map(n => n * 2).join(' ')</script>`
  receiver.answerAll({ headers: { 'content-type': 'text/html' }, body })
  const page = await browser.newPage()
  await page.goto(`${receiver.url}/page`)
  assert.equal(await page.textContent('p'), '2 4 6')
  const width = await page.evaluate("p.style.display = 'inline-block', p.getBoundingClientRect().width")
  assert.ok(typeof width === 'number' && width > 20, `text is ${width} pixels wide`)
  await page.close()
})

test('reaches no other host', async () => {
  const page = await browser.newPage()
  await assert.rejects(page.goto('https://example.com/'), /ERR_NAME_NOT_RESOLVED/)
  await page.close()
})
