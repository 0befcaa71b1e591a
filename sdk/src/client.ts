import { BitstreamError, ConnectionError, errorOf } from './errors.ts'

/** How to reach a server. */
export type ClientOptions = {
  /** Its origin, such as `https://pay.example.com`. */
  baseUrl: string
  /** How often a request is sent again that failed for no fault of its own; 2 unless told. */
  maxRetries?: number
  /** How long one attempt may take, in milliseconds; 30,000 unless told. Of a file, only until it begins. */
  timeoutMs?: number
  /** What requests are made with; the global `fetch` unless told. */
  fetch?: typeof fetch
  /** How to wait between attempts, until the signal at most; by the clock unless told. */
  wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

/** What one call may be given beside its parameters. */
export type CallOptions = {
  /** Repeating a call with the same key repeats its answer, not its effect; drawn at random unless told. */
  idempotencyKey?: string
  signal?: AbortSignal
  timeoutMs?: number
  maxRetries?: number
}

/** A call of the API: the segments of its path below `/api/v1`, and what it is given. */
export type Request = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: readonly (string | number)[]
  query?: object | undefined
  body?: object | undefined
  /** Whether the body is sent as a form, which can hold files. */
  isForm?: true
  options?: CallOptions | undefined
}

/** Sends a request until it is answered with 2xx, and gives its JSON or the file's response; else throws a `BitstreamError`. */
export type Send = { json: <T>(request: Request) => Promise<T>; file: (request: Request) => Promise<Response> }

const BACKOFF_MS = 500
const BACKOFF_MAX_MS = 8_000
const RETRY_AFTER_MAX_MS = 60_000
const RETRIED = new Set([408, 429, 500, 502, 503, 504])

/** Makes what all calls go through. Throws where the key or the address cannot be right. */
export function createSend(apiKey: string | null, options: ClientOptions): Send {
  if (apiKey !== null && !/^(sk|rk|pk)_(test|live)_\w+$/.test(apiKey)) {
    throw new BitstreamError({
      code: 'api_key_invalid',
      message: 'The API key must begin with sk_, rk_ or pk_: copy it whole.',
    })
  }
  const base = baseOf(options.baseUrl)
  const { fetch: ask = fetch, wait = pause } = options

  async function send<T>(request: Request, read: (response: Response) => Promise<T>): Promise<T> {
    const { options: call = {} } = request
    const url = `${base}/api/v1/${request.path.map(segment).join('/')}${queryText(request.query)}`
    const init = initOf(apiKey, request)
    const timeoutMs = call.timeoutMs ?? options.timeoutMs ?? 30_000
    const maxRetries = call.maxRetries ?? options.maxRetries ?? 2
    for (let attempt = 0; ; attempt++) {
      call.signal?.throwIfAborted()
      try {
        return await inTime(timeoutMs, call.signal, async signal => read(await answerOf(ask(url, { ...init, signal }))))
      } catch (cause) {
        call.signal?.throwIfAborted()
        const error = cause instanceof BitstreamError ? cause : unreachable(url, cause)
        const waitMs = attempt < maxRetries ? waitMsOf(error, attempt) : null
        if (waitMs === null) throw error
        await wait(waitMs, call.signal)
      }
    }
  }
  return {
    json: <T>(request: Request) => send(request, readJson<T>),
    file: request => send(request, async response => response),
  }
}

function initOf(apiKey: string | null, { method, body, isForm, options }: Request): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json, */*' }
  if (apiKey !== null) headers.authorization = `Bearer ${apiKey}`
  // A key also where nothing is retried: the caller may.
  if (method === 'POST') headers['idempotency-key'] = options?.idempotencyKey ?? crypto.randomUUID()
  // A redirect is not followed: the key is for this server only.
  const init = { method, headers, redirect: 'manual' } as const
  if (body === undefined) return init
  if (isForm) return { ...init, body: formOf(body) }
  headers['content-type'] = 'application/json'
  return { ...init, body: JSON.stringify(body, digits) }
}

async function answerOf(asked: Promise<Response>): Promise<Response> {
  const response = await asked
  if (response.ok) return response
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel()
    throw new BitstreamError({
      code: 'redirect_refused',
      message: 'The server redirects to another address, which is not followed: give that address as baseUrl.',
    })
  }
  throw errorOf(response, parsed(await response.text()))
}

async function readJson<T>(response: Response): Promise<T> {
  const body = parsed(await response.text())
  if (typeof body === 'object' && body !== null) return body as T
  // A proxy answered, not the API.
  throw errorOf(response, null)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Runs `work` with a signal that is set after `timeoutMs` or by `signal`, and does not wait for it any longer than that. */
async function inTime<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new DOMException('timed out', 'TimeoutError')), timeoutMs)
  const either = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal])
  try {
    return await unlessAborted(either, work(either))
  } finally {
    clearTimeout(timer)
  }
}

async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([work, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function unreachable(url: string, cause: unknown): ConnectionError {
  const { origin } = new URL(url)
  const isLate = cause instanceof Error && cause.name === 'TimeoutError'
  return isLate
    ? new ConnectionError({ code: 'timeout', message: `The server did not answer in time: ${origin}` }, { cause })
    : new ConnectionError({ code: 'connection_failed', message: `The server was not reached: ${origin}` }, { cause })
}

/** How long to wait before the next attempt; null where there should be none. */
function waitMsOf(error: BitstreamError, attempt: number): number | null {
  const isPassing =
    error instanceof ConnectionError || RETRIED.has(error.statusCode ?? 0) || error.code === 'idempotency_key_in_use'
  const askedMs = error.retryAfterMs ?? 0
  if (!isPassing || askedMs > RETRY_AFTER_MAX_MS) return null
  const backoffMs = Math.min(BACKOFF_MS * 2 ** attempt, BACKOFF_MAX_MS)
  return Math.max(askedMs, backoffMs * (0.5 + Math.random() / 2))
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}

function baseOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new BitstreamError({
      code: 'base_url_invalid',
      message: 'baseUrl must be the address of your server, such as https://pay.example.com.',
    })
  }
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

/** One segment of a path; an id that is empty or dots would make it another path. */
function segment(id: string | number): string {
  if (typeof id === 'number' || (typeof id === 'string' && !/^\.{0,2}$/.test(id))) return encodeURIComponent(id)
  throw new BitstreamError({ code: 'id_invalid', message: 'An id must not be empty.' })
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

function formOf(body: object): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(body))
    if (value !== undefined && value !== null) form.set(name, value instanceof Blob ? value : String(value))
  return form
}

function digits(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
