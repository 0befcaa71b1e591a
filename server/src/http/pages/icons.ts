import { html } from 'hono/html'
import { isAsking, type PaymentStateKind } from './paymentState.ts'
import type { Html } from './words.ts'

/** The arrow that points back to the shop; mirrored by the style sheet in right-to-left languages. */
export function backIcon(): Html {
  return html`<svg class="icon icon-back" viewBox="0 0 20 20" aria-hidden="true"><path d="M8.5 4.5 3 10l5.5 5.5M3.5 10H17" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/></svg>`
}

/** The sign of something to know, beside notices. */
export function infoIcon(): Html {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M10 9v4.5M10 6.4v.2" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round"/></svg>`
}

/** The chevron of the list of coins. */
export function chevronIcon(): Html {
  return html`<svg class="icon icon-chevron" viewBox="0 0 20 20" aria-hidden="true"><path d="m6 8 4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/></svg>`
}

/** The tick of the chosen coin. */
export function tickIcon(): Html {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="m4.5 10.5 3.5 3.5 7.5-8" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/></svg>`
}

/** The sign of a wallet that shows no icon of its own. */
export function walletIcon(): Html {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M15.5 6.5v-2h-11a2 2 0 0 0 0 4h12v8h-12a2 2 0 0 1-2-2v-8M13.6 12.4v.2" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`
}

/** The globe of the menu of languages. */
export function globeIcon(): Html {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15Zm0 0c4 4.5 4 10.5 0 15m0-15c-4 4.5-4 10.5 0 15M2.8 8h14.4M2.8 12h14.4" fill="none" stroke="currentColor" stroke-width="1.25"/></svg>`
}

/** The large sign of a state: a ring that turns while waiting, a tick when done, a line when there is nothing to pay. */
export function stateIcon(kind: PaymentStateKind): Html | null {
  switch (kind) {
    case 'amount':
    case 'details':
    case 'zero':
      return null
    case 'open':
    case 'partial':
    case 'processing':
      return html`<svg class="state-icon" viewBox="0 0 24 24" aria-hidden="true"><circle class="ring" cx="12" cy="12" r="9.5"/><path class="ring-turn" d="M12 2.5a9.5 9.5 0 0 1 9.5 9.5"/></svg>`
    case 'complete':
      return html`<svg class="state-icon" viewBox="0 0 24 24" aria-hidden="true"><circle class="disc" cx="12" cy="12" r="12"/><path class="tick" d="m7 12.5 3.4 3.4L17 9"/></svg>`
    case 'expired':
    case 'expiredPartial':
    case 'unready':
      return html`<svg class="state-icon" viewBox="0 0 24 24" aria-hidden="true"><circle class="disc" cx="12" cy="12" r="12"/><path class="tick" d="M12 6.8v6.4M12 16.8v.2"/></svg>`
    default:
      return kind satisfies never
  }
}

const TAB_COLOR: Record<PaymentStateKind, string> = {
  amount: '#3448c5',
  details: '#3448c5',
  zero: '#3448c5',
  open: '#3448c5',
  partial: '#b45309',
  processing: '#3448c5',
  complete: '#157f4a',
  expired: '#6b7280',
  expiredPartial: '#b45309',
  unready: '#6b7280',
}

/** The tab's icon for a state, as a `data:` URL: the page may load nothing else but its own files. */
export function tabIcon(kind: PaymentStateKind): string {
  const sign =
    kind === 'complete'
      ? `<path d="m10 16.5 4.2 4.2L22.5 12" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>`
      : isAsking(kind) || kind === 'open' || kind === 'processing' || kind === 'partial'
        ? `<circle cx="16" cy="16" r="6.5" fill="none" stroke="#fff" stroke-width="3"${kind === 'processing' ? ' stroke-dasharray="20 40"' : ''}/>`
        : `<path d="M11 16h10" stroke="#fff" stroke-width="3" stroke-linecap="round"/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="${TAB_COLOR[kind]}"/>${sign}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
