import type { Mode } from './apiKey.ts'
import { AppError, type ErrorCode } from './errors.ts'
import { isForbiddenIp } from './ip.ts'

/** The longest URL that we take, in characters. */
export const URL_MAX_LENGTH = 2048

const SESSION_ID_TEMPLATE = '{CHECKOUT_SESSION_ID}'
const SESSION_ID_PARAM = 'cx_session_id'
const SAMPLE_SESSION_ID = '00000000-0000-7000-8000-000000000000'
const ORIGIN_MAX_LENGTH = 300
const LOOPBACK_NAMES = ['localhost', '127.0.0.1']
/** Narrower than what URLs allow: `;` and `*` mean something in a list of frame ancestors. */
const HOST_NAME = /^[a-z0-9._-]+$/
const LIVE_WEBHOOK_PORTS = ['443', '8443']
const PRINTABLE_ASCII = /^[\x21-\x7e]*$/

/**
 * Where a webhook goes: `text` to store and show (punycode, never look-alike letters), `url` to connect to, and whether
 * the deployment's configuration names this host and port, so that it may be private.
 */
export type WebhookUrl = { text: string; url: URL; isAllowedHost: boolean }

/**
 * `text` as it was given, once it is a URL that a payer may be sent to; it may hold `{CHECKOUT_SESSION_ID}`. Throws
 * `too_long`, `url_scheme`, `url_invalid`, `url_userinfo`, or in live mode `url_https_required`, naming `param`.
 */
export function parseHttpUrl(text: string, param: string, options: { mode: Mode; maxLength?: number }): string {
  const { mode, maxLength = URL_MAX_LENGTH } = options
  checkLength(text, param, maxLength)
  const url = readUrl(withSessionId(text, SAMPLE_SESSION_ID), param)
  if (mode === 'live' && url.protocol !== 'https:') {
    throw urlError('url_https_required', `${param} must begin with https:// in live mode.`, param)
  }
  return text
}

/**
 * The origin `text` (`https://shop.example:8443`) as browsers write it: in lower case, punycode, without the port that goes without
 * saying. In test mode `http://` is taken for localhost and 127.0.0.1. Throws as `parseHttpUrl` does, and `url_invalid` for more
 * than an origin and for hosts that a list of frame ancestors cannot name: wildcards and IPv6 literals.
 */
export function parseOrigin(text: string, param: string, { mode }: { mode: Mode }): string {
  checkLength(text, param, ORIGIN_MAX_LENGTH)
  const { origin, protocol, hostname } = readUrl(text, param)
  if (protocol !== 'https:' && !(mode === 'test' && LOOPBACK_NAMES.includes(hostname))) {
    const message = mode === 'test' ? ', or with http:// for localhost' : ''
    throw urlError('url_https_required', `${param} must begin with https://${message}.`, param)
  }
  if (!/^https?:\/\/[^/?#]+$/i.test(text) || !HOST_NAME.test(hostname)) {
    const message = 'must be one exact origin such as https://shop.example, without a path'
    throw urlError('url_invalid', `${param} ${message}.`, param)
  }
  return origin
}

/**
 * The webhook URL that `text` names. Throws as `parseHttpUrl` does, and in live mode `url_scheme` for http,
 * `url_port_forbidden` for ports but 443 and 8443, and `url_host_forbidden` for one of `ownHosts`, the gateway's own
 * names; in both modes `url_host_forbidden` for a private IP literal. `allowedHosts` are `host:port` of the
 * deployment's configuration, exact and lower-case, exempt from the rules on hosts and ports. Names are not resolved
 * here: whoever connects must check every address.
 */
export function parseWebhookUrl(
  text: string,
  param: string,
  options: { mode: Mode; allowedHosts: readonly string[]; ownHosts?: readonly string[] },
): WebhookUrl {
  const { mode, allowedHosts, ownHosts = [] } = options
  checkLength(text, param, URL_MAX_LENGTH)
  const url = readUrl(text, param)
  if (text.includes('#')) throw urlError('url_invalid', `${param} must not have a fragment: remove the # part.`, param)
  if (mode === 'live' && url.protocol !== 'https:') {
    throw urlError('url_scheme', `${param} must begin with https:// in live mode.`, param)
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const isAllowedHost = allowedHosts.includes(`${url.hostname}:${port}`)
  if (!isAllowedHost) {
    if (mode === 'live' && !LIVE_WEBHOOK_PORTS.includes(port)) {
      throw urlError('url_port_forbidden', `${param} must use port ${LIVE_WEBHOOK_PORTS.join(' or ')}.`, param)
    }
    const ip = ipLiteral(url)
    const isOwnHost = mode === 'live' && ownHosts.includes(url.hostname.replace(/\.$/, ''))
    if (isOwnHost || (ip !== null && isForbiddenIp(ip, mode))) throw hostForbidden(param)
  }
  return { text: PRINTABLE_ASCII.test(text) ? text : url.href, url, isAllowedHost }
}

/** The one error for every host that webhooks may not reach: it does not tell what the host resolved to. */
export function hostForbidden(param: string): AppError {
  const message =
    `${param} must be a public host: the gateway itself and private networks are refused, ` +
    "unless the deployment's configuration names host and port."
  return urlError('url_host_forbidden', message, param)
}

/** The address of a URL whose host is an IP literal, without brackets; null when it is a name. */
export function ipLiteral(url: URL): string | null {
  if (url.hostname.startsWith('[')) return url.hostname.slice(1, -1)
  return /^[0-9]+(\.[0-9]+){3}$/.test(url.hostname) ? url.hostname : null
}

/** `url` with every `{CHECKOUT_SESSION_ID}` replaced by `id`, URL-encoded, and not a character changed besides. */
export function withSessionId(url: string, id: string): string {
  return url.replaceAll(SESSION_ID_TEMPLATE, () => encodeURIComponent(id))
}

/**
 * Where a payer who paid is sent: `url` with `id` substituted and in the query as `cx_session_id`, once; printable
 * ASCII.
 */
export function successRedirect(url: string, id: string): string {
  const [beforeHash, hash] = cut(withSessionId(url, id), '#')
  const [path, query] = cut(beforeHash, '?')
  const others = query.split('&').filter(pair => pair !== '' && cut(pair, '=')[0] !== SESSION_ID_PARAM)
  const carried = [...others, `${SESSION_ID_PARAM}=${encodeURIComponent(id)}`].join('&')
  const target = `${path}?${carried}${hash && `#${hash}`}`
  return PRINTABLE_ASCII.test(target) ? target : new URL(target).href
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function checkLength(text: string, param: string, maxLength: number): void {
  if (text.length > maxLength) throw urlError('too_long', `${param} must have at most ${maxLength} characters.`, param)
}

function readUrl(text: string, param: string): URL {
  // Browsers drop control characters and blanks before they read the scheme, so "java\nscript:" is judged as they see
  // it.
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec([...text].filter(character => character > ' ').join(''))?.[1]
  if (scheme !== undefined && !/^https?$/i.test(scheme)) {
    throw urlError('url_scheme', `${param} must begin with https:// or http://.`, param)
  }
  // The parser takes "https:host", "https:\\host" and "https:///host" for https://host; a person would not.
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1]
  const url = authority === undefined || hasForbiddenCharacter(text) ? null : URL.parse(text)
  if (authority === undefined || url === null) {
    const message =
      'must be a whole URL such as https://shop.example/thanks, without backslashes and control characters'
    throw urlError('url_invalid', `${param} ${message}.`, param)
  }
  if (authority.includes('@')) {
    throw urlError('url_userinfo', `${param} must not have a user name or password before the host.`, param)
  }
  return url
}

function hasForbiddenCharacter(text: string): boolean {
  const isForbidden = (character: string) =>
    character < ' ' || character === '\\' || (character >= '\x7f' && character <= '\x9f')
  return text !== text.trim() || !text.isWellFormed() || [...text].some(isForbidden)
}

function urlError(code: ErrorCode, message: string, param: string): AppError {
  return new AppError(code, message, { param })
}
