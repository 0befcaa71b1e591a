import { html } from 'hono/html'
import { NATIVE } from '../../domain/asset.ts'
import { coinText, decimalText, partText, priceText, rateText } from './amountText.ts'
import { coinChoice } from './coinChoice.ts'
import { infoIcon } from './icons.ts'
import { type Html, say, sayText } from './messages.ts'
import type { PaymentPage, PaymentPageAddress } from './paymentPageView.ts'
import type { PaymentState } from './paymentState.ts'
import { qrCode } from './qrCode.ts'
import { timeText } from './timeText.ts'

const WALLET_URI = /^(ethereum|bitcoin):/

/** Everything needed to pay one address: the exact amount, the address as text and as a QR code, a wallet link, copy buttons. */
export function payPanel(
  view: PaymentPage,
  state: PaymentState & { address: PaymentPageAddress },
  paths: { pagePath: string; testWalletPath: string | null },
): Html {
  const { address } = state
  const { asset } = address
  const values = { symbol: asset.symbol, network: asset.chain.name }
  return html`<div class="pay" data-pay>
${coinChoice(view, address, paths.pagePath)}
<div class="pay-ways">
<div class="scan">${qrCode(qrText(address), sayText('qrLabel', { address: address.paymentAddress }))}
<p class="scan-caption">${say('qrCaption')}</p></div>
<div class="fields">
${amountField(view, state)}
${addressField(address)}
<div class="field field-row"><p class="field-label">${say('networkLabel')}</p><p class="field-value"><bdi>${asset.chain.name}</bdi></p></div>
${asset.address === NATIVE ? null : tokenField(asset.address)}
</div>
<div class="actions">
${view.isTest && paths.testWalletPath !== null ? testWalletForm(address, paths.testWalletPath) : null}
${walletLink(address.uri, state.remaining)}
</div>
</div>
<div class="hint">${infoIcon()}<p><strong>${say('onlyThis', values)}</strong> ${say('feeExtra')} ${say('payByFull', {
    time: timeText(view.expiresAt),
  })}.</p></div>
</div>`
}

/** The link asks for exactly the amount that is shown, also once a part is paid. */
function walletLink(uri: string, remaining: bigint): Html | null {
  if (!WALLET_URI.test(uri)) return null
  const asked = uri.replace(/\b(uint256|value)=\d+$/, `$1=${remaining}`)
  return html`<a class="button" id="open-wallet" href="${asked}">${say('openWallet')}</a>`
}

/** Tokens are asked for by the plain address: a wallet that ignores the rest of an EIP-681 link would pay the token's contract. */
function qrText(address: PaymentPageAddress): string {
  return address.asset.chain.type === 'bitcoin' ? address.uri : address.paymentAddress
}

function amountField(view: PaymentPage, state: PaymentState & { address: PaymentPageAddress }): Html {
  const { asset, quote } = state.address
  const price = quote === null ? null : rateText(quote, view.currency)
  const label = state.kind === 'partial' ? say('amountRestLabel') : say('amountLabel')
  return html`<div class="field field-copy"><div><p class="field-label">${label}</p>
<p class="field-value field-amount"><span id="amount" class="copyable">${decimalText(
    state.remaining,
    asset.decimals,
  )}</span> <bdi>${asset.symbol}</bdi></p>${
    price === null
      ? null
      : html`<p class="field-label" id="rate">${say('amountRate', { symbol: asset.symbol, price })}</p>`
  }</div>${copyButton('amount')}</div>`
}

function addressField(address: PaymentPageAddress): Html {
  const groups = address.paymentAddress.match(/^0x.{4}|.{1,4}/g) ?? []
  return html`<div class="field field-copy"><div><p class="field-label">${say('addressLabel')}</p>
<p class="field-value"><code id="address" class="copyable address" dir="ltr" data-address-id="${address.id}">${groups.map(
    group => html`<span>${group}</span>`,
  )}</code></p></div>${copyButton('address')}</div>`
}

function tokenField(contract: string): Html {
  return html`<details class="field field-fold" id="token"><summary class="field-label">${say('tokenLabel')}</summary>
<p class="field-value"><code class="copyable contract" dir="ltr">${contract}</code></p></details>`
}

function copyButton(target: 'amount' | 'address'): Html {
  const label = target === 'amount' ? sayText('copyAmount') : sayText('copyAddress')
  const done = target === 'amount' ? sayText('copiedAmount') : sayText('copiedAddress')
  return html`<button class="copy" type="button" id="copy-${target}" data-copy="${target}" data-copied="${sayText(
    'copied',
  )}" data-announce="${done}" aria-label="${label}">${say('copy')}</button>`
}

function testWalletForm(address: PaymentPageAddress, path: string): Html {
  return html`<form method="post" action="${path}" data-test-wallet><input type="hidden" name="addressId" value="${address.id}"><button class="button button-first" id="pay-test-wallet" type="submit" data-busy="${sayText(
    'payingTestWallet',
  )}">${say('payTestWallet')}</button></form>`
}

/**
 * The sums of a payment in part, as texts: what arrived and what was asked, in the coin of the way to pay in view, or for a price in
 * a state currency in that, whatever coins it came in.
 */
export function partTexts(
  view: PaymentPage,
  state: PaymentState & { address: PaymentPageAddress },
): { received: string; due: string } {
  const { asset, amountRaw, quote } = state.address
  if (quote === null) return { received: coinText(state.received, asset), due: coinText(BigInt(amountRaw), asset) }
  const received = partText(view.paymentIntent.amountReceived ?? '0', view.currency)
  return { received, due: priceText(view.amountTotal, view.currency) }
}
