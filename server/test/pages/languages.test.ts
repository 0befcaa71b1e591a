// The pages in every language, on the smallest screens and without script where that is not said otherwise.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Known, LANGUAGES } from '../../src/http/pages/words/languages.ts'
import { wordsIn } from '../../src/http/pages/words.ts'
import { launchBrowser } from '../harness/browser.ts'
import { newLine, newSession } from '../harness/sessionFixtures.ts'
import { openScreens } from './screens.ts'
import { openStillPage } from './stillPage.ts'

const [browser, { screens, site }] = await Promise.all([launchBrowser(), openScreens()])
after(() => Promise.all([browser.close(), site.stop()]))

const PHONE = { width: 320, height: 640 }
const CONTROLS = ':is(.button, .copy, .link-button, .choice-option, summary, label, legend):not(.visually-hidden)'

/** What sticks out of the page, and what is cut off within a control. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const cut = [...document.querySelectorAll('${CONTROLS}')].filter(element => {
      const { overflow } = getComputedStyle(element)
      const range = document.createRange()
      range.selectNodeContents(element)
      const [text, box] = [range.getBoundingClientRect(), element.getBoundingClientRect()]
      return text.width > 0 && (text.left < box.left - 1 || text.right > box.right + 1 || text.top < box.top - 1 ||
        text.bottom > box.bottom + 1 || overflow === 'hidden' && element.scrollHeight > element.clientHeight + 1)
    })
    return [...(scrollWidth > clientWidth ? ['the page is ' + scrollWidth + ' wide'] : []), ...cut.map(element => element.outerHTML)]
  })()`)
}

/** What stands on the page from right to left, though it never may: amounts, addresses, hashes and ids. */
function mirrored(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('code, .copyable')].filter(element =>
    getComputedStyle(element).direction !== 'ltr').map(element => element.outerHTML)`)
}

for (const [code, { direction, locale }] of Object.entries<Known>(LANGUAGES)) {
  test(`${code}: every screen fits a phone of 320 pixels, cuts nothing off and says its language`, async () => {
    const { page, show } = await openStillPage(browser, { script: false })
    await page.setViewportSize(PHONE)
    for (const screen of screens) {
      await show(screen, `lang=${code}`)
      assert.deepEqual(await cutOff(page), [], screen.name)
      assert.deepEqual(await mirrored(page), [], screen.name)
      assert.deepEqual(await page.evaluate('[document.documentElement.lang, document.documentElement.dir]'), [
        locale,
        direction,
      ])
    }
    await page.context().close()
  })
}

const left = async (page: Page, selector: string) =>
  (await page.locator(selector).boundingBox())?.x ?? assert.fail(selector)

test('Arabic is a mirror of English: what is paid for stands right, the arrow back points there, the time left stands left', async () => {
  const { page, show } = await openStillPage(browser, { script: false })
  const screen = screens.find(({ name }) => name === 'open') ?? assert.fail('a screen')
  await page.setViewportSize({ width: 1280, height: 900 })
  for (const [code, sign] of [['en', 1] as const, ['ar', -1] as const]) {
    await show(screen, `lang=${code}`)
    const order = [
      ['.order', '.card'],
      ['.icon-back', '.cancel span'],
      ['#status', '#countdown'],
      ['.field-row .field-label', '.field-row .field-value'],
    ] as const
    for (const [first, second] of order) {
      assert.equal(
        Math.sign((await left(page, second)) - (await left(page, first))),
        sign,
        `${code}: ${first}, ${second}`,
      )
    }
    const arrow = await page.evaluate(
      "new DOMMatrix(getComputedStyle(document.querySelector('.icon-back')).transform).a",
    )
    assert.equal(arrow, sign)
  }
  await page.context().close()
})

for (const script of [true, false]) {
  test(`the menu keeps the chosen coin, and links and forms keep the language, ${script ? 'with' : 'without'} script`, async () => {
    const lineItems = [newLine({ currency: 'usd', unitAmount: '10000000000' })]
    const session = await newSession(site.api, { lineItems, cancelUrl: 'https://shop.example/cart' })
    const last = session.addresses.at(-1) ?? assert.fail('a coin')
    const [words, arabic] = [wordsIn('es'), wordsIn('ar')]
    const page = await (await browser.newContext({ javaScriptEnabled: script, locale: 'de-AT' })).newPage()
    const shows = async (lang: string) => {
      await page.locator(`html[lang=${lang}]`).waitFor()
      await page.locator('#choice-chosen', { hasText: last.asset.symbol }).waitFor()
      assert.equal(new URL(page.url()).searchParams.get('asset'), last.id)
    }
    const speak = async (name: string) => {
      await page.locator('#languages summary').click()
      await page.locator('.language', { hasText: name }).click()
    }
    await page.goto(`${site.url}/payment/checkout-session/${session.id}`)
    assert.equal(await page.locator('#status').textContent(), wordsIn('de').text('statusOpen'))
    await page.locator('#choice-chosen').click()
    await page.locator(`#option-${last.id}`).click()
    await shows('de')
    await speak('Español')
    await shows('es')
    assert.equal(await page.locator('.language[aria-current]').textContent(), 'Español')
    await speak('العربية')
    await shows('ar')
    await speak('Español')
    await shows('es')
    await page.locator('.cancel button').click()
    await page.getByRole('heading', { name: words.text('leavingHeading', { host: 'shop.example' }) }).waitFor()
    await page.getByRole('link', { name: words.text('continuePaying') }).click()
    await shows('es')
    assert.notEqual(words.text('statusOpen'), arabic.text('statusOpen'))
    await page.context().close()
  })
}

test('the days left to pay are told in the language of the page', async () => {
  // In the middle of an hour: the page counts down while it is looked at.
  const expiresAt = new Date(site.ctx.clock.now().getTime() + 74.5 * 3_600_000).toISOString()
  const session = await newSession(site.api, { expiresAt })
  const page = await (await browser.newContext()).newPage()
  for (const [lang, text] of [
    ['en', '3 d 2 h'],
    ['ja', '3 日 2 時間'],
  ] as const) {
    await page.goto(`${site.url}/payment/checkout-session/${session.id}?lang=${lang}`)
    await page.locator('#countdown', { hasText: text }).waitFor()
  }
  await page.context().close()
})

test('pages have the colour of their merchant, light and dark', async () => {
  const { page, show } = await openStillPage(browser, { script: false })
  for (const name of ['link', 'invoice']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await show(screens.find(screen => screen.name === name) ?? assert.fail('a screen'))
      const color = await page.evaluate("getComputedStyle(document.querySelector('form .button')).backgroundColor")
      assert.equal(color, 'rgb(31, 111, 235)', `${name}, ${colorScheme}`)
    }
  }
  await page.context().close()
})

test('the sheet of a colour is kept for ever, and nothing else has one', async () => {
  const answer = await fetch(`${site.url}/payment/theme/1f6feb.css`)
  assert.equal(answer.headers.get('content-type'), 'text/css; charset=utf-8')
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.match(await answer.text(), /--accent-fill: #1f6feb;/)
  for (const name of [
    '1f6feb',
    '1F6FEB.css',
    '1f6fe.css',
    '1f6feb0.css',
    'red.css',
    '%231f6feb.css',
    '1f6feb.css/x',
    '..%2f1f6feb.css',
  ]) {
    assert.equal((await fetch(`${site.url}/payment/theme/${name}`)).status, 404, name)
  }
})
