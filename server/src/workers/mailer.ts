import { createTransport } from 'nodemailer'
import { headerText, isEmailAddress } from '../domain/emailAddress.ts'
import type { EmailConfig } from '../emailConfig.ts'

/** One message as it leaves; `attachments` in base64. */
export type Mail = {
  /** The same for the same message, however often it is sent. */
  id: string
  recipient: string
  cc: readonly string[]
  replyTo: string | null
  subject: string
  text: string
  html: string
  attachments: readonly { name: string; contentType: string; content: string }[]
}

/** Null when the server took the message; else why not, without our password, and whether the same may work later. */
export type MailFailure = { error: string; retryable: boolean } | null

/** The one way out for e-mail. */
export type Mailer = {
  /** Hands a message to the server, and never throws for what the server does. */
  send: (mail: Mail) => Promise<MailFailure>
  close: () => void
}

/** The most addresses that get a copy. */
export const COPIES_MAX = 10

const CONNECTIONS_MAX = 4
const WAIT_MS = 15_000
const SILENCE_MS = 30_000
const ERROR_MAX = 300
/** From here on a server refuses for good. */
const PERMANENT_FROM = 500
/** What it then refuses is this message or its addresses; all else may be our settings, or its own. */
const ABOUT_MESSAGE = ['EENVELOPE', 'EMESSAGE']

/**
 * A mailer that talks to one server: with TLS, from the first byte on or by STARTTLS, without which nothing is sent, the password least
 * of all; only a server on this machine may do without. Nothing is read from files or URLs to make a message.
 */
export function createMailer(config: EmailConfig): Mailer {
  const { host, port, isTls, isLoopback, login, from } = config
  const transport = createTransport({
    ...{ host, port, secure: isTls, requireTLS: !isTls && !isLoopback, tls: { rejectUnauthorized: !isLoopback } },
    ...(login !== null && { auth: { user: login.user, pass: login.password } }),
    ...{ pool: true, maxConnections: CONNECTIONS_MAX, disableFileAccess: true, disableUrlAccess: true },
    ...{ connectionTimeout: WAIT_MS, greetingTimeout: WAIT_MS, dnsTimeout: WAIT_MS, socketTimeout: SILENCE_MS },
  })
  return {
    send: async mail => {
      const refusal = refusalOf(mail)
      if (refusal !== null) return { error: refusal, retryable: false }
      try {
        await transport.sendMail({ ...messageOf(mail, from), from })
        return null
      } catch (error) {
        return failureOf(error, login?.password ?? null)
      }
    },
    close: () => transport.close(),
  }
}

/** Why a message is not sent at all: what could name another address or begin another header is nobody's address. */
function refusalOf({ recipient, cc, replyTo }: Mail): string | null {
  const wrong = [recipient, ...cc, ...(replyTo === null ? [] : [replyTo])].find(address => !isEmailAddress(address))
  if (wrong !== undefined) return `${JSON.stringify(wrong.slice(0, 100))} is not an e-mail address.`
  return cc.length > COPIES_MAX ? `A message has at most ${COPIES_MAX} copies.` : null
}

function messageOf(mail: Mail, from: EmailConfig['from']) {
  const { id, recipient, cc, replyTo, subject, text, html, attachments } = mail
  return {
    messageId: `<${id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    to: { name: '', address: recipient },
    cc: cc.map(address => ({ name: '', address })),
    ...(replyTo !== null && { replyTo: { name: '', address: replyTo } }),
    subject: headerText(subject),
    text,
    html,
    attachments: attachments.map(({ name, contentType, content }) => ({
      filename: headerText(name),
      contentType,
      content,
      encoding: 'base64',
    })),
    // Nobody's absence note is to answer (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}

function failureOf(error: unknown, password: string | null): MailFailure {
  const { message, responseCode, code } = error as Error & { responseCode?: number; code?: string }
  const shown = password === null ? message : message.replaceAll(password, '…')
  const isRefused = (responseCode ?? 0) >= PERMANENT_FROM && ABOUT_MESSAGE.includes(code ?? '')
  return { error: headerText(shown).slice(0, ERROR_MAX), retryable: !isRefused }
}
