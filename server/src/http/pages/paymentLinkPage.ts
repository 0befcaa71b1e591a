import { html } from 'hono/html'
import { formatDecimal } from '../../domain/money.ts'
import type { PaymentLink } from '../../domain/paymentLink.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { brandMark, documentOf, type PageFrame } from './layout.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { Html, Words } from './words.ts'

/** What was wrong with what the payer typed, or that a payment cannot be begun just now. */
export type LinkProblem = { kind: 'amount' | 'step' | 'range' | 'trouble'; typed: string }

/** What the page of a link shows beside it; paths are of our own origin. */
export type LinkPageOptions = {
  brand: PaymentPage['brand']
  isPaid: boolean
  /** Where our copy of the link's image is. */
  imagePath: string | null
  /** Where the form begins the payment. */
  payPath: string
  problem: LinkProblem | null
}

/** The page that a payer opens a link at: what it is for, the amount or the choice of one, and the one button that goes on. */
export function renderPaymentLinkPage(frame: PageFrame, link: PaymentLink, options: LinkPageOptions): string {
  const { words } = frame
  const { brand, isPaid } = options
  const kind = link.isActive ? 'open' : isPaid ? 'complete' : 'unready'
  return documentOf(frame, {
    title: `${link.title} – ${brand.name}`,
    icon: tabIcon(kind),
    brand,
    head: html`<meta property="og:title" content="${link.title}">
<meta property="og:description" content="${link.description ?? brand.name}">`,
    body: html`<main class="page page-single">
<section class="card card-${kind}" aria-labelledby="heading">
${brandMark(brand)}
${link.isActive ? offer(words, link, options) : ended(words, isPaid, brand.name)}
</section>
</main>`,
  })
}

function ended(words: Words, isPaid: boolean, merchant: string): Html {
  const [kind, text, lead] = isPaid
    ? (['complete', 'linkPaid', 'linkPaidLead'] as const)
    : (['unready', 'linkInactive', 'linkInactiveLead'] as const)
  return html`<div class="status">${stateIcon(kind)}<h1 id="heading" class="status-text">${words.say(text)}</h1></div>
<p class="lead">${words.say(lead, { merchant })}</p>`
}

function offer(words: Words, link: PaymentLink, options: LinkPageOptions): Html {
  const { title, description, price } = link
  const { imagePath, problem } = options
  const total = price.unitAmount === null ? null : words.price(`${price.unitAmount}`, price.currency)
  return html`${imagePath === null ? null : html`<img class="link-image" src="${imagePath}" alt="">`}
<h1 id="heading" class="heading"><span class="link-title"><bdi>${title}</bdi></span>${
    total === null ? null : html`<span class="heading-total">${total}</span>`
  }</h1>
${description === null || description === '' ? null : html`<p class="lead link-description"><bdi>${description}</bdi></p>`}
${
  problem?.kind === 'trouble'
    ? html`<div role="alert"><p class="lead lead-strong">${words.say('linkTrouble')}</p><p class="lead">${words.say('linkTroubleNext')}</p></div>`
    : null
}
${total === null ? suggestionForm(words, link, options.payPath) : null}
<form class="link-form" method="post" action="${options.payPath}">${
    total === null
      ? amountFields(words, link, problem)
      : submit(words.text(BUTTONS[link.options.submitType], { amount: total }))
  }</form>
<p class="link-note">${words.say('linkNote')}</p>`
}

const BUTTONS = { pay: 'linkPay', book: 'linkBook', donate: 'linkDonate' } as const
const OPEN_BUTTONS = { pay: 'linkPayOpen', book: 'linkBookOpen', donate: 'linkDonateOpen' } as const

function amountFields(words: Words, { price, options }: PaymentLink, problem: LinkProblem | null): Html {
  const { currency, open } = price
  const { suggestions = [], preset = null } = open ?? {}
  const typed = problem === null ? (preset === null ? '' : formatDecimal(preset, 8)) : problem.typed
  const label = suggestions.length === 0 ? 'linkAmount' : 'linkOtherAmount'
  const bounds = boundsText(words, price)
  const wrong = problem === null || problem.kind === 'trouble' ? null : problem.kind
  const error =
    wrong === null ? null : wrong === 'range' ? (bounds ?? words.say('linkWrongAmount')) : words.say(WRONG[wrong])
  const hint = wrong === 'range' ? null : bounds
  const described = [error !== null && 'amount-error', hint !== null && 'amount-hint'].filter(Boolean).join(' ')
  return html`<div class="link-amount"><label for="amount">${words.say(label, { currency: currency.toUpperCase() })}</label>
<input id="amount" class="input" name="amount" type="text" inputmode="decimal" autocomplete="off" maxlength="24" required value="${typed}" ${
    error === null ? null : html`aria-invalid="true"`
  } ${described === '' ? null : html`aria-describedby="${described}"`}>
${error === null ? null : html`<p id="amount-error" class="link-error" role="alert">${error}</p>`}
${hint === null ? null : html`<p id="amount-hint" class="link-note">${hint}</p>`}
</div>
${submit(words.text(OPEN_BUTTONS[options.submitType]))}`
}

const WRONG = { amount: 'linkWrongAmount', step: 'linkWrongStep' } as const

/** Suggestions are buttons: one press goes on. */
function suggestionForm(words: Words, { price }: PaymentLink, payPath: string): Html | null {
  const { currency, open } = price
  const { suggestions = [] } = open ?? {}
  if (suggestions.length === 0) return null
  return html`<form method="post" action="${payPath}"><fieldset class="link-suggestions"><legend>${words.say('linkChoose')}</legend>
<div class="link-choices">${suggestions.map(
    amount =>
      html`<button class="button link-choice" type="submit" name="suggestion" value="${amount.toString()}">${words.price(`${amount}`, currency)}</button>`,
  )}</div></fieldset></form>`
}

function boundsText(words: Words, { open, currency }: PaymentLink['price']): Html | null {
  const text = (amount: bigint) => words.price(`${amount}`, currency)
  const { min = null, max = null } = open ?? {}
  if (min !== null && max !== null) return words.say('linkBetween', { min: text(min), max: text(max) })
  if (min !== null) return words.say('linkAtLeast', { min: text(min) })
  return max === null ? null : words.say('linkAtMost', { max: text(max) })
}

function submit(label: string): Html {
  return html`<button class="button button-first" type="submit">${label}</button>`
}
