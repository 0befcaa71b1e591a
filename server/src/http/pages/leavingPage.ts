import { html } from 'hono/html'
import { stateIcon, tabIcon } from './icons.ts'
import { brandMark, documentOf, hrefOf, type PageFrame, wayOut } from './layout.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { hostOf, returnUrl } from './returnUrl.ts'

const LEAVE_AFTER_S = 1

/**
 * The page after a cancel, which sends the payer back to the shop: a page with a `Refresh` header (null when the session has no
 * `cancelUrl`, and in a frame) and a link, because `form-action 'self'` forbids a form to redirect to another host. The payment stays payable.
 */
export function renderLeavingPage(
  frame: PageFrame,
  view: Pick<PaymentPage, 'id' | 'cancelUrl' | 'brand'>,
): { body: string; refresh: string | null } {
  const { words } = frame
  const url = returnUrl(view.cancelUrl, view.id)
  const host = url === null ? '' : hostOf(url)
  const heading = url === null ? words.say('leavingNowhereHeading') : words.say('leavingHeading', { host })
  const body = documentOf(frame, {
    title: url === null ? words.text('leavingNowhereHeading') : words.text('titleLeaving', { host }),
    icon: tabIcon('open'),
    brand: view.brand,
    body: html`<main class="page page-single">
<section class="card" aria-labelledby="heading">
${brandMark(view.brand)}
<div class="status">${stateIcon(url === null ? 'unready' : 'open')}<h1 id="heading" class="status-text">${heading}</h1></div>
<p class="lead">${url === null ? words.say('leavingNowhereLead') : words.say('leavingLead')}</p>
<div class="actions">${
      url === null
        ? null
        : html`<a class="button button-first" href="${url}" rel="noreferrer"${wayOut(frame)}><span>${words.say('returnNow', { host })}</span></a>`
    }<a class="button" href="${hrefOf(frame)}">${words.say('continuePaying')}</a></div>
</section>
</main>`,
  })
  return { body, refresh: url === null || frame.embedder !== null ? null : `${LEAVE_AFTER_S}; url=${url}` }
}
