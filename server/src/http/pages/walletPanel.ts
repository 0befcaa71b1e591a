import { html } from 'hono/html'
import type { Hex } from '../../domain/hex.ts'
import { transferCall } from '../../domain/transferCall.ts'
import type { WalletNetworks } from '../../domain/walletNetwork.ts'
import { walletIcon } from './icons.ts'
import type { PageScript } from './layout.ts'
import type { PaymentPage, PaymentPageAddress } from './paymentPageView.ts'
import type { PaymentState } from './paymentState.ts'
import type { Html, MessageKey, Words } from './words.ts'

/** The script that finds wallets, and the networks that they are told of. */
export type WalletOptions = WalletNetworks & { readonly walletScript: PageScript }

/** What the wallet's script may have to say, by the name that it knows each by. */
const SAYS = {
  continue: 'walletContinue',
  sent: 'walletSent',
  asked: 'walletAsked',
  notFound: 'walletNotFound',
  rejected: 'walletRejected',
  asking: 'walletAsking',
  wrongNetwork: 'walletWrongNetwork',
  unknownNetwork: 'walletUnknownNetwork',
  tooLittle: 'walletTooLittle',
  tooLittleGas: 'walletTooLittleGas',
  locked: 'walletLocked',
  disconnected: 'walletDisconnected',
  changed: 'walletChanged',
  failed: 'walletFailed',
  unsure: 'walletUnsure',
} as const satisfies Record<string, MessageKey>

/** Each value of a sentence is its own name: the script puts the value there. */
const SLOTS = { wallet: 'wallet', network: 'network', current: 'current', has: 'has', needs: 'needs' }

/**
 * The place where `wallet.js` shows the wallets of the payer's browser: hidden until it finds one, with all that it needs to pay
 * `remaining` with one of them. Null where no such wallet could pay.
 */
export function walletPanel(
  words: Words,
  view: PaymentPage,
  { address, remaining }: PaymentState & { address: PaymentPageAddress },
  { networks, names }: WalletNetworks,
): Html | null {
  const { asset } = address
  const network = networks.get(asset.chainId)
  if (asset.chain.type !== 'evm' || network === undefined) return null
  const transaction = walletTransaction(asset.address as Hex, address.paymentAddress as Hex, remaining)
  return html`<section class="wallet" id="wallet" aria-label="${words.text('walletLabel')}" data-transaction="${JSON.stringify(
    transaction,
  )}" data-network="${JSON.stringify(network)}" data-names="${JSON.stringify(names)}" data-other-network="${words.text(
    'walletOtherNetwork',
  )}" data-unnamed="${words.text('walletUnnamed')}" data-symbol="${asset.symbol}" data-decimals="${asset.decimals}" data-explorer="${
    asset.chain.blockExplorerTransactionUrl
  }" data-seen="${view.paymentIntent.transactions.length}" hidden>
<ul class="wallet-list" id="wallet-list"></ul>
<div class="wallet-told" id="wallet-told" tabindex="-1" hidden></div>
${parts(words)}
</section>`
}

/** The `eth_sendTransaction` of a wallet that pays `amountRaw` base units, but for its sender; quantities as JSON-RPC writes them. */
export function walletTransaction(
  token: Hex,
  to: Hex,
  amountRaw: bigint,
): { to: Hex; data: Hex } | { to: Hex; value: Hex } {
  const call = transferCall({ address: token }, to, amountRaw)
  return call.data === '0x' ? { to, value: `0x${call.value.toString(16)}` } : { to: call.to, data: call.data }
}

/** What the script copies from: it builds no markup of its own. */
function parts(words: Words): Html {
  return html`<template id="wallet-parts"><li data-part="wallet"><button class="button wallet-option" type="button"><img class="wallet-icon" alt="" width="24" height="24" hidden>${walletIcon()}<span>${words.say(
    'walletPay',
    SLOTS,
  )}</span></button></li>
${Object.entries(SAYS).map(([name, key]) => html`<p data-part="${name}">${words.say(key, SLOTS)}</p>`)}
<p class="wallet-transaction" data-part="transaction">${words.say('receiptTransaction')} <a class="hash-link" target="_blank" rel="noopener noreferrer" title="${words.text(
    'opensNewTab',
  )}"><code class="hash" dir="ltr"><span></span><span class="hash-middle"></span><span></span></code></a></p>
<div data-part="again"><p>${words.say('walletAgain')}</p><p class="wallet-again"><button class="button" id="wallet-again-no" type="button">${words.say(
    'walletAgainNo',
  )}</button><button class="button" id="wallet-again-yes" type="button"><span>${words.say(
    'walletAgainYes',
    SLOTS,
  )}</span></button></p></div></template>`
}
