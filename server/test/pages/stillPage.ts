import type { Browser, Page } from 'playwright-core'
import type { Screen } from './screens.ts'

/** A page that stays where it was opened. */
export type StillPage = {
  readonly page: Page
  /** Opens a screen in it. */
  readonly show: (screen: Screen, query?: string) => Promise<void>
  /** Runs a script of the test's own in what is shown. */
  readonly run: (script: string) => Promise<void>
}

/**
 * A page whose clock stands, so that no countdown ends and no payer is sent back to the shop, and which follows no refresh. `script`
 * false shows what there is without JavaScript: markup and style are as the browser made them then, and afterwards the test alone may
 * run something, as axe-core has to. Its policy is off for the same reason; others test it.
 */
export async function openStillPage(
  browser: Browser,
  { script = true, ...options }: { script?: boolean } & Parameters<Browser['newContext']>[0] = {},
): Promise<StillPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true, ...options })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  const disable = (value: boolean) => devtools.send('Emulation.setScriptExecutionDisabled', { value })
  let isOpening = false
  if (script) await page.clock.setFixedTime(new Date())
  await page.route('**/*', async route => {
    const isRefresh = !isOpening && route.request().isNavigationRequest()
    await (isRefresh ? route.fulfill({ status: 204 }) : route.continue())
  })
  return {
    page,
    // Large scripts take Playwright's own evaluation twice as long.
    run: async expression => {
      await devtools.send('Runtime.evaluate', { expression: `${expression};0` })
    },
    show: async (screen, query) => {
      // The screen before may be about to lead on by itself, which would come between.
      await page.goto('about:blank')
      isOpening = true
      if (!script) await disable(true)
      await screen.open(page, query)
      // A form's answer is there before its style sheet is.
      await page.waitForLoadState('load')
      isOpening = false
      if (script) return
      await disable(false)
      await page.evaluate(KEEP_STYLE)
    },
  }
}

/** Keeps in force what the style sheet says for pages without script. */
const KEEP_STYLE = `for (const { cssRules } of document.styleSheets)
  for (const rule of cssRules) if (/scripting: none/.test(rule.conditionText ?? '')) rule.media.mediaText = 'all'`
