import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** The script of axe-core, which `violations` needs in the page. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The rules that the page breaks, of `rules` or else of all, each with the elements that do. */
export function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // It is not among those that run unless told (WCAG 2.2, 2.5.8).
  const all = { rules: { 'target-size': { enabled: true } } }
  const asked = JSON.stringify({ resultTypes: ['violations'], ...(rules === undefined ? all : { runOnly: rules }) })
  return page.evaluate(`axe.run(document, ${asked}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join('; ')))`)
}
