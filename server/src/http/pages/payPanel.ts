import { html } from 'hono/html'
import { NATIVE } from '../../domain/asset.ts'
import type { WalletNetworks } from '../../domain/walletNetwork.ts'
import { coinText, decimalText } from './amountText.ts'
import { coinChoice } from './coinChoice.ts'
import { infoIcon } from './icons.ts'
import { hrefOf, type PageFrame } from './layout.ts'
import type { PaymentPage, PaymentPageAddress } from './paymentPageView.ts'
import type { PaymentState } from './paymentState.ts'
import { qrCode } from './qrCode.ts'
import { walletPanel } from './walletPanel.ts'
import type { Html, Words } from './words.ts'

const WALLET_URI = /^(ethereum|bitcoin):/

/** Everything needed to pay one address: the exact amount, the address as text and as a QR code, a wallet link, copy buttons. */
export function payPanel(
  frame: PageFrame,
  view: PaymentPage,
  state: PaymentState & { address: PaymentPageAddress },
  options: WalletNetworks & { testWalletPath: string | null },
): Html {
  const { words } = frame
  const { address } = state
  const { asset } = address
  const values = { symbol: asset.symbol, network: asset.chain.name }
  return html`<div class="pay" data-pay>
${coinChoice(frame, view, address)}
<div class="pay-ways">
<div class="scan">${qrCode(qrText(address), words.text('qrLabel', { address: address.paymentAddress }))}
<p class="scan-caption">${words.say('qrCaption')}</p></div>
<div class="fields">
${amountField(words, view, state)}
${addressField(words, address)}
<div class="field field-row"><p class="field-label">${words.say('networkLabel')}</p><p class="field-value"><bdi>${asset.chain.name}</bdi></p></div>
${asset.address === NATIVE ? null : tokenField(words, asset.address)}
</div>
${walletPanel(words, view, state, options)}
<div class="actions">
${view.isTest && options.testWalletPath !== null ? testWalletForm(frame, address, options.testWalletPath) : null}
${walletLink(words, address.uri, state.remaining)}
</div>
</div>
<div class="hint">${infoIcon()}<p><strong>${words.say('onlyThis', values)}</strong> ${words.say('feeExtra')} ${words.say(
    'payByFull',
    {
      time: words.time(view.expiresAt),
    },
  )}</p></div>
</div>`
}

/** The link asks for exactly the amount that is shown, also once a part is paid. */
function walletLink(words: Words, uri: string, remaining: bigint): Html | null {
  if (!WALLET_URI.test(uri)) return null
  const asked = uri.replace(/\b(uint256|value)=\d+$/, `$1=${remaining}`)
  return html`<a class="button" id="open-wallet" href="${asked}">${words.say('openWallet')}</a>`
}

/** Tokens are asked for by the plain address: a wallet that ignores the rest of an EIP-681 link would pay the token's contract. */
function qrText(address: PaymentPageAddress): string {
  return address.asset.chain.type === 'bitcoin' ? address.uri : address.paymentAddress
}

function amountField(words: Words, view: PaymentPage, state: PaymentState & { address: PaymentPageAddress }): Html {
  const { asset, quote } = state.address
  const price = quote === null ? null : words.rate(quote, view.currency)
  const label = state.kind === 'partial' ? words.say('amountRestLabel') : words.say('amountLabel')
  return html`<div class="field field-copy"><div><p class="field-label">${label}</p>
<p class="field-value field-amount"><bdi dir="ltr"><span id="amount" class="copyable" translate="no">${decimalText(
    state.remaining,
    asset.decimals,
  )}</span> ${asset.symbol}</bdi></p>${
    price === null
      ? null
      : html`<p class="field-label" id="rate">${words.say('amountRate', { symbol: asset.symbol, price })}</p>`
  }</div>${copyButton(words, 'amount')}</div>`
}

function addressField(words: Words, address: PaymentPageAddress): Html {
  const groups = address.paymentAddress.match(/^0x.{4}|.{1,4}/g) ?? []
  return html`<div class="field field-copy"><div><p class="field-label">${words.say('addressLabel')}</p>
<p class="field-value"><code id="address" class="copyable address" dir="ltr" translate="no" data-address-id="${address.id}">${groups.map(
    group => html`<wbr><span>${group}</span>`,
  )}</code></p></div>${copyButton(words, 'address')}</div>`
}

function tokenField(words: Words, contract: string): Html {
  return html`<details class="field field-fold" id="token"><summary class="field-label">${words.say('tokenLabel')}</summary>
<p class="field-value"><code class="copyable contract" dir="ltr" translate="no">${contract}</code></p></details>`
}

function copyButton(words: Words, target: 'amount' | 'address'): Html {
  const label = target === 'amount' ? words.text('copyAmount') : words.text('copyAddress')
  const done = target === 'amount' ? words.text('copiedAmount') : words.text('copiedAddress')
  return html`<button class="copy" type="button" id="copy-${target}" data-copy="${target}" data-copied="${words.text(
    'copied',
  )}" data-announce="${done}" aria-label="${label}">${words.say('copy')}</button>`
}

function testWalletForm(frame: PageFrame, address: PaymentPageAddress, path: string): Html {
  const { words } = frame
  return html`<form method="post" action="${hrefOf({ ...frame, path })}" data-test-wallet><input type="hidden" name="addressId" value="${address.id}"><button class="button button-first" id="pay-test-wallet" type="submit" data-busy="${words.text(
    'payingTestWallet',
  )}">${words.say('payTestWallet')}</button></form>`
}

/**
 * The sums of a payment in part, as texts: what arrived and what was asked, in the coin of the way to pay in view, or for a price in
 * a state currency in that, whatever coins it came in.
 */
export function partTexts(
  words: Words,
  view: PaymentPage,
  state: PaymentState & { address: PaymentPageAddress },
): { received: string; due: string } {
  const { asset, amountRaw, quote } = state.address
  if (quote === null) return { received: coinText(state.received, asset), due: coinText(BigInt(amountRaw), asset) }
  const received = words.part(view.paymentIntent.amountReceived ?? '0', view.currency)
  return { received, due: words.price(view.amountTotal, view.currency) }
}
