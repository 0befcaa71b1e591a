import { html } from 'hono/html'
import { coinText } from './amountText.ts'
import { automaticReturn, RETURN_AFTER_S } from './completeBody.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { documentOf, hrefOf, type PageAssets, type PageFrame } from './layout.ts'
import { notices } from './notices.ts'
import { orderSummary } from './orderSummary.ts'
import { formOf, type RefusedForm } from './pageForm.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { isAsking, type PaymentEdit, type PaymentState, type PaymentStateKind, paymentState } from './paymentState.ts'
import { stateBody } from './stateBody.ts'
import { statusKey, titleKey } from './stateSentences.ts'
import type { WalletOptions } from './walletPanel.ts'
import type { Html, Words } from './words.ts'

const REFRESH_OPEN_S = 15
const REFRESH_TYPING_S = 60
const REFRESH_PROCESSING_S = 5

/**
 * How a page is to be rendered. `selectedAddressId` is the query's `asset`, believed only if it is the session's own.
 * `apiPath` are the session's payer routes (`…/cancel`, `…/events`), of the same origin;
 * `testWalletPath` takes the form of "Pay with the test wallet" (field `addressId`), null where there is no test wallet.
 * `edit` is what the payer asks to change, `form` what was typed and not taken, `country` the one to propose (ISO 3166-1).
 */
export type PaymentPageOptions = PageAssets &
  WalletOptions & {
    readonly selectedAddressId: string | null
    readonly apiPath: string
    readonly testWalletPath: string | null
    readonly edit?: PaymentEdit | null
    readonly form?: RefusedForm | null
    readonly country?: string | null
  }

/** The payer's page of a checkout session as a whole HTML document, complete and payable without script. */
export function renderPaymentPage(frame: PageFrame, view: PaymentPage, options: PaymentPageOptions): string {
  const { words } = frame
  const { edit = null, form = null } = options
  const state = paymentState(view, options.selectedAddressId, isStep(form?.name) ? form.name : edit)
  const values = statusValues(view, state)
  const status = statusKey(view, state.kind)
  return documentOf(frame, {
    title: words.text(titleKey(view, state.kind), values),
    icon: tabIcon(state.kind),
    brand: view.brand,
    head: html`<script type="module" fetchpriority="low" src="${options.script.path}" integrity="${options.script.integrity}"></script>
${mayBePaid(state.kind) ? walletScriptTag(options) : null}
${form === null ? refreshTag(frame, view, state) : null}`,
    bodyData: bodyData(words, view, options),
    body: html`<main id="page" class="page" data-kind="${state.kind}" data-announce="${words.text(status, values)}">
${orderSummary(frame, view, { state, apiPath: options.apiPath, form: formOf(form, 'discount') })}
<section id="card" class="card card-${state.kind}" aria-labelledby="status">
${statusHead(words, view, state, words.say(status, values))}
${state.kind === 'complete' ? null : notices(words, view, state)}
${stateBody(frame, view, state, options)}
</section>
</main>
${state.kind === 'complete' || isAsking(state.kind) ? null : checkAgain(frame, state)}
<p id="live" class="visually-hidden" role="status" aria-live="polite"></p>
<p id="trouble" class="trouble" role="alert" hidden></p>`,
  })
}

function isStep(name: RefusedForm['name'] | undefined): name is PaymentEdit {
  return name === 'amount' || name === 'details'
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
  return html`data-server-time="${view.serverTime}" data-expires-at="${view.expiresAt}" data-updated-at="${view.updatedAt}" data-events="${options.apiPath}/events" data-days-left="${words.text('daysLeft')}" data-five-minutes="${words.text(
    'fiveMinutesLeft',
  )}" data-one-minute="${words.text('oneMinuteLeft')}" data-time-up="${words.text('timeUp')}" data-copy-failed="${words.text(
    'copyFailed',
  )}" data-connection-lost="${words.text('connectionLost')}" data-address-changed="${words.text('addressChanged')}" data-wallet-failed="${words.text('testWalletFailed')}" data-form-failed="${words.text('formFailed')}"`
}

function refreshTag({ embedder }: PageFrame, view: PaymentPage, state: PaymentState): Html | null {
  if (state.kind === 'complete') {
    const url = automaticReturn(view)
    return url === null || embedder !== null
      ? null
      : html`<noscript><meta http-equiv="refresh" content="${RETURN_AFTER_S};url=${url}"></noscript>`
  }
  // Whoever fills in a form is not to lose what was typed.
  if (isAsking(state.kind)) return null
  const isTyping = view.allowPromotionCodes && view.isChangeable
  const seconds = state.kind === 'processing' ? REFRESH_PROCESSING_S : isTyping ? REFRESH_TYPING_S : REFRESH_OPEN_S
  return html`<noscript><meta http-equiv="refresh" content="${seconds}"></noscript>`
}

function statusHead(words: Words, view: PaymentPage, state: PaymentState, text: Html): Html {
  return html`<div class="status">${stateIcon(state.kind)}<h2 id="status" class="status-text" tabindex="-1">${text}</h2>${
    state.payable || isAsking(state.kind)
      ? html`<time class="countdown" id="countdown" role="timer" datetime="${view.expiresAt}">${words.say('payBy', {
          time: words.clock(view.expiresAt, view.serverTime),
        })}</time>`
      : null
  }</div>`
}

function checkAgain(frame: PageFrame, { address }: PaymentState): Html {
  const href = hrefOf(frame, address === null ? {} : { asset: address.id })
  return html`<noscript><p class="check-again"><a href="${href}">${frame.words.say('checkAgain')}</a></p></noscript>`
}
