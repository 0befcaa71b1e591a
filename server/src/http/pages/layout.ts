import { html } from 'hono/html'
import { invariant } from '../../domain/errors.ts'
import { globeIcon } from './icons.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { webUrl } from './returnUrl.ts'
import { themePath } from './theme.ts'
import { LANGUAGES } from './words/languages.ts'
import type { Html, Words } from './words.ts'

type Brand = PaymentPage['brand']

/** A script of our own: its address under `/assets/`, and its SRI value. */
export type PageScript = { readonly path: string; readonly integrity: string }

/** What every page loads. */
export type PageAssets = { readonly script: PageScript }

/**
 * What pages are made with. `path` is where the page is, for links that lead to it again; null where it has no place of its own.
 * `query` is what such links keep: the coin and the language that the payer chose, and the site around the frame.
 */
export type PageFrame = {
  readonly words: Words
  readonly styleUrl: string
  readonly isTest: boolean
  readonly path: string | null
  readonly query: Readonly<Record<string, string>>
  /** The origin of the merchant's site that shows the page in a frame, or null. */
  readonly embedder: string | null
}

/** The page itself as the payer has it, but for what `changes` say of its query. */
export function hrefOf({ path, query }: PageFrame, changes: Readonly<Record<string, string>> = {}): string {
  const asked = new URLSearchParams({ ...query, ...changes }).toString()
  return asked === '' ? `${path ?? ''}` : `${path ?? ''}?${asked}`
}

/** Where a link to another site opens: at the top where a merchant's site shows the page in a frame. */
export function wayOut({ embedder }: PageFrame): Html | null {
  return embedder === null ? null : html` target="_top"`
}

/** A link to the page by itself, for wallets that do not reach into frames; null where it is by itself. */
export function openAlone(frame: PageFrame): Html | null {
  if (frame.embedder === null) return null
  const { embed: _, ...query } = frame.query
  return html`<p class="open-alone"><a href="${hrefOf({ ...frame, query })}" target="_blank" rel="noopener">${frame.words.say('openAlone')}</a></p>`
}

/** The script of a page that needs it for nothing but to tell the site around the frame that it is there. */
export function embeddedScript({ embedder }: PageFrame, { script }: PageAssets): Html | null {
  return embedder === null
    ? null
    : html`<script type="module" src="${script.path}" integrity="${script.integrity}"></script>`
}

/** A whole HTML document: `head` goes into the head after the style sheet, `body` stands between the test banner and the footer. */
export function documentOf(
  frame: PageFrame,
  parts: { title: string; icon: string; brand: Brand | null; head?: Html | null; body: Html; bodyData?: Html },
): string {
  const { words, styleUrl, isTest } = frame
  const style = themePath(parts.brand?.color ?? null) ?? styleUrl
  const page = html`<!doctype html>
<html lang="${words.locale}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<title>${parts.title}</title>
<link rel="icon" href="${parts.icon}">
<link rel="stylesheet" href="${style}">
${parts.head ?? ''}
</head>
<body ${parts.bodyData ?? ''}${frame.embedder === null ? null : html` data-embedder="${frame.embedder}" data-close="${words.text('closePayment')}"`}>
${isTest ? html`<header class="test-banner"><p>${words.say('testBanner')}</p></header>` : null}
${parts.body}
${footer(frame, parts.brand)}
</body>
</html>
`
  invariant(!(page instanceof Promise), 'nothing on a page is awaited')
  return page.toString()
}

/** The merchant's logo, or the first letter of the name, and the name. */
export function brandMark(brand: Brand): Html {
  return html`<p class="brand">${brandLogo(brand)}<bdi class="brand-name">${brand.name}</bdi></p>`
}

function brandLogo(brand: Brand): Html {
  // Only a path of our own: the payer's address must not reach the merchant's image host.
  if (brand.logo !== null && /^\/(?!\/)/.test(brand.logo)) {
    return html`<img class="brand-logo" src="${brand.logo}" alt="" width="40" height="40">`
  }
  const letter = /[\p{L}\p{N}]/u.exec(brand.name)?.[0] ?? ''
  return html`<span class="brand-logo brand-letter" aria-hidden="true">${letter.toUpperCase()}</span>`
}

/** The page's last line: the merchant's help and terms, the languages, and who made the page. */
function footer(frame: PageFrame, brand: Brand | null): Html {
  const { words } = frame
  const links =
    brand === null
      ? []
      : [
          { url: webUrl(brand.supportUrl), label: words.say('support') },
          { url: webUrl(brand.termsUrl), label: words.say('terms') },
          { url: webUrl(brand.privacyUrl), label: words.say('privacy') },
        ].filter(link => link.url !== null)
  return html`<footer class="footer">${links.map(
    link => html`<a href="${link.url}" rel="noopener noreferrer" target="_blank">${link.label}</a>`,
  )}${frame.path === null ? null : languageMenu(frame)}<span>${words.say('poweredBy')}</span></footer>`
}

/** The languages of the page as links to it, each under the name that its speakers give it. */
function languageMenu(frame: PageFrame): Html {
  const { language } = frame.words
  return html`<details class="languages" id="languages"><summary><span class="visually-hidden">${frame.words.say('language')}: </span>${globeIcon()}${
    LANGUAGES[language].name
  }</summary>
<ul>${Object.entries(LANGUAGES).map(
    ([code, { name, locale }]) =>
      html`<li><a class="language" href="${hrefOf(frame, { lang: code })}" lang="${locale}" hreflang="${locale}" data-lang="${code}"${
        code === language ? html` aria-current="true"` : null
      }>${name}</a></li>`,
  )}</ul></details>`
}
