import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns/promises'
import type { Mode } from '../domain/apiKey.ts'
import { AppError } from '../domain/errors.ts'
import { isForbiddenIp } from '../domain/ip.ts'
import { hostForbidden, ipLiteral, parseWebhookUrl } from '../domain/url.ts'
import { outboundGet } from './outboundGet.ts'
import { outboundPost, type PostError, type PostResult } from './outboundPost.ts'

const TIMEOUT_MS = 15_000
const REDIRECTS_MAX = 3

/** All addresses of a host name, IPv4 and IPv6; rejects when there is none. */
export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>

/** Why a delivery has no whole answer; the last three mean that nothing was sent. */
export type SendError = PostError | 'host_forbidden' | 'unresolvable' | 'url_forbidden'

/**
 * What came of one attempt: `ok` when a 2xx answer was read in time. See `PostResult` for the rest; times in
 * milliseconds.
 */
export type SendResult = Omit<PostResult, 'error'> & { ok: boolean; error: SendError | null; durationMs: number }

/** A file of another host whole, or why there is none. */
export type Fetched =
  | { bytes: Buffer; error: null }
  | { bytes: null; error: SendError | 'too_large' | 'too_many_redirects' | `status_${number}` }

/** The one way out to merchants' servers. */
export type Sender = {
  /** POSTs `body` with `headers`, once, and never throws for what the other side does. */
  send: (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<SendResult>
  /**
   * Throws what `parseWebhookUrl` does for the URL in `param`, `url_host_forbidden` or `url_unresolvable`, as sending
   * would end.
   */
  resolveHost: (url: string, param: string) => Promise<void>
  /**
   * GETs a file of at most `bytesMax` bytes and never throws for what the other side does. A few redirects are followed, each to a
   * host that is resolved and checked as the first.
   */
  fetch: (url: string, bytesMax: number) => Promise<Fetched>
}

/**
 * A sender that resolves a host once, refuses it when any of its addresses is private (see `parseWebhookUrl` for
 * `mode`, `allowedHosts` and `ownHosts`), and connects to those very addresses. An attempt takes `timeoutMs` at most,
 * all told.
 */
export function createSender(options: {
  mode: Mode
  allowedHosts: readonly string[]
  ownHosts?: readonly string[]
  lookup?: Lookup
  timeoutMs?: number
}): Sender {
  const { mode, lookup = hostname => systemLookup(hostname, { all: true }), timeoutMs = TIMEOUT_MS } = options

  async function resolve(text: string, param: string, signal: AbortSignal) {
    const { url, isAllowedHost } = parseWebhookUrl(text, param, options)
    const ip = ipLiteral(url)
    const addresses = ip === null ? await lookUp(lookup, url.hostname, param, signal) : [toAddress(ip)]
    if (!isAllowedHost && addresses.some(({ address }) => isForbiddenIp(address, mode))) throw hostForbidden(param)
    return { url, addresses }
  }

  async function post(
    text: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<Omit<SendResult, 'ok' | 'durationMs'>> {
    try {
      return await outboundPost({ ...(await resolve(text, 'url', signal)), headers, body, signal })
    } catch (error) {
      const refused = refusalOf(error, signal)
      const reason = refused === 'url_forbidden' && error instanceof AppError ? error.code : null
      return { status: null, body: '', retryAfter: null, error: refused, reason }
    }
  }

  async function get(text: string, bytesMax: number, signal: AbortSignal): Promise<Fetched> {
    let at = text
    for (let hop = 0; hop <= REDIRECTS_MAX; hop++) {
      try {
        const { url, addresses } = await resolve(at, 'url', signal)
        const { status, error, bytes, location } = await outboundGet({ url, addresses, bytesMax, signal })
        if (error !== null) return { bytes: null, error }
        if (status >= 200 && status < 300) return { bytes, error: null }
        const next = status >= 300 && status < 400 && location !== null ? URL.parse(location, url.href) : null
        if (next === null) return { bytes: null, error: `status_${status}` }
        at = next.href.replace(/#.*$/, '')
      } catch (error) {
        return { bytes: null, error: refusalOf(error, signal) }
      }
    }
    return { bytes: null, error: 'too_many_redirects' }
  }

  return {
    send: async (text, headers, body) => {
      const startedAtMs = performance.now()
      const result = await withDeadline(timeoutMs, signal => post(text, headers, body, signal))
      const ok = result.error === null && result.status !== null && result.status >= 200 && result.status < 300
      return { ...result, ok, durationMs: Math.round(performance.now() - startedAtMs) }
    },
    resolveHost: async (text, param) => {
      await withDeadline(timeoutMs, signal => resolve(text, param, signal))
    },
    fetch: (text, bytesMax) => withDeadline(timeoutMs, signal => get(text, bytesMax, signal)),
  }
}

/** Why nothing was sent; throws what is no refusal. */
function refusalOf(error: unknown, signal: AbortSignal): SendError {
  if (!(error instanceof AppError)) throw error
  if (signal.aborted) return 'timeout'
  if (error.code === 'url_host_forbidden') return 'host_forbidden'
  return error.code === 'url_unresolvable' ? 'unresolvable' : 'url_forbidden'
}

async function withDeadline<T>(timeoutMs: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), timeoutMs)
  try {
    return await run(deadline.signal)
  } finally {
    clearTimeout(timer)
  }
}

async function lookUp(
  lookup: Lookup,
  hostname: string,
  param: string,
  signal: AbortSignal,
): Promise<readonly LookupAddress[]> {
  const message = `${param} has a host that cannot be found: check its spelling and its DNS records.`
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the resolver did not answer in time')), { once: true })
  })
  try {
    const addresses = await Promise.race([lookup(hostname), late])
    if (addresses.length > 0) return addresses
  } catch (cause) {
    throw new AppError('url_unresolvable', message, { param, cause })
  }
  throw new AppError('url_unresolvable', message, { param })
}

function toAddress(ip: string): LookupAddress {
  return { address: ip, family: ip.includes(':') ? 6 : 4 }
}
