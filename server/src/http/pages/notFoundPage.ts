import { html } from 'hono/html'
import { stateIcon, tabIcon } from './icons.ts'
import { documentOf, pageFooter, testBanner } from './layout.ts'
import { say, sayText } from './messages.ts'

/** The page for a payment that does not exist, to be answered with 404; it names nothing that was asked for. */
export function renderNotFoundPage(options: { styleUrl: string; isTest: boolean }): string {
  return documentOf({
    title: sayText('titleNotFound'),
    styleUrl: options.styleUrl,
    icon: tabIcon('unready'),
    body: html`${testBanner(options.isTest)}
<main class="page page-single">
<section class="card card-unready" aria-labelledby="heading">
<div class="status">${stateIcon('unready')}<h1 id="heading" class="status-text">${say('notFoundHeading')}</h1></div>
<p class="lead lead-strong">${say('notFoundLead')}</p>
<p class="lead">${say('notFoundNext')}</p>
</section>
</main>
${pageFooter(null)}`,
  })
}
