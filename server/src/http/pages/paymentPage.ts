import { html } from 'hono/html'
import { coinText } from './amountText.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { documentOf, type PageAssets, pageFooter, testBanner } from './layout.ts'
import { type Html, type MessageKey, say, sayText } from './messages.ts'
import { hasMerchantNotice, merchantContact, notices } from './notices.ts'
import { orderSummary } from './orderSummary.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { isTimeUp, type PaymentState, type PaymentStateKind, paymentState } from './paymentState.ts'
import { partTexts, payPanel } from './payPanel.ts'
import { paymentList, receipt } from './receipt.ts'
import { hostOf, returnUrl } from './returnUrl.ts'
import { clockText } from './timeText.ts'

/** Seconds that a payer sees the receipt before the page goes back to the shop. */
export const RETURN_AFTER_S = 3
const REFRESH_OPEN_S = 15
const REFRESH_PROCESSING_S = 5

/**
 * How a page is to be rendered. `selectedAddressId` is the query's `asset`, believed only if it is the session's own.
 * `pagePath` is the page itself; `apiPath` the session's payer routes (`…/cancel`, `…/events`), of the same origin;
 * `testWalletPath` takes the form of "Pay with the test wallet" (field `addressId`), null where there is no test wallet.
 */
export type PaymentPageOptions = PageAssets & {
  readonly selectedAddressId: string | null
  readonly pagePath: string
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
export function renderPaymentPage(view: PaymentPage, options: PaymentPageOptions): string {
  const state = paymentState(view, options.selectedAddressId)
  const values = statusValues(view, state)
  return documentOf({
    title: sayText(TITLE[state.kind], values),
    styleUrl: options.styleUrl,
    icon: tabIcon(state.kind),
    head: html`<script type="module" src="${options.scriptUrl}" integrity="${options.scriptIntegrity}"></script>
${refreshTag(view, state)}`,
    bodyData: bodyData(view, options),
    body: html`${testBanner(view.isTest)}
<main id="page" class="page" data-kind="${state.kind}" data-announce="${sayText(STATUS[state.kind], values)}">
${orderSummary(view, state.kind, options.apiPath)}
<section class="card card-${state.kind}" aria-labelledby="status">
${statusHead(view, state, say(STATUS[state.kind], values))}
${state.kind === 'complete' ? null : notices(view, state)}
${stateBody(view, state, options)}
</section>
</main>
${state.kind === 'complete' ? null : checkAgain(state, options)}
<p id="live" class="visually-hidden" role="status" aria-live="polite"></p>
<p id="trouble" class="trouble" role="alert" hidden></p>
${pageFooter(view.brand)}`,
  })
}

function statusValues(view: PaymentPage, state: PaymentState): Record<string, string> {
  const remaining = state.address === null ? '' : coinText(state.remaining, state.address.asset)
  return { merchant: view.brand.name, remaining }
}

/** What the script needs besides the markup; it stands outside `<main>`, so that `<main>` changes only when its content does. */
function bodyData(view: PaymentPage, options: PaymentPageOptions): Html {
  return html`data-server-time="${view.serverTime}" data-expires-at="${view.expiresAt}" data-events="${options.apiPath}/events" data-five-minutes="${sayText(
    'fiveMinutesLeft',
  )}" data-one-minute="${sayText('oneMinuteLeft')}" data-time-up="${sayText('timeUp')}" data-copy-failed="${sayText(
    'copyFailed',
  )}" data-connection-lost="${sayText('connectionLost')}" data-address-changed="${sayText('addressChanged')}" data-wallet-failed="${sayText('testWalletFailed')}"`
}

function refreshTag(view: PaymentPage, state: PaymentState): Html | null {
  if (state.kind === 'complete') {
    const url = automaticReturn(view)
    return url === null
      ? null
      : html`<noscript><meta http-equiv="refresh" content="${RETURN_AFTER_S};url=${url}"></noscript>`
  }
  const seconds = state.kind === 'processing' ? REFRESH_PROCESSING_S : REFRESH_OPEN_S
  return html`<noscript><meta http-equiv="refresh" content="${seconds}"></noscript>`
}

function automaticReturn(view: PaymentPage): string | null {
  return view.afterCompletion === 'hosted_confirmation' ? null : returnUrl(view.successUrl, view.id)
}

function statusHead(view: PaymentPage, state: PaymentState, text: Html): Html {
  return html`<div class="status">${stateIcon(state.kind)}<h2 id="status" class="status-text">${text}</h2>${
    state.payable
      ? html`<time class="countdown" id="countdown" role="timer" datetime="${view.expiresAt}">${say('payBy', {
          time: clockText(view.expiresAt, view.serverTime),
        })}</time>`
      : null
  }</div>`
}

function stateBody(view: PaymentPage, state: PaymentState, options: PaymentPageOptions): Html | null {
  switch (state.kind) {
    case 'open':
    case 'partial':
      return payBody(view, state, options)
    case 'processing':
      return processingBody(view, state)
    case 'complete':
      return completeBody(view, state)
    case 'expired':
      return deadEnd(view, expiredSentences(view))
    case 'expiredPartial':
      return deadEnd(view, [
        say('expiredPartialLead', partValues(view, state)),
        say('expiredPartialNext', { merchant: view.brand.name }),
      ])
    case 'unready':
      return deadEnd(view, [say('unreadyLead'), say('unreadyNext')])
    default:
      return state.kind satisfies never
  }
}

function expiredSentences(view: PaymentPage): Html[] {
  // Whoever paid already, even too late or in another coin, reads the notice; only the others are sent to start again.
  return hasMerchantNotice(view) ? [say('expiredLead')] : [say('expiredLead'), say('expiredNext'), say('expiredPaid')]
}

function partValues(view: PaymentPage, state: PaymentState): Record<string, string> {
  return state.address === null ? {} : partTexts(view, { ...state, address: state.address })
}

function payBody(view: PaymentPage, state: PaymentState, options: PaymentPageOptions): Html | null {
  if (state.address === null) return null
  const isPending = view.paymentIntent.status === 'processing'
  const lead = isPending ? say('partialPending', partValues(view, state)) : say('partialLead', partValues(view, state))
  return html`${state.kind === 'partial' ? html`<p class="lead">${lead}</p>${confirmationBar(state)}${paymentList(view.paymentIntent.transactions)}` : null}
${payPanel(view, { ...state, address: state.address }, options)}
<div data-closed hidden>${deadEnd(view, [say('expiredLead'), say('expiredNext')])}</div>`
}

function processingBody(view: PaymentPage, state: PaymentState): Html {
  const isShort = state.remaining > 0n && isTimeUp(view)
  return html`${confirmationBar(state)}${paymentList(view.paymentIntent.transactions)}
<p class="lead">${isShort ? say('processingLate', partValues(view, state)) : say('processingLead')}</p>`
}

function confirmationBar(state: PaymentState): Html | null {
  if (state.confirmations === null) return null
  const { required } = state.confirmations
  const best = Math.min(state.confirmations.best, required)
  const text =
    best === 0 ? say('confirmationsWaiting') : say('confirmations', { best: `${best}`, required: `${required}` })
  return html`<div class="confirmations"><progress max="${required}" value="${best}" aria-labelledby="confirmations"></progress><p id="confirmations">${text}</p></div>`
}

function completeBody(view: PaymentPage, state: PaymentState): Html {
  const message = view.afterCompletion === 'hosted_confirmation' ? view.afterCompletionConfirmMsg : null
  return html`<p class="lead">${
    message === null
      ? say('completeLead', { merchant: view.brand.name })
      : html`<bdi class="merchant-message">${message}</bdi>`
  }</p>
${notices(view, state)}
${receipt(view)}
${completeActions(view)}`
}

function completeActions(view: PaymentPage): Html {
  const url = returnUrl(view.successUrl, view.id)
  const print = html`<button class="link-button" id="print" type="button">${say('print')}</button>`
  if (url === null) return html`<div class="actions actions-last">${print}</div>`
  const values = { host: hostOf(url) }
  const isAutomatic = automaticReturn(view) !== null
  return html`<div class="actions actions-last">
<a class="button button-first" id="return" href="${url}" rel="noreferrer"${
    isAutomatic ? html` data-return-after="${RETURN_AFTER_S}"` : null
  }><span>${say('returnNow', values)}</span></a>
${
  isAutomatic
    ? html`<p class="returning" id="returning" data-template="${sayText('returningIn', values)}">${say('returningSoon', values)}</p>`
    : null
}
<p class="links">${isAutomatic ? html`<button class="link-button" id="stay" type="button">${say('stay')}</button>` : null}${print}</p>
</div>`
}

function deadEnd(view: PaymentPage, sentences: readonly Html[]): Html {
  const url = returnUrl(view.cancelUrl, view.id)
  return html`${sentences.map((sentence, index) => html`<p class="${index === 0 ? 'lead lead-strong' : 'lead'}">${sentence}</p>`)}
${paymentList(view.paymentIntent.transactions)}
${hasMerchantNotice(view) ? null : merchantContact(view)}
${url === null ? null : html`<div class="actions"><a class="button button-first" href="${url}" rel="noreferrer"><span>${say('returnNow', { host: hostOf(url) })}</span></a></div>`}`
}

function checkAgain(state: PaymentState, options: PaymentPageOptions): Html {
  const query = state.address === null ? '' : `?asset=${encodeURIComponent(state.address.id)}`
  return html`<noscript><p class="check-again"><a href="${options.pagePath}${query}">${say('checkAgain')}</a></p></noscript>`
}
