import { BitstreamError, ConnectionError, errorOf } from './errors.ts'

/** How to reach a server. */
export type ClientOptions = {
  /** Its origin, such as `https://pay.example.com`. */
  baseUrl: string
  /** How often a request is sent again that failed for no fault of its own; 2 unless told. */
  maxRetries?: number
  /** How long one attempt may take, in milliseconds; 30,000 unless told. */
  timeoutMs?: number
  /** What requests are made with; the global `fetch` unless told. */
  fetch?: typeof fetch
}

/** What one call may be given beside its parameters. */
export type CallOptions = {
  /** Repeating a call with the same key repeats its answer, not its effect; drawn at random unless told. */
  idempotencyKey?: string
  signal?: AbortSignal
  timeoutMs?: number
  maxRetries?: number
}

/** A call of the API, below `/api/v1`. */
export type Request = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  query?: object | undefined
  body?: unknown
  options?: CallOptions | undefined
}

/** Sends a request; answers with the response once its status is 2xx, else throws a `BitstreamError`. */
export type Send = (request: Request) => Promise<Response>

const BACKOFF_MS = 500
const BACKOFF_MAX_MS = 8_000
const RETRY_AFTER_MAX_MS = 60_000
const RETRIED = new Set([408, 429, 500, 502, 503, 504])

/** Makes the function that all calls go through. Throws where the key or the address cannot be right. */
export function createSend(apiKey: string, options: ClientOptions): Send {
  if (!/^(sk|rk|pk)_(test|live)_\w+$/.test(apiKey)) {
    throw new BitstreamError({
      code: 'api_key_invalid',
      message: 'The API key must begin with sk_, rk_ or pk_: copy it whole.',
    })
  }
  const base = originOf(options.baseUrl)
  const ask = options.fetch ?? fetch
  return async ({ method, path, query, body, options: call = {} }) => {
    const headers: Record<string, string> = { authorization: `Bearer ${apiKey}`, accept: 'application/json, */*' }
    const isForm = body instanceof FormData
    if (body !== undefined && !isForm) headers['content-type'] = 'application/json'
    // A key also where nothing is retried: the caller may.
    if (method === 'POST') headers['idempotency-key'] = call.idempotencyKey ?? crypto.randomUUID()
    const url = `${base}/api/v1${path}${queryText(query)}`
    const payload = body === undefined || isForm ? body : JSON.stringify(body, digits)
    const maxRetries = call.maxRetries ?? options.maxRetries ?? 2
    for (let attempt = 0; ; attempt++) {
      const timeout = AbortSignal.timeout(call.timeoutMs ?? options.timeoutMs ?? 30_000)
      const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout])
      const answer = await attemptOnce(ask, url, {
        method,
        headers,
        signal,
        redirect: 'error',
        ...(payload !== undefined && { body: payload }),
      })
      if (answer instanceof Response && answer.ok) return answer
      call.signal?.throwIfAborted()
      const error = answer instanceof Response ? await failureOf(answer) : answer
      if (attempt >= maxRetries || !isPassing(error)) throw error
      await pause(waitMs(attempt, answer), call.signal)
    }
  }
}

async function attemptOnce(ask: typeof fetch, url: string, init: RequestInit): Promise<Response | ConnectionError> {
  try {
    return await ask(url, init)
  } catch (cause) {
    const why =
      cause instanceof Error && cause.name === 'TimeoutError' ? 'did not answer in time' : 'could not be reached'
    return new ConnectionError(
      { code: 'connection_failed', message: `The server ${why}: ${new URL(url).origin}` },
      { cause },
    )
  }
}

async function failureOf(response: Response): Promise<BitstreamError> {
  const text = await response.text().catch(() => '')
  let body: unknown = null
  try {
    body = JSON.parse(text)
  } catch {
    // A proxy answered, not the API.
  }
  return errorOf(response.status, body, response.headers.get('request-id'))
}

function isPassing(error: BitstreamError): boolean {
  return error.statusCode === null || RETRIED.has(error.statusCode) || error.code === 'idempotency_key_in_use'
}

function waitMs(attempt: number, answer: Response | ConnectionError): number {
  const asked = answer instanceof Response ? Number(answer.headers.get('retry-after')) * 1000 : 0
  if (asked > 0) return Math.min(asked, RETRY_AFTER_MAX_MS)
  return Math.min(BACKOFF_MS * 2 ** attempt, BACKOFF_MAX_MS) * (0.5 + Math.random() / 2)
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

function originOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new BitstreamError({
      code: 'base_url_invalid',
      message: 'baseUrl must be the address of your server, such as https://pay.example.com.',
    })
  }
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

function queryText(query: object = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    const isTree = typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date)
    if (!isTree) parameters.set(name, queryValue(value))
    else
      for (const [inner, each] of Object.entries(value))
        if (each !== undefined) parameters.set(`${name}[${inner}]`, queryValue(each))
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

function queryValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  return value instanceof Date ? value.toISOString() : String(value)
}

function digits(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
