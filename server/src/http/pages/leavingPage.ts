import { html } from 'hono/html'
import { stateIcon, tabIcon } from './icons.ts'
import { brandMark, documentOf, pageFooter, testBanner } from './layout.ts'
import { say, sayText } from './messages.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { hostOf, returnUrl } from './returnUrl.ts'

const LEAVE_AFTER_S = 1

/**
 * The page after a cancel, which sends the payer back to the shop: a page with a `Refresh` header (null when the session has no
 * `cancelUrl`) and a link, because `form-action 'self'` forbids a form to redirect to another host. The payment stays payable.
 */
export function renderLeavingPage(
  view: Pick<PaymentPage, 'id' | 'cancelUrl' | 'brand' | 'isTest'>,
  options: { styleUrl: string; pagePath: string },
): { body: string; refresh: string | null } {
  const url = returnUrl(view.cancelUrl, view.id)
  const host = url === null ? '' : hostOf(url)
  const heading = url === null ? say('leavingNowhereHeading') : say('leavingHeading', { host })
  const body = documentOf({
    title: url === null ? sayText('leavingNowhereHeading') : sayText('titleLeaving', { host }),
    styleUrl: options.styleUrl,
    icon: tabIcon('open'),
    body: html`${testBanner(view.isTest)}
<main class="page page-single">
<section class="card" aria-labelledby="heading">
${brandMark(view.brand)}
<div class="status">${stateIcon(url === null ? 'unready' : 'open')}<h1 id="heading" class="status-text">${heading}</h1></div>
<p class="lead">${url === null ? say('leavingNowhereLead') : say('leavingLead')}</p>
<div class="actions">${
      url === null
        ? null
        : html`<a class="button button-first" href="${url}" rel="noreferrer">${say('returnNow', { host })}</a>`
    }<a class="button" href="${options.pagePath}">${say('continuePaying')}</a></div>
</section>
</main>
${pageFooter(view.brand)}`,
  })
  return { body, refresh: url === null ? null : `${LEAVE_AFTER_S}; url=${url}` }
}
