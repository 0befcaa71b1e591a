import { html } from 'hono/html'
import { stateIcon, tabIcon } from './icons.ts'
import { documentOf, type PageFrame } from './layout.ts'

/** The page for a payment that does not exist, to be answered with 404; it names nothing that was asked for. */
export function renderNotFoundPage(frame: PageFrame): string {
  const { words } = frame
  return documentOf(frame, {
    title: words.text('titleNotFound'),
    icon: tabIcon('unready'),
    brand: null,
    body: html`<main class="page page-single">
<section class="card card-unready" aria-labelledby="heading">
<div class="status">${stateIcon('unready')}<h1 id="heading" class="status-text">${words.say('notFoundHeading')}</h1></div>
<p class="lead lead-strong">${words.say('notFoundLead')}</p>
<p class="lead">${words.say('notFoundNext')}</p>
</section>
</main>`,
  })
}
