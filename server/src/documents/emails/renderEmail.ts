import { headerText } from '../../domain/emailAddress.ts'
import { cardOf, escapeHtml, type Html, pageOf, raw } from './emailHtml.ts'

/** In whose name a message is written: `logoUrl` is on our own origin, `color` is `#` and six hex digits. */
export type EmailBrand = { name: string; logoUrl: string | null; color: string }

/** What a message says, in plain text; the templates beside make it. */
export type EmailContent = {
  subject: string
  /** What a list of messages shows after the subject. */
  preview: string
  heading: string
  paragraphs: readonly string[]
  rows?: readonly { label: string; value: string; isTotal?: boolean }[]
  /** The one thing to do. */
  action?: { label: string; url: string }
  links?: readonly { label: string; url: string }[]
  /** Why the reader gets this. */
  reason: string
}

/** A message as it is stored and sent: its HTML says what its text says. */
export type RenderedEmail = { subject: string; text: string; html: string }

/** The message as plain text, and as HTML that loads nothing but the logo; nothing of what it is given becomes markup. */
export function renderEmail(content: EmailContent, brand: EmailBrand): RenderedEmail {
  return { subject: headerText(content.subject), text: textOf(content, brand), html: htmlOf(content, brand) }
}

function textOf(
  { heading, paragraphs, rows = [], action, links = [], reason }: EmailContent,
  brand: EmailBrand,
): string {
  const parts = [
    heading,
    ...paragraphs,
    ...(rows.length === 0 ? [] : [rows.map(({ label, value }) => `${label}: ${value}`).join('\n')]),
    ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]),
    ...links.map(({ label, url }) => `${label}:\n${url}`),
    `-- \n${brand.name}\n${reason}`,
  ]
  return `${parts.join('\n\n')}\n`
}

function htmlOf(content: EmailContent, brand: EmailBrand): string {
  const { subject, preview, heading, paragraphs, rows = [], action, links = [], reason } = content
  const card = cardOf([
    raw(
      `<h1 class="ink" style="margin:0 0 16px;font-size:22px;line-height:1.3;color:#161a23">${escapeHtml(heading)}</h1>`,
    ),
    ...paragraphs.map(paragraph),
    ...(rows.length === 0 ? [] : [tableOf(rows)]),
    ...(action === undefined ? [] : [button(action, brand.color), plainLink(action.url)]),
    ...links.map(linkLine),
  ])
  return pageOf({ title: headerText(subject), preview, brand, card, reason })
}

function paragraph(text: string): Html {
  return raw(
    `<p class="ink" style="margin:0 0 16px;color:#161a23;overflow-wrap:anywhere">${escapeHtml(text).replaceAll('\n', '<br>')}</p>`,
  )
}

/** The one table that is a table: what each row is, and its value. */
function tableOf(rows: NonNullable<EmailContent['rows']>): Html {
  const body = rows.map(({ label, value, isTotal = false }) => {
    const cell = `padding:10px 0;border-top:1px solid #e4e7ed;vertical-align:top;${isTotal ? 'font-weight:600;' : ''}`
    return `<tr>
<th class="${isTotal ? 'ink' : 'muted'} line" scope="row" align="left" width="40%" style="${cell}padding-right:16px;overflow-wrap:break-word;text-align:left;${isTotal ? 'color:#161a23' : 'font-weight:400;color:#5a6376'}">${escapeHtml(label)}</th>
<td class="ink line" align="right" style="${cell}text-align:right;color:#161a23;overflow-wrap:break-word">${escapeHtml(value).replaceAll('\n', '<br>')}</td>
</tr>`
  })
  return raw(`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 24px;border-collapse:collapse;table-layout:fixed">
${body.join('\n')}
</table>`)
}

function button({ label, url }: { label: string; url: string }, color: string): Html {
  const ground = /^#[0-9a-f]{6}$/.test(color) ? color : '#3448c5'
  const ink = inkOn(ground)
  return raw(`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 12px"><tr>
<td bgcolor="${ground}" style="border-radius:10px;background:${ground}"><a href="${escapeHtml(url)}" style="display:inline-block;padding:13px 24px;border:1px solid ${ink === '#ffffff' ? ground : '#868fa1'};border-radius:10px;background:${ground};color:${ink};font-weight:600;text-decoration:none">${escapeHtml(label)}</a></td>
</tr></table>`)
}

/** For readers whose client shows no button, and for those who look where a link goes. */
function plainLink(url: string): Html {
  return raw(
    `<p class="muted" style="margin:0 0 8px;font-size:13px;color:#5a6376;overflow-wrap:anywhere;word-break:break-word">Or open this address: <a class="link" href="${escapeHtml(url)}" style="color:#3448c5">${escapeHtml(url)}</a></p>`,
  )
}

function linkLine({ label, url }: { label: string; url: string }): Html {
  return raw(
    `<p style="margin:16px 0 0;font-size:15px"><a class="link" href="${escapeHtml(url)}" style="color:#3448c5">${escapeHtml(label)}</a></p>`,
  )
}

/** White or near-black, whichever stands out more from `ground` (WCAG 2.2, relative luminance). */
function inkOn(ground: string): '#ffffff' | '#161a23' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(start => {
    const share = Number.parseInt(ground.slice(start, start + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.2 ? '#161a23' : '#ffffff'
}
