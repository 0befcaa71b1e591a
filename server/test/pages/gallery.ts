// Pictures of everything that a payer can see, for people who look at them: `npm run gallery`; with `-- dashboard`, that a merchant can; with a part
// of names after it, the screens alone whose names match: `-- dashboard '^payments'`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '../harness/browser.ts'
import { globalSetup, globalTeardown } from '../harness/globalSetup.ts'
import { openScreens } from './screens.ts'
import { openStillPage } from './stillPage.ts'

/** A phone and a screen, by their widths. */
const DEVICES = [
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  { viewport: { width: 1280, height: 900 } },
]
const TEST_SCRIPT = fileURLToPath(new URL('../../../scripts/test.ts', import.meta.url))
const SCHEMES = ['light', 'dark'] as const

/** Takes the pictures of the screens whose names contain `part`, in `language`, and answers with the folder that they are in. */
async function takePictures(part: string, language: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'payer-gallery-'))
  await globalSetup()
  const [browser, { screens, site }] = await Promise.all([launchBrowser(), openScreens()])
  try {
    for (const device of DEVICES) {
      const { page, show } = await openStillPage(browser, device)
      for (const screen of screens.filter(({ name }) => name.includes(part))) {
        await page.setViewportSize(device.viewport)
        await show(screen, `lang=${language}`)
        // A picture of more than is in view would be one of a screen without touch.
        const height: number = await page.evaluate('document.documentElement.scrollHeight')
        await page.setViewportSize({ width: device.viewport.width, height })
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme })
          const path = join(folder, `${screen.name}-${device.viewport.width}-${colorScheme}.png`)
          await page.screenshot({ path, animations: 'disabled' })
        }
      }
    }
  } finally {
    await Promise.all([browser.close(), site.stop()])
    await globalTeardown()
  }
  return folder
}

/** Takes those of the dashboard, as its tests come to see them, and answers with the folder that they are in. */
async function takeDashboardPictures(screens: string | undefined): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-gallery-'))
  const args = [TEST_SCRIPT, `server/test/dashboard${screens === undefined ? '' : '/screens.test.ts'}`]
  const env = { ...process.env, PICTURES: folder, ...(screens !== undefined && { SCREENS: screens }) }
  const child = spawn(process.execPath, args, { stdio: ['ignore', 2, 2], env })
  await once(child, 'exit')
  return folder
}

const [part = '', language] = process.argv.slice(2)
console.log(part === 'dashboard' ? await takeDashboardPictures(language) : await takePictures(part, language ?? 'en'))
