import { html } from 'hono/html'
import { formatDecimal } from '../../domain/money.ts'
import type { PaymentLink } from '../../domain/paymentLink.ts'
import { priceText } from './amountText.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { brandMark, documentOf, pageFooter, testBanner } from './layout.ts'
import { type Html, say, sayText } from './messages.ts'
import type { PaymentPage } from './paymentPageView.ts'

/** What was wrong with what the payer typed, or that a payment cannot be begun just now. */
export type LinkProblem = { kind: 'amount' | 'step' | 'range' | 'trouble'; typed: string }

/** What the page of a link shows beside it; paths are of our own origin. */
export type LinkPageOptions = {
  styleUrl: string
  isTest: boolean
  brand: PaymentPage['brand']
  isPaid: boolean
  /** Where our copy of the link's image is. */
  imagePath: string | null
  /** Where the form begins the payment. */
  payPath: string
  problem: LinkProblem | null
}

/** The page that a payer opens a link at: what it is for, the amount or the choice of one, and the one button that goes on. */
export function renderPaymentLinkPage(link: PaymentLink, options: LinkPageOptions): string {
  const { brand, styleUrl, isTest, isPaid } = options
  const kind = link.isActive ? 'open' : isPaid ? 'complete' : 'unready'
  return documentOf({
    title: `${link.title} – ${brand.name}`,
    styleUrl,
    icon: tabIcon(kind),
    head: html`<meta property="og:title" content="${link.title}">
<meta property="og:description" content="${link.description ?? brand.name}">`,
    body: html`${testBanner(isTest)}
<main class="page page-single">
<section class="card card-${kind}" aria-labelledby="heading">
${brandMark(brand)}
${link.isActive ? offer(link, options) : ended(isPaid, brand.name)}
</section>
</main>
${pageFooter(brand)}`,
  })
}

function ended(isPaid: boolean, merchant: string): Html {
  const [kind, text, lead] = isPaid
    ? (['complete', 'linkPaid', 'linkPaidLead'] as const)
    : (['unready', 'linkInactive', 'linkInactiveLead'] as const)
  return html`<div class="status">${stateIcon(kind)}<h1 id="heading" class="status-text">${say(text)}</h1></div>
<p class="lead">${say(lead, { merchant })}</p>`
}

function offer(link: PaymentLink, options: LinkPageOptions): Html {
  const { title, description, price } = link
  const { imagePath, problem } = options
  const total = price.unitAmount === null ? null : priceText(`${price.unitAmount}`, price.currency)
  return html`${imagePath === null ? null : html`<img class="link-image" src="${imagePath}" alt="">`}
<h1 id="heading" class="heading"><span class="link-title"><bdi>${title}</bdi></span>${
    total === null ? null : html`<span class="heading-total">${total}</span>`
  }</h1>
${description === null || description === '' ? null : html`<p class="lead link-description"><bdi>${description}</bdi></p>`}
${
  problem?.kind === 'trouble'
    ? html`<div role="alert"><p class="lead lead-strong">${say('linkTrouble')}</p><p class="lead">${say('linkTroubleNext')}</p></div>`
    : null
}
${total === null ? suggestionForm(link, options.payPath) : null}
<form class="link-form" method="post" action="${options.payPath}">${
    total === null ? amountFields(link, problem) : submit(sayText(BUTTONS[link.options.submitType], { amount: total }))
  }</form>
<p class="link-note">${say('linkNote')}</p>`
}

const BUTTONS = { pay: 'linkPay', book: 'linkBook', donate: 'linkDonate' } as const
const OPEN_BUTTONS = { pay: 'linkPayOpen', book: 'linkBookOpen', donate: 'linkDonateOpen' } as const

function amountFields({ price, options }: PaymentLink, problem: LinkProblem | null): Html {
  const { currency, open } = price
  const { suggestions = [], preset = null } = open ?? {}
  const typed = problem === null ? (preset === null ? '' : formatDecimal(preset, 8)) : problem.typed
  const label = suggestions.length === 0 ? 'linkAmount' : 'linkOtherAmount'
  const bounds = boundsText(price)
  const wrong = problem === null || problem.kind === 'trouble' ? null : problem.kind
  const error = wrong === null ? null : wrong === 'range' ? (bounds ?? say('linkWrongAmount')) : say(WRONG[wrong])
  const hint = wrong === 'range' ? null : bounds
  const described = [error !== null && 'amount-error', hint !== null && 'amount-hint'].filter(Boolean).join(' ')
  return html`<div class="link-amount"><label for="amount">${say(label, { currency: currency.toUpperCase() })}</label>
<input id="amount" class="input" name="amount" type="text" inputmode="decimal" autocomplete="off" maxlength="24" required value="${typed}" ${
    error === null ? null : html`aria-invalid="true"`
  } ${described === '' ? null : html`aria-describedby="${described}"`}>
${error === null ? null : html`<p id="amount-error" class="link-error" role="alert">${error}</p>`}
${hint === null ? null : html`<p id="amount-hint" class="link-note">${hint}</p>`}
</div>
${submit(sayText(OPEN_BUTTONS[options.submitType]))}`
}

const WRONG = { amount: 'linkWrongAmount', step: 'linkWrongStep' } as const

/** Suggestions are buttons: one press goes on. */
function suggestionForm({ price }: PaymentLink, payPath: string): Html | null {
  const { currency, open } = price
  const { suggestions = [] } = open ?? {}
  if (suggestions.length === 0) return null
  return html`<form method="post" action="${payPath}"><fieldset class="link-suggestions"><legend>${say('linkChoose')}</legend>
<div class="link-choices">${suggestions.map(
    amount =>
      html`<button class="button link-choice" type="submit" name="suggestion" value="${amount.toString()}">${priceText(`${amount}`, currency)}</button>`,
  )}</div></fieldset></form>`
}

function boundsText({ open, currency }: PaymentLink['price']): Html | null {
  const text = (amount: bigint) => priceText(`${amount}`, currency)
  const { min = null, max = null } = open ?? {}
  if (min !== null && max !== null) return say('linkBetween', { min: text(min), max: text(max) })
  if (min !== null) return say('linkAtLeast', { min: text(min) })
  return max === null ? null : say('linkAtMost', { max: text(max) })
}

function submit(label: string): Html {
  return html`<button class="button button-first" type="submit">${label}</button>`
}
