import { html } from 'hono/html'
import { coinText } from './amountText.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { documentOf, hrefOf, openAlone, type PageAssets, type PageFrame, wayOut } from './layout.ts'
import { hasMerchantNotice, merchantContact, notices } from './notices.ts'
import { orderSummary } from './orderSummary.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { isTimeUp, type PaymentState, type PaymentStateKind, paymentState } from './paymentState.ts'
import { partTexts, payPanel } from './payPanel.ts'
import { paymentList, receipt } from './receipt.ts'
import { hostOf, returnUrl } from './returnUrl.ts'
import type { WalletOptions } from './walletPanel.ts'
import type { Html, MessageKey, Words } from './words.ts'

/** Seconds that a payer sees the receipt before the page goes back to the shop. */
export const RETURN_AFTER_S = 3
const REFRESH_OPEN_S = 15
const REFRESH_PROCESSING_S = 5

/**
 * How a page is to be rendered. `selectedAddressId` is the query's `asset`, believed only if it is the session's own.
 * `apiPath` are the session's payer routes (`…/cancel`, `…/events`), of the same origin;
 * `testWalletPath` takes the form of "Pay with the test wallet" (field `addressId`), null where there is no test wallet.
 */
export type PaymentPageOptions = PageAssets &
  WalletOptions & {
    readonly selectedAddressId: string | null
    readonly apiPath: string
    readonly testWalletPath: string | null
  }

const STATUS: Record<PaymentStateKind, MessageKey> = {
  open: 'statusOpen',
  partial: 'statusPartial',
  processing: 'statusProcessing',
  complete: 'statusComplete',
  expired: 'statusExpired',
  expiredPartial: 'statusExpiredPartial',
  unready: 'statusUnready',
}

const TITLE: Record<PaymentStateKind, MessageKey> = {
  open: 'titleOpen',
  partial: 'titlePartial',
  processing: 'titleProcessing',
  complete: 'titleComplete',
  expired: 'titleExpired',
  expiredPartial: 'titleExpired',
  unready: 'titleOpen',
}

/** The payer's page of a checkout session as a whole HTML document, complete and payable without script. */
export function renderPaymentPage(frame: PageFrame, view: PaymentPage, options: PaymentPageOptions): string {
  const { words } = frame
  const state = paymentState(view, options.selectedAddressId)
  const values = statusValues(view, state)
  return documentOf(frame, {
    title: words.text(TITLE[state.kind], values),
    icon: tabIcon(state.kind),
    brand: view.brand,
    head: html`<script type="module" src="${options.script.path}" integrity="${options.script.integrity}"></script>
${mayBePaid(state.kind) ? walletScriptTag(options) : null}
${refreshTag(frame, view, state)}`,
    bodyData: bodyData(words, view, options),
    body: html`<main id="page" class="page" data-kind="${state.kind}" data-announce="${words.text(STATUS[state.kind], values)}">
${orderSummary(frame, view, state.kind, options.apiPath)}
<section class="card card-${state.kind}" aria-labelledby="status">
${statusHead(words, view, state, words.say(STATUS[state.kind], values))}
${state.kind === 'complete' ? null : notices(words, view, state)}
${stateBody(frame, view, state, options)}
</section>
</main>
${state.kind === 'complete' ? null : checkAgain(frame, state)}
<p id="live" class="visually-hidden" role="status" aria-live="polite"></p>
<p id="trouble" class="trouble" role="alert" hidden></p>`,
  })
}

/** Whether there is something to pay, or may be at the next look. */
function mayBePaid(kind: PaymentStateKind): boolean {
  return kind !== 'complete' && kind !== 'expired' && kind !== 'expiredPartial'
}

/** It is run before the page is first seen, so that a wallet that it finds moves nothing. */
function walletScriptTag({ walletScript }: WalletOptions): Html {
  return html`<script type="module" src="${walletScript.path}" integrity="${walletScript.integrity}" blocking="render"></script>`
}

function statusValues(view: PaymentPage, state: PaymentState): Record<string, string> {
  const remaining = state.address === null ? '' : coinText(state.remaining, state.address.asset)
  return { merchant: view.brand.name, remaining }
}

/** What the script needs besides the markup; it stands outside `<main>`, so that `<main>` changes only when its content does. */
function bodyData(words: Words, view: PaymentPage, options: PaymentPageOptions): Html {
  return html`data-server-time="${view.serverTime}" data-expires-at="${view.expiresAt}" data-events="${options.apiPath}/events" data-days-left="${words.text('daysLeft')}" data-five-minutes="${words.text(
    'fiveMinutesLeft',
  )}" data-one-minute="${words.text('oneMinuteLeft')}" data-time-up="${words.text('timeUp')}" data-copy-failed="${words.text(
    'copyFailed',
  )}" data-connection-lost="${words.text('connectionLost')}" data-address-changed="${words.text('addressChanged')}" data-wallet-failed="${words.text('testWalletFailed')}"`
}

function refreshTag({ embedder }: PageFrame, view: PaymentPage, state: PaymentState): Html | null {
  if (state.kind === 'complete') {
    const url = automaticReturn(view)
    return url === null || embedder !== null
      ? null
      : html`<noscript><meta http-equiv="refresh" content="${RETURN_AFTER_S};url=${url}"></noscript>`
  }
  const seconds = state.kind === 'processing' ? REFRESH_PROCESSING_S : REFRESH_OPEN_S
  return html`<noscript><meta http-equiv="refresh" content="${seconds}"></noscript>`
}

function automaticReturn(view: PaymentPage): string | null {
  return view.afterCompletion === 'hosted_confirmation' ? null : returnUrl(view.successUrl, view.id)
}

function statusHead(words: Words, view: PaymentPage, state: PaymentState, text: Html): Html {
  return html`<div class="status">${stateIcon(state.kind)}<h2 id="status" class="status-text">${text}</h2>${
    state.payable
      ? html`<time class="countdown" id="countdown" role="timer" datetime="${view.expiresAt}">${words.say('payBy', {
          time: words.clock(view.expiresAt, view.serverTime),
        })}</time>`
      : null
  }</div>`
}

function stateBody(frame: PageFrame, view: PaymentPage, state: PaymentState, options: PaymentPageOptions): Html | null {
  const { words } = frame
  switch (state.kind) {
    case 'open':
    case 'partial':
      return payBody(frame, view, state, options)
    case 'processing':
      return processingBody(words, view, state)
    case 'complete':
      return completeBody(frame, view, state)
    case 'expired':
      return deadEnd(frame, view, expiredSentences(words, view))
    case 'expiredPartial':
      return deadEnd(frame, view, [
        words.say('expiredPartialLead', partValues(words, view, state)),
        words.say('expiredPartialNext', { merchant: view.brand.name }),
      ])
    case 'unready':
      return deadEnd(frame, view, [words.say('unreadyLead'), words.say('unreadyNext')])
    default:
      return state.kind satisfies never
  }
}

function expiredSentences(words: Words, view: PaymentPage): Html[] {
  // Whoever paid already, even too late or in another coin, reads the notice; only the others are sent to start again.
  return hasMerchantNotice(view)
    ? [words.say('expiredLead')]
    : [words.say('expiredLead'), words.say('expiredNext'), words.say('expiredPaid')]
}

function partValues(words: Words, view: PaymentPage, state: PaymentState): Record<string, string> {
  return state.address === null ? {} : partTexts(words, view, { ...state, address: state.address })
}

function payBody(frame: PageFrame, view: PaymentPage, state: PaymentState, options: PaymentPageOptions): Html | null {
  const { words } = frame
  if (state.address === null) return null
  const isPending = view.paymentIntent.status === 'processing'
  const lead = isPending
    ? words.say('partialPending', partValues(words, view, state))
    : words.say('partialLead', partValues(words, view, state))
  return html`${state.kind === 'partial' ? html`<p class="lead">${lead}</p>${confirmationBar(words, state)}${paymentList(words, view.paymentIntent.transactions)}` : null}
${payPanel(frame, view, { ...state, address: state.address }, options)}
${openAlone(frame)}
<div data-closed hidden>${deadEnd(frame, view, [words.say('expiredLead'), words.say('expiredNext')])}</div>`
}

function processingBody(words: Words, view: PaymentPage, state: PaymentState): Html {
  const isShort = state.remaining > 0n && isTimeUp(view)
  return html`${confirmationBar(words, state)}${paymentList(words, view.paymentIntent.transactions)}
<p class="lead">${isShort ? words.say('processingLate', partValues(words, view, state)) : words.say('processingLead')}</p>`
}

function confirmationBar(words: Words, state: PaymentState): Html | null {
  if (state.confirmations === null) return null
  const { required } = state.confirmations
  const best = Math.min(state.confirmations.best, required)
  const text =
    best === 0
      ? words.say('confirmationsWaiting')
      : words.say('confirmations', { best: `${best}`, required: `${required}` })
  return html`<div class="confirmations"><progress max="${required}" value="${best}" aria-labelledby="confirmations"></progress><p id="confirmations">${text}</p></div>`
}

function completeBody(frame: PageFrame, view: PaymentPage, state: PaymentState): Html {
  const { words } = frame
  const message = view.afterCompletion === 'hosted_confirmation' ? view.afterCompletionConfirmMsg : null
  return html`<p class="lead">${
    message === null
      ? words.say('completeLead', { merchant: view.brand.name })
      : html`<bdi class="merchant-message">${message}</bdi>`
  }</p>
${notices(words, view, state)}
${receipt(words, view)}
${completeActions(frame, view)}`
}

function completeActions(frame: PageFrame, view: PaymentPage): Html {
  const { words } = frame
  const url = returnUrl(view.successUrl, view.id)
  const print = html`<button class="link-button" id="print" type="button">${words.say('print')}</button>`
  if (url === null) return html`<div class="actions actions-last">${print}</div>`
  const values = { host: hostOf(url) }
  const isAutomatic = automaticReturn(view) !== null
  return html`<div class="actions actions-last">
<a class="button button-first" id="return" href="${url}" rel="noreferrer"${wayOut(frame)}${
    isAutomatic ? html` data-return-after="${RETURN_AFTER_S}"` : null
  }><span>${words.say('returnNow', values)}</span></a>
${
  isAutomatic
    ? html`<p class="returning" id="returning" data-template="${words.text('returningIn', values)}">${words.say('returningSoon', values)}</p>`
    : null
}
<p class="links">${isAutomatic ? html`<button class="link-button" id="stay" type="button">${words.say('stay')}</button>` : null}${print}</p>
</div>`
}

function deadEnd(frame: PageFrame, view: PaymentPage, sentences: readonly Html[]): Html {
  const { words } = frame
  const url = returnUrl(view.cancelUrl, view.id)
  return html`${sentences.map((sentence, index) => html`<p class="${index === 0 ? 'lead lead-strong' : 'lead'}">${sentence}</p>`)}
${paymentList(words, view.paymentIntent.transactions)}
${hasMerchantNotice(view) ? null : merchantContact(words, view)}
${url === null ? null : html`<div class="actions"><a class="button button-first" href="${url}" rel="noreferrer"${wayOut(frame)}><span>${words.say('returnNow', { host: hostOf(url) })}</span></a></div>`}`
}

function checkAgain(frame: PageFrame, { address }: PaymentState): Html {
  const href = hrefOf(frame, address === null ? {} : { asset: address.id })
  return html`<noscript><p class="check-again"><a href="${href}">${frame.words.say('checkAgain')}</a></p></noscript>`
}
