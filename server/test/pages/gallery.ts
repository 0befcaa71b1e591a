// Pictures of everything that a payer can see, for people who look at them: `npm run gallery`.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser } from '../harness/browser.ts'
import { globalSetup, globalTeardown } from '../harness/globalSetup.ts'
import { openScreens } from './screens.ts'
import { openStillPage } from './stillPage.ts'

const WIDTHS = { 390: 844, 1280: 900 }
const SCHEMES = ['light', 'dark'] as const

/** Takes the pictures of the screens whose names contain `part`, in `language`, and answers with the folder that they are in. */
async function takePictures(part: string, language: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'payer-gallery-'))
  await globalSetup()
  const [browser, { screens, site }] = await Promise.all([launchBrowser(), openScreens()])
  try {
    const { page, show } = await openStillPage(browser)
    for (const screen of screens.filter(({ name }) => name.includes(part))) {
      await show(screen, `lang=${language}`)
      for (const [width, height] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width: Number(width), height })
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme })
          const path = join(folder, `${screen.name}-${width}-${colorScheme}.png`)
          await page.screenshot({ path, fullPage: true, animations: 'disabled' })
        }
      }
    }
  } finally {
    await Promise.all([browser.close(), site.stop()])
    await globalTeardown()
  }
  return folder
}

const [part = '', language = 'en'] = process.argv.slice(2)
console.log(await takePictures(part, language))
