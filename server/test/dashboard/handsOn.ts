import type { Page } from 'playwright-core'
import { isLoaded } from './dashboard.ts'

/** What somebody does at a page of the dashboard, told by what can be read there. */
export type Hands = {
  /** Presses a button or follows a link by its name. */
  press: (name: string) => Promise<void>
  /** Presses a button of the open dialog by its name. */
  confirm: (name: string) => Promise<void>
  type: (label: string, text: string) => Promise<void>
  /** Waits for the page of one object of an area, such as `tax-rates`, and answers with its id. */
  objectAt: (area: string) => Promise<string>
}

/** Hands at `page`. */
export function handsOn(page: Page): Hands {
  return {
    press: async name =>
      await page
        .getByRole('button', { name, exact: true })
        .or(page.getByRole('link', { name, exact: true }))
        .first()
        .click(),
    confirm: async name => await page.getByRole('dialog').getByRole('button', { name, exact: true }).click(),
    type: async (label, text) => await page.getByLabel(label, { exact: true }).fill(text),
    objectAt: async area => {
      await page.waitForURL(new RegExp(`/${area}/[0-9a-f]{8}-[0-9a-f-]{27}$`))
      const id = page.url().split('/').at(-1) ?? ''
      await page.getByTitle(id, { exact: true }).waitFor()
      await isLoaded(page)
      return id
    },
  }
}
