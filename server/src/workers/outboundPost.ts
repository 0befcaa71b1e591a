import type { LookupAddress } from 'node:dns'
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'

const READ_MAX_BYTES = 64 * 1024
const KEPT_BYTES = 1024
const HEADERS_MAX_BYTES = 16 * 1024
const INTERIM_RESPONSES_MAX = 4

/** Why no whole answer arrived; `response_invalid` is what cannot be read as HTTP. */
export type PostError = 'timeout' | 'tls_error' | 'connection_error' | 'response_invalid'

/**
 * What came of a POST. `error` is null when the answer was read to its end or to 64 KB; `reason` is the error's system
 * code. `body` is the beginning of the answer, at most 1,024 bytes of UTF-8 without NUL; it and the status are what had
 * arrived by then.
 */
export type PostResult = {
  status: number | null
  error: PostError | null
  reason: string | null
  body: string
  retryAfter: string | null
}

/**
 * Sends `body` as UTF-8 to `url`, connecting to one of `addresses` and nothing else, whatever the name means by then.
 * Follows no redirect, uses no proxy, no cookie, no pooled connection, and decompresses nothing. Ends with `timeout`
 * when `signal` fires.
 */
export function outboundPost(options: {
  url: URL
  addresses: readonly LookupAddress[]
  headers: Readonly<Record<string, string>>
  body: string
  signal: AbortSignal
}): Promise<PostResult> {
  const { url, signal } = options
  const bytes = Buffer.from(options.body, 'utf8')
  const requestOf = url.protocol === 'https:' ? httpsRequest : httpRequest
  const request = requestOf({
    ...connectionOptions('POST', url, options.addresses),
    headers: { ...options.headers, 'content-length': bytes.length },
  })
  return new Promise(resolve => {
    const answer = { status: null as number | null, retryAfter: null as string | null, chunks: [] as Buffer[] }
    const settle = (error: PostError | null, reason: string | null) => {
      signal.removeEventListener('abort', onDeadline)
      request.destroy()
      const { status, retryAfter, chunks } = answer
      resolve({ status, error, reason, body: firstKilobyte(Buffer.concat(chunks)), retryAfter })
    }
    const onDeadline = () => settle('timeout', null)
    const onError = (error: NodeJS.ErrnoException) => settle(errorOf(error, url), error.code ?? null)

    refuseEndlessInterim(request, () => settle('response_invalid', null))
    request.on('error', onError)
    // An answer that switches protocols brings neither response nor error. Once there is a response, it says how it
    // ended.
    request.on('close', () => {
      if (answer.status === null) settle('connection_error', null)
    })
    request.on('response', response => {
      answer.status = response.statusCode ?? null
      answer.retryAfter = response.headers['retry-after'] ?? null
      response.on('error', onError)
      collect(response, answer.chunks, () => settle(null, null))
    })
    signal.addEventListener('abort', onDeadline)
    if (signal.aborted) onDeadline()
    else request.end(bytes)
  })
}

/** How a request reaches one of `addresses`, and neither a proxy nor a connection of another request. */
export function connectionOptions(
  method: 'GET' | 'POST',
  url: URL,
  addresses: readonly LookupAddress[],
): RequestOptions {
  const [first] = addresses
  const lookup: LookupFunction = (_hostname, { all }, callback) => {
    if (all) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }
  return {
    method,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port === '' ? {} : { port: url.port }),
    path: url.pathname + url.search,
    lookup,
    // A fresh agent per request: the global one may keep connections and, if the environment says so, use a proxy.
    agent: false,
    maxHeaderSize: HEADERS_MAX_BYTES,
    insecureHTTPParser: false,
    // Named, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot turn it off.
    ...(url.protocol === 'https:' ? { rejectUnauthorized: true } : {}),
  }
}

/** A server may send any number of 1xx answers, each below the limit of headers: a few are enough. */
export function refuseEndlessInterim(request: ClientRequest, refuse: () => void): void {
  let count = 0
  request.on('information', () => {
    count += 1
    if (count > INTERIM_RESPONSES_MAX) refuse()
  })
}

function collect(response: IncomingMessage, chunks: Buffer[], done: () => void): void {
  let read = 0
  response.on('data', (chunk: Buffer) => {
    if (read < KEPT_BYTES) chunks.push(chunk.subarray(0, KEPT_BYTES - read))
    read += chunk.length
    if (read >= READ_MAX_BYTES) done()
  })
  response.on('end', done)
}

/** What a system error of a request to `url` is. */
export function errorOf({ code = '' }: NodeJS.ErrnoException, url: URL): PostError {
  if (code.startsWith('HPE_')) return 'response_invalid'
  // System errors are one word, such as ECONNRESET; what OpenSSL and certificate checks say is longer, EPROTO excepted.
  const isSystemError = /^(E[A-Z0-9]+)?$/.test(code) && code !== 'EPROTO'
  return url.protocol === 'https:' && !isSystemError ? 'tls_error' : 'connection_error'
}

function firstKilobyte(bytes: Buffer): string {
  // Streaming leaves out a character that the cut went through, rather than writing a replacement for it.
  const text = new TextDecoder().decode(bytes.subarray(0, KEPT_BYTES), { stream: true }).replaceAll('\0', '')
  // A replacement character is longer than the byte that it stands for, so the limit is applied once more.
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(KEPT_BYTES)).read)
}
