import { html } from 'hono/html'
import { tabIcon } from './icons.ts'
import { documentOf } from './layout.ts'
import { timeText } from './timeText.ts'
import { ENGLISH_WORDS, type Html } from './words.ts'

/** A message of the test world, as the inbox shows it. */
export type InboxMail = {
  id: string
  createdAt: { toISOString(): string }
  recipient: string
  cc: readonly string[]
  replyTo: string | null
  subject: string
  text: string
  html: string
  attachments: readonly { name: string }[]
}

type Place = { path: string; styleUrl: string; inboxStyleUrl: string }

/** The list of the test world's messages, newest first; without any it says how to get one. */
export function renderInbox(mails: readonly InboxMail[], options: Place): string {
  const { path } = options
  const body = html`<section class="card" aria-labelledby="heading">
<h1 id="heading" class="mail-subject">Inbox of the test world</h1>
<p class="inbox-note">Nothing is sent from here: every message that would be lies in this list.</p>
${mails.length === 0 ? EMPTY : html`<ul class="inbox-list">${mails.map(mail => item(mail, path))}</ul>`}
<p class="check-again"><a href="${path}">Look again</a></p>
</section>`
  return pageOf('Inbox', body, options)
}

/** One message: who it is for, what it looks like in a frame of its own where no script runs, its text and its files. */
export function renderInboxMail(mail: InboxMail, options: Place): string {
  const { id, subject, recipient, cc, replyTo, attachments, text } = mail
  const { path } = options
  const time = mail.createdAt.toISOString()
  const body = html`<nav aria-label="Inbox"><a class="link-button" href="${path}">← Inbox</a></nav>
<article class="card mail-card" aria-labelledby="heading">
<h1 id="heading" class="mail-subject"><bdi>${subject}</bdi></h1>
<dl class="receipt-rows">
${row('To', html`${recipient}`)}
${cc.length === 0 ? null : row('Cc', html`${cc.join(', ')}`)}
${replyTo === null ? null : row('Reply to', html`${replyTo}`)}
${row('Written', html`<time datetime="${time}">${timeText(time)}</time>`)}
${attachments.map(({ name }, index) => row('File', html`<a href="${path}/${id}/files/${index}" download>${name}</a>`))}
</dl>
<iframe class="mail-frame" title="The message" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${inNewTabs(mail.html)}"></iframe>
<details class="mail-fold"><summary>As plain text</summary><pre class="mail-text" tabindex="0">${text}</pre></details>
</article>`
  return pageOf(subject, body, options)
}

/** The page for a message that is not there, to be answered with 404. */
export function renderInboxMailNotFound(options: Place): string {
  const body = html`<section class="card" aria-labelledby="heading">
<h1 id="heading" class="mail-subject">No such message</h1>
<p class="inbox-note">A test world that was started anew has forgotten the messages before, and each is kept for 90 days.</p>
<div class="actions"><a class="button" href="${options.path}">To the inbox</a></div>
</section>`
  return pageOf('No such message', body, options)
}

const EMPTY = html`<p class="lead lead-strong">No message yet.</p>
<p class="lead">Create a checkout session with "customerData": {"email": "ada@example.com"} and pay it with the test wallet: its receipt comes here. Invoices that are sent, invitations, and warnings about webhook endpoints do, too.</p>`

function item({ id, subject, recipient, createdAt, attachments }: InboxMail, path: string): Html {
  const time = createdAt.toISOString()
  const files = attachments.length === 1 ? ', 1 file' : `, ${attachments.length} files`
  return html`<li class="inbox-item"><a class="inbox-link" href="${path}/${id}"><span class="inbox-subject"><bdi>${subject}</bdi></span>
<time class="inbox-time" datetime="${time}">${timeText(time)}</time>
<span class="inbox-to">to ${recipient}${attachments.length === 0 ? '' : files}</span></a></li>`
}

function row(label: string, value: Html): Html {
  return html`<div class="receipt-row"><dt>${label}</dt><dd>${value}</dd></div>`
}

/** Links of a message open beside the inbox: within the frame they lead nowhere. */
function inNewTabs(markup: string): string {
  return markup.replace('<head>', '<head>\n<base target="_blank">')
}

function pageOf(title: string, body: Html, { styleUrl, inboxStyleUrl }: Place): string {
  const frame = { words: ENGLISH_WORDS, styleUrl, isTest: true, path: null, query: {}, embedder: null }
  return documentOf(frame, {
    title,
    icon: tabIcon('open'),
    brand: null,
    head: html`<link rel="stylesheet" href="${inboxStyleUrl}">`,
    body: html`<main class="page page-inbox">
${body}
</main>`,
  })
}
