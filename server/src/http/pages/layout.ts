import { html } from 'hono/html'
import { invariant } from '../../domain/errors.ts'
import { type Html, say, sayText } from './messages.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { webUrl } from './returnUrl.ts'

/** Where the page's own files are served: addresses under `/assets/`, and the integrity value of the script. */
export type PageAssets = { readonly scriptUrl: string; readonly scriptIntegrity: string; readonly styleUrl: string }

/** A whole HTML document: `head` goes into the head after the style sheet, `body` is everything between the body's tags. */
export function documentOf(parts: {
  title: string
  styleUrl: string
  icon: string
  head?: Html
  body: Html
  bodyData?: Html
}): string {
  const page = html`<!doctype html>
<html lang="${sayText('language')}" dir="${sayText('direction')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<title>${parts.title}</title>
<link rel="icon" href="${parts.icon}">
<link rel="stylesheet" href="${parts.styleUrl}">
${parts.head ?? ''}
</head>
<body ${parts.bodyData ?? ''}>
${parts.body}
</body>
</html>
`
  invariant(!(page instanceof Promise), 'nothing on a page is awaited')
  return page.toString()
}

/** The strip that tells test mode from live, above everything else. */
export function testBanner(isTest: boolean): Html | null {
  return isTest ? html`<header class="test-banner"><p>${say('testBanner')}</p></header>` : null
}

/** The merchant's logo, or the first letter of the name, and the name. */
export function brandMark(brand: PaymentPage['brand']): Html {
  return html`<p class="brand">${brandLogo(brand)}<bdi class="brand-name">${brand.name}</bdi></p>`
}

function brandLogo(brand: PaymentPage['brand']): Html {
  // Only a path of our own: the payer's address must not reach the merchant's image host.
  if (brand.logo !== null && /^\/(?!\/)/.test(brand.logo)) {
    return html`<img class="brand-logo" src="${brand.logo}" alt="" width="40" height="40">`
  }
  const letter = /[\p{L}\p{N}]/u.exec(brand.name)?.[0] ?? ''
  return html`<span class="brand-logo brand-letter" aria-hidden="true">${letter.toUpperCase()}</span>`
}

/** The page's last line: the merchant's help and terms, and who made the page. */
export function pageFooter(brand: PaymentPage['brand'] | null): Html {
  const links =
    brand === null
      ? []
      : [
          { url: webUrl(brand.supportUrl), label: say('support') },
          { url: webUrl(brand.termsUrl), label: say('terms') },
          { url: webUrl(brand.privacyUrl), label: say('privacy') },
        ].filter(link => link.url !== null)
  return html`<footer class="footer">${links.map(
    link => html`<a href="${link.url}" rel="noopener noreferrer" target="_blank">${link.label}</a>`,
  )}<span>${say('poweredBy')}</span></footer>`
}
