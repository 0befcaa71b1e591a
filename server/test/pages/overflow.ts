import type { Page } from 'playwright-core'

/** What sticks out of the screen, which would have to be scrolled to the side: markup, and how wide the page is. */
export function overflow(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.body.querySelectorAll('*')].filter(element => {
      const { left, right } = element.getBoundingClientRect()
      return right > clientWidth + 0.5 || left < -0.5
    }).map(element => element.outerHTML.slice(0, 200)).concat('the page is ' + scrollWidth + ' wide')
  })()`)
}
