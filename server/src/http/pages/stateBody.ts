import { html } from 'hono/html'
import { amountStep } from './amountStep.ts'
import { completeBody } from './completeBody.ts'
import { detailsStep, givenDetails } from './detailsStep.ts'
import { openAlone, type PageFrame, wayOut } from './layout.ts'
import { hasMerchantNotice, merchantContact } from './notices.ts'
import { formOf } from './pageForm.ts'
import type { PaymentPageOptions } from './paymentPage.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { isTimeUp, openLine, type PaymentState } from './paymentState.ts'
import { partTexts, payPanel } from './payPanel.ts'
import { paymentList } from './receipt.ts'
import { hostOf, returnUrl } from './returnUrl.ts'
import type { Html, Words } from './words.ts'
import { zeroStep } from './zeroStep.ts'

/** What stands below the status: what to do now, or what became of it. */
export function stateBody(
  frame: PageFrame,
  view: PaymentPage,
  state: PaymentState,
  options: PaymentPageOptions,
): Html | null {
  const { words } = frame
  switch (state.kind) {
    case 'amount':
    case 'details':
    case 'zero':
      return html`<div class="asking" data-pay>${askingBody(frame, view, state.kind, options)}</div>
${whenTimeIsUp(frame, view)}`
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

function askingBody(
  frame: PageFrame,
  view: PaymentPage,
  kind: 'amount' | 'details' | 'zero',
  { form = null, country = null }: PaymentPageOptions,
): Html | null {
  const line = openLine(view)
  if (kind === 'zero') return zeroStep(frame, view, formOf(form, 'confirm'))
  if (kind === 'amount') return line && amountStep(frame, view, { line, form: formOf(form, 'amount') })
  return detailsStep(frame, view, { form: formOf(form, 'details'), country })
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
${view.isChangeable ? givenDetails(frame, view) : null}
${payPanel(frame, view, { ...state, address: state.address }, options)}
${openAlone(frame)}
${whenTimeIsUp(frame, view)}`
}

/** What the script shows in the place of `data-pay` the moment the time is over. */
function whenTimeIsUp(frame: PageFrame, view: PaymentPage): Html {
  const { words } = frame
  return html`<div data-closed hidden>${deadEnd(frame, view, [words.say('expiredLead'), words.say('expiredNext')])}</div>`
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

function deadEnd(frame: PageFrame, view: PaymentPage, sentences: readonly Html[]): Html {
  const { words } = frame
  const url = returnUrl(view.cancelUrl, view.id)
  return html`${sentences.map((sentence, index) => html`<p class="${index === 0 ? 'lead lead-strong' : 'lead'}">${sentence}</p>`)}
${paymentList(words, view.paymentIntent.transactions)}
${hasMerchantNotice(view) ? null : merchantContact(words, view)}
${url === null ? null : html`<div class="actions"><a class="button button-first" href="${url}" rel="noreferrer"${wayOut(frame)}><span>${words.say('returnNow', { host: hostOf(url) })}</span></a></div>`}`
}
