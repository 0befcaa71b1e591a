import { html } from 'hono/html'
import type { PaymentLink } from '../../domain/paymentLink.ts'
import { type AmountProblem, amountField, amountSentence, amountSuggestions } from './amountFields.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { brandMark, documentOf, embeddedScript, type PageAssets, type PageFrame } from './layout.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { Html, Words } from './words.ts'

/** What was wrong with what the payer typed, or that a payment cannot be begun just now. */
export type LinkProblem = { kind: AmountProblem | 'trouble'; typed: string }

/** What the page of a link shows beside it; paths are of our own origin. */
export type LinkPageOptions = PageAssets & {
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
<meta property="og:description" content="${link.description ?? brand.name}">
${embeddedScript(frame, options)}`,
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
<form class="form link-form" method="post" action="${options.payPath}">${
    total === null
      ? amountFields(words, link, problem)
      : submit(words.text(BUTTONS[link.options.submitType], { amount: total }))
  }</form>
<p class="form-hint">${words.say('linkNote')}</p>`
}

const BUTTONS = { pay: 'linkPay', book: 'linkBook', donate: 'linkDonate' } as const
const OPEN_BUTTONS = { pay: 'linkPayOpen', book: 'linkBookOpen', donate: 'linkDonateOpen' } as const

function amountFields(words: Words, { price, options }: PaymentLink, problem: LinkProblem | null): Html {
  const wrong = problem === null || problem.kind === 'trouble' ? null : amountSentence(words, price, problem.kind)
  const amount = price.open?.preset ?? null
  return html`${amountField(words, price, { typed: problem?.typed ?? null, amount, problem: wrong })}
${submit(words.text(OPEN_BUTTONS[options.submitType]))}`
}

function suggestionForm(words: Words, { price }: PaymentLink, payPath: string): Html | null {
  const suggestions = amountSuggestions(words, price)
  return suggestions === null ? null : html`<form class="form" method="post" action="${payPath}">${suggestions}</form>`
}

function submit(label: string): Html {
  return html`<button class="button button-first" type="submit">${label}</button>`
}
