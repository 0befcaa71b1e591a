import { html } from 'hono/html'
import { decimalText } from './amountText.ts'
import { chevronIcon, tickIcon } from './icons.ts'
import { hrefOf, type PageFrame } from './layout.ts'
import type { ChainHealth, PaymentPage, PaymentPageAddress } from './paymentPageView.ts'
import { remainingUnits } from './paymentState.ts'
import type { Html } from './words.ts'

/**
 * The list of coins and their networks as plain links (`?asset=<id>`), grouped by coin, the chosen one marked. It folds away
 * behind the chosen row. Null when there is one way to pay: then there is nothing to choose.
 */
export function coinChoice(frame: PageFrame, view: PaymentPage, chosen: PaymentPageAddress): Html | null {
  if (view.addresses.length < 2) return null
  const { words } = frame
  const groups = Map.groupBy(view.addresses, row => row.asset.symbol)
  return html`<div class="choice"><p class="field-label" id="choice-label">${words.say('choose')}</p>
<details class="choice-fold" id="choice"><summary class="choice-chosen" id="choice-chosen" aria-describedby="choice-label">${coinBadge(chosen)}<span class="choice-text">${coinOnNetwork(
    chosen,
  )}</span><span class="choice-change">${words.say('change')}${chevronIcon()}</span></summary>
<div class="choice-list">${[...groups].map(
    ([symbol, rows]) => html`<div class="choice-group"><p class="choice-coin"><bdi>${symbol}</bdi></p>
<ul>${rows.map(row => option(frame, view, row, row.id === chosen.id))}</ul></div>`,
  )}</div></details></div>`
}

function option(frame: PageFrame, view: PaymentPage, row: PaymentPageAddress, isChosen: boolean): Html {
  const { words } = frame
  const health = chainHealth(view, row)
  const hint = health === 'slow' ? words.say('networkSlow') : health === 'ok' ? null : words.say('networkHalted')
  const href = hrefOf(frame, { asset: row.id })
  return html`<li><a class="choice-option" id="option-${row.id}" href="${href}"${isChosen ? html` aria-current="true"` : null}>${coinBadge(
    row,
  )}<span class="choice-text">${coinOnNetwork(row)}</span>${
    hint === null ? null : html`<span class="choice-hint">${hint}</span>`
  }${
    row.quote === null ? null : html`<span class="choice-amount">${dueText(view, row)}</span>`
  }${isChosen ? tickIcon() : null}</a></li>`
}

/** What is still to be sent in this coin: it differs by coin where the price is in another currency. */
function dueText(view: PaymentPage, row: PaymentPageAddress): string {
  return decimalText(remainingUnits(view.addresses, row), row.asset.decimals)
}

/** How the chain of a way to pay is doing; a chain the view does not list is taken to be well. */
export function chainHealth(view: PaymentPage, row: PaymentPageAddress): ChainHealth {
  return view.chains.find(chain => chain.id === row.asset.chainId)?.health ?? 'ok'
}

function coinOnNetwork(row: PaymentPageAddress): Html {
  return html`<bdi class="choice-symbol">${row.asset.symbol}</bdi> <bdi class="choice-network">${row.asset.chain.name}</bdi>`
}

function coinBadge(row: PaymentPageAddress): Html {
  return html`<span class="coin" aria-hidden="true">${row.asset.symbol.slice(0, 1)}</span>`
}
