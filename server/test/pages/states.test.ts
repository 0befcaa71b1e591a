// Everything that a payer can see, as everybody can use it: by eye, in the light and in the dark, on a phone and on a wide screen, by
// keyboard and by screen reader, from left to right and from right to left, with JavaScript and without.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Known, LANGUAGES } from '../../src/http/pages/words/languages.ts'
import { AXE, violations } from '../harness/axe.ts'
import { launchBrowser } from '../harness/browser.ts'
import { overflow } from './overflow.ts'
import { openScreens } from './screens.ts'
import { openStillPage, type StillPage } from './stillPage.ts'

const WIDTHS = { 320: 640, 1280: 900 }
/** What a width changes. */
const LAYOUT_RULES = ['color-contrast', 'scrollable-region-focusable', 'target-size']
/** What words change, and what a page has or lacks without script. */
const TEXT_RULES = [
  'aria-input-field-name',
  'button-name',
  'html-has-lang',
  'html-lang-valid',
  'image-alt',
  'label',
  'link-name',
  'svg-img-alt',
]
/** What a colour scheme changes; neither the script nor the direction of the language changes a colour. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']
const [browser, { screens, site }] = await Promise.all([launchBrowser(), openScreens()])
after(() => Promise.all([browser.close(), site.stop()]))

/** A language from right to left, if there is one. */
const rtl = Object.entries<Known>(LANGUAGES).find(([, { direction }]) => direction === 'rtl')
/** Neither script nor direction has to do with the other. */
const LOOKS: Look[] = [
  { script: 'on', language: 'en' },
  { script: 'off', language: 'en' },
  ...(rtl === undefined ? [] : [{ script: 'on' as const, language: rtl[0] }]),
]

type Stop = { html: string; isMarked: boolean; isSeen: boolean; isAfloat: boolean; x: number; y: number }

/** Each control as the focus comes to it by Tab, from the top until it leaves the page; and the controls that there are. */
async function tabThrough(page: Page): Promise<{ stops: Stop[]; controls: string[] }> {
  const controls: string[] = await page.evaluate(`(() => {
    globalThis.stops = []
    const top = document.createElement('div')
    top.tabIndex = -1
    document.body.prepend(top)
    top.focus()
    top.remove()
    document.addEventListener('focusin', ({ target }) => {
      const style = getComputedStyle(target)
      const { left, top, right, bottom } = target.getBoundingClientRect()
      globalThis.stops.push({
        html: target.outerHTML.slice(0, 120),
        isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        isSeen: left >= 0 && right <= innerWidth && bottom > 0 && top < innerHeight,
        isAfloat: target.closest('details > :not(summary)')?.computedStyleMap().get('position').value === 'absolute',
        x: left,
        y: top + scrollY,
      })
    })
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
      .filter(element => element.checkVisibility({ visibilityProperty: true }) && !element.disabled)
      .map(element => element.outerHTML.slice(0, 120))
  })()`)
  for (let count = 0; count <= controls.length; count++) await page.keyboard.press('Tab')
  return { stops: await page.evaluate('globalThis.stops'), controls }
}

/** Whether the focus goes down the page, or in one row from its start to its end; menus lie above the page. */
function isDownward(all: readonly Stop[], direction: 'ltr' | 'rtl'): boolean {
  const stops = all.filter(({ isAfloat }) => !isAfloat)
  return stops.every(({ x, y }, index) => {
    const before = stops[index - 1]
    if (before === undefined || y > before.y + 8) return true
    return Math.abs(y - before.y) <= 44 && (direction === 'ltr' ? x >= before.x : x <= before.x)
  })
}

type Look = { script: 'on' | 'off'; language: string }

/** What is shown, as it looks on a phone and on a wide screen. What only markup can break is looked at once. */
async function checkLooks({ page, run }: StillPage, { script, language }: Look): Promise<void> {
  await run(AXE)
  const isPlain = script === 'on' && language === 'en'
  for (const [width, height] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: Number(width), height })
    const where = `${width} px, script ${script}, ${language}`
    assert.deepEqual(await overflow(page), [], where)
    if (width === '320') {
      const rules = isPlain ? undefined : [...LAYOUT_RULES, ...TEXT_RULES]
      assert.deepEqual(await violations(page, rules), [], `light, ${where}`)
    } else if (isPlain) {
      assert.deepEqual(await violations(page, LAYOUT_RULES), [], `light, ${where}`)
      await page.emulateMedia({ colorScheme: 'dark' })
      assert.deepEqual(await violations(page, COLOUR_RULES), [], `dark, ${where}`)
      await page.emulateMedia({ colorScheme: 'light' })
    }
  }
}

async function checkKeyboard(page: Page, direction: 'ltr' | 'rtl'): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 })
  const { stops, controls } = await tabThrough(page)
  assert.deepEqual(
    stops.slice(0, controls.length).map(({ html }) => html),
    controls,
    'each control, in the order of the page',
  )
  assert.deepEqual(
    stops.filter(({ isMarked, isSeen }) => !isMarked || !isSeen),
    [],
    'whoever tabs sees where',
  )
  assert.ok(isDownward(stops.slice(0, controls.length), direction), JSON.stringify(stops))
}

const still = { on: await openStillPage(browser), off: await openStillPage(browser, { script: false }) }

const asked = new Set<string>()
for (const { page } of Object.values(still)) {
  page.on('request', request => {
    // What lies in the page itself is asked of nobody, and whoever is sent back to the shop leaves the page.
    const isLeaving = request.isNavigationRequest() && !request.url().startsWith(site.url)
    if (!request.url().startsWith('data:') && !isLeaving) asked.add(new URL(request.url()).origin)
  })
}

for (const screen of screens) {
  test(`${screen.name}: everybody can use it`, async () => {
    for (const { script, language } of LOOKS) {
      const direction = language === 'en' ? 'ltr' : 'rtl'
      const { page, show } = still[script]
      await show(screen, `lang=${language}`)
      assert.equal(await page.evaluate('document.documentElement.dir'), direction)
      assert.ok((await page.evaluate<number>('document.scripts.length')) <= 2)
      await checkLooks(still[script], { script, language })
      if (script === 'on') await checkKeyboard(page, direction)
    }
  })
}

test('C2.2: no screen asks another host for anything, nor has it more than two scripts', () => {
  assert.ok(asked.size > 0)
  assert.deepEqual([...asked], [site.url])
})

test('what would keep somebody out is noticed', async () => {
  const { page, show } = still.on
  const open = screens.find(({ name }) => name === 'open') ?? assert.fail('a screen')
  const faults: [string, RegExp][] = [
    ["document.getElementById('status').style.color = '#bbb'", /color-contrast/],
    ["document.getElementById('copy-amount').style.width = '2000px'", /copy-amount/],
    [
      "document.getElementById('copy-amount').removeAttribute('aria-label'), document.getElementById('copy-amount').textContent = ''",
      /button-name/,
    ],
    [
      "document.getElementById('copy-amount').tabIndex = -1, document.getElementById('amount').tabIndex = 0",
      /id="amount"/,
    ],
    [
      `const small = document.getElementById('copy-amount')
      small.style.cssText = 'min-block-size: 0; min-inline-size: 0; block-size: 10px; inline-size: 10px; padding: 0'
      small.parentElement.style.cssText = 'display: flex; gap: 0'
      small.after(small.cloneNode(true))`,
      /target-size/,
    ],
    ["document.getElementById('copy-amount').style.outline = 'none'", /isMarked: false/],
    ["document.getElementById('copy-amount').style.cssText = 'position: relative; top: 600px'", /"y":/],
  ]
  for (const [fault, noticed] of faults) {
    await show(open, 'lang=en')
    await page.evaluate(fault)
    const check = async () => {
      await checkLooks(still.on, { script: 'on', language: 'en' })
      await checkKeyboard(page, 'ltr')
    }
    await assert.rejects(check(), noticed, fault)
  }
})
