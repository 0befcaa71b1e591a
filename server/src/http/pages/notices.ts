import { html } from 'hono/html'
import { coinText } from './amountText.ts'
import { chainHealth } from './coinChoice.ts'
import { infoIcon } from './icons.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { PaymentState } from './paymentState.ts'
import { webUrl } from './returnUrl.ts'
import type { Html, MessageKey, Words } from './words.ts'

const EXCEPTIONS: Readonly<Record<string, { what: MessageKey; next: MessageKey; isForMerchant: boolean }>> = {
  overpaid: { what: 'noticeOverpaid', next: 'nextOverpaid', isForMerchant: true },
  duplicate: { what: 'noticeDuplicate', next: 'nextDuplicate', isForMerchant: true },
  late: { what: 'noticeLate', next: 'nextLate', isForMerchant: true },
  wrong_token: { what: 'noticeWrongToken', next: 'nextWrongToken', isForMerchant: true },
  wrong_chain: { what: 'noticeWrongChain', next: 'nextWrongChain', isForMerchant: true },
  replaced: { what: 'noticeReplaced', next: 'nextReplaced', isForMerchant: false },
  reorged: { what: 'noticeReorged', next: 'nextReorged', isForMerchant: false },
}

/** What did not go as planned, each as one plain sentence and the next step; an exception without a sentence is left out. */
export function notices(words: Words, view: PaymentPage, state: PaymentState): Html {
  return html`${view.exceptions.map(name => exceptionNotice(words, view, name))}${state.payable || state.kind === 'processing' ? networkNotice(words, view, state) : null}`
}

/** Whether some money is a matter between payer and merchant, so that a notice already says how to reach the merchant. */
export function hasMerchantNotice(view: PaymentPage): boolean {
  return view.exceptions.some(name => EXCEPTIONS[name]?.isForMerchant === true)
}

function exceptionNotice(words: Words, view: PaymentPage, name: string): Html | null {
  const known = EXCEPTIONS[name]
  if (known === undefined) return null
  // A payment that came back or was replaced by one that counted is no longer news to its payer.
  if (view.status === 'complete' && !known.isForMerchant) return null
  const excess = name === 'overpaid' ? excessText(view) : null
  const what = excess === null ? words.say(known.what) : words.say('noticeOverpaidBy', { excess })
  return notice(words, what, words.say(known.next, { merchant: view.brand.name }), known.isForMerchant ? view : null)
}

function networkNotice(words: Words, view: PaymentPage, state: PaymentState): Html | null {
  if (state.address === null) return null
  const network = state.address.asset.chain.name
  const health = chainHealth(view, state.address)
  if (health === 'ok') return null
  const what = words.say(NETWORK[health], { network })
  if (!state.payable) return notice(words, what, words.say('nextSeen'), null)
  if (health === 'slow') return notice(words, what, words.say('nextSlow'), null)
  const networks = new Set(view.addresses.map(row => row.asset.chainId))
  return notice(words, what, words.say(networks.size > 1 ? 'nextHalted' : 'nextHaltedOnly'), null)
}

const NETWORK = { slow: 'noticeSlow', halted: 'noticeHalted', unstable: 'noticeUnstable' } as const

function notice(words: Words, what: Html, next: Html, reference: PaymentPage | null): Html {
  return html`<div class="notice">${infoIcon()}<div><p><strong>${what}</strong> ${next}</p>${
    reference === null ? null : merchantContact(words, reference)
  }</div></div>`
}

/** How to reach the merchant, with the payment's reference. */
export function merchantContact(words: Words, view: PaymentPage): Html {
  const support = webUrl(view.brand.supportUrl)
  const link = html`<a href="${support}" rel="noopener noreferrer" target="_blank">${words.say('contact', { merchant: view.brand.name })}</a>`
  return html`<div class="contact">${support === null ? null : html`<p>${link}</p>`}<p>${words.say('receiptReference')} <code class="copyable" dir="ltr">${view.id}</code></p></div>`
}

/** Only where one coin was paid can the excess be told as one amount. */
function excessText(view: PaymentPage): string | null {
  const paid = view.addresses.filter(row => BigInt(row.amountReceivedRaw) > 0n)
  const [row] = paid
  if (row === undefined || paid.length > 1) return null
  const excess = BigInt(row.amountReceivedRaw) - BigInt(row.amountRaw)
  return excess > 0n ? coinText(excess, row.asset) : null
}
