import type { Browser, Page } from 'playwright-core'
import type { Screen } from './screens.ts'

/** A page that stays where it was opened. */
export type StillPage = {
  readonly page: Page
  readonly show: (screen: Screen, query?: string) => Promise<void>
}

/**
 * A page whose clock stands, so that no countdown ends and no payer is sent back to the shop, and which follows no refresh of a page
 * without script.
 */
export async function openStillPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<StillPage> {
  const page = await (await browser.newContext(options)).newPage()
  let isOpening = false
  if (options.javaScriptEnabled !== false) await page.clock.setFixedTime(new Date())
  await page.route('**/*', async route => {
    const isRefresh = !isOpening && route.request().isNavigationRequest()
    await (isRefresh ? route.fulfill({ status: 204 }) : route.continue())
  })
  return {
    page,
    show: async (screen, query) => {
      isOpening = true
      await screen.open(page, query)
      isOpening = false
    },
  }
}
