import { isEmailAddress } from './domain/emailAddress.ts'

/** Through which server e-mail leaves, and in whose name. */
export type EmailConfig = {
  host: string
  port: number
  /** TLS from the first byte on (`smtps:`); else the connection begins in clear text. */
  isTls: boolean
  /** The server is on this machine: it alone may be talked to in clear text, and with a certificate that nobody vouches for. */
  isLoopback: boolean
  login: { user: string; password: string } | null
  from: { name: string; address: string }
}

const URL_VARIABLE = 'BITSTREAM_SMTP_URL'
const FROM_VARIABLE = 'BITSTREAM_EMAIL_FROM'
const PORTS: Record<string, number> = { 'smtp:': 587, 'smtps:': 465 }
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** The settings of e-mail from their two variables, null when both are empty; problems never repeat the URL, which has a password. */
export function readEmailConfig(url: string, from: string): { email: EmailConfig | null; problems: string[] } {
  if (url === '' && from === '') return { email: null, problems: [] }
  if (url === '') return { email: null, problems: [`${URL_VARIABLE}: must be set with ${FROM_VARIABLE}, or neither`] }
  if (from === '') return { email: null, problems: [`${FROM_VARIABLE}: must be set with ${URL_VARIABLE}, or neither`] }
  const server = parseServer(url)
  const sender = parseSender(from)
  const problems = [
    ...(server === null
      ? [`${URL_VARIABLE}: must be smtps://user:password@host:port or smtp://…, special characters percent-encoded`]
      : []),
    ...(sender === null
      ? [`${FROM_VARIABLE}: must be an address, or a name and an address: Shop <pay@example.com>`]
      : []),
  ]
  return { email: server === null || sender === null ? null : { ...server, from: sender }, problems }
}

function parseServer(text: string): Omit<EmailConfig, 'from'> | null {
  const url = URL.parse(text)
  const fallbackPort = url === null ? undefined : PORTS[url.protocol]
  if (url === null || fallbackPort === undefined || url.hostname === '') return null
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') return null
  try {
    const user = decodeURIComponent(url.username)
    const password = decodeURIComponent(url.password)
    if ((user === '') !== (password === '')) return null
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? fallbackPort : Number(url.port),
      isTls: url.protocol === 'smtps:',
      isLoopback: LOOPBACK.test(url.hostname),
      login: user === '' ? null : { user, password },
    }
  } catch {
    return null
  }
}

function parseSender(text: string): EmailConfig['from'] | null {
  const [, name = '', address = ''] = /^([^<>\p{Cc}]*)<([^<>]*)>$/u.exec(text.trim()) ?? ['', '', text.trim()]
  return isEmailAddress(address) ? { name: name.trim().replace(/^"(.*)"$/, '$1'), address } : null
}
