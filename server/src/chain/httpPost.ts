import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Readable } from 'node:stream'
import { urlToHttpOptions } from 'node:url'
import { createGunzip } from 'node:zlib'

/** What is sent, and what ends it at any time until the answer was read. */
export type PostRequest = { method: 'POST'; headers: Record<string, string>; body: string; signal: AbortSignal }

/** An answer to read; `text` is null where it is longer than any may be. */
export type Posted = {
  status: number
  headers: { get(name: string): string | null }
  text(): Promise<string | null>
}

/** Sends a request over HTTP and throws where no answer comes; the platform's `fetch` is one such function. */
export type Post = (url: URL, request: PostRequest) => Promise<Posted>

/** The most that an answer may weigh: the receipts of a block with 50,000 logs have room. */
export const ANSWER_MAX_BYTES = 64 * 1024 * 1024

/**
 * Sends a request on connections that are kept, and follows no redirect; throws the reason of its signal once that aborts. By
 * Node's own client: `fetch` takes three times as much for a small answer, and blocks are read by the thousand.
 */
export const httpPost: Post = (url, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const length = `${Buffer.byteLength(body)}`
    const sent = { ...headers, 'accept-encoding': 'gzip', 'content-length': length }
    const request = send({ ...targetOf(url), method, headers: sent }, response => resolve(postedOf(response, signal)))
    request.on('error', error => reject(signal.aborted ? signal.reason : error))
    // By hand: as an option of the request, the signal costs more.
    const end = () => request.destroy(signal.reason)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
    request.on('close', () => signal.removeEventListener('abort', end))
    request.end(body)
  })

type Target = Pick<RequestOptions, 'protocol' | 'hostname' | 'port' | 'path' | 'auth'>

/** Where URLs lead, kept: for Node to find it out anew takes a seventh of a small call. */
const TARGETS = new WeakMap<URL, Target>()

function targetOf(url: URL): Target {
  const known = TARGETS.get(url)
  if (known !== undefined) return known
  const { protocol, hostname, port, path, auth } = urlToHttpOptions(url)
  const target = { protocol, hostname, port, path, auth }
  TARGETS.set(url, target)
  return target
}

function postedOf(response: IncomingMessage, signal: AbortSignal): Posted {
  const get = (name: string) => {
    const value = response.headers[name]
    return typeof value === 'string' ? value : null
  }
  return { status: response.statusCode ?? 0, headers: { get }, text: () => textOf(response, signal) }
}

/** The whole of `response`; its connection is given up where that is too long. */
function textOf(response: IncomingMessage, signal: AbortSignal): Promise<string | null> {
  const body = response.headers['content-encoding'] === 'gzip' ? unpacked(response) : response
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    body.on('data', (part: Buffer) => {
      size += part.length
      if (size <= ANSWER_MAX_BYTES) return void parts.push(part)
      resolve(null)
      body.destroy()
      response.destroy()
    })
    body.on('end', () => resolve(Buffer.concat(parts, size).toString('utf8')))
    body.on('error', error => reject(signal.aborted ? signal.reason : error))
  })
}

function unpacked(response: IncomingMessage): Readable {
  const gunzip = createGunzip()
  response.on('error', error => gunzip.destroy(error))
  return response.pipe(gunzip)
}
