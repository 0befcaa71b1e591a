/** One thing that is wrong with a request; `param` is the path of the field. */
export type Problem = { code: string; message: string; param: string | null; docUrl: string }

/** What the API says of a failure; see its `docUrl`. */
export type ErrorBody = {
  statusCode: number
  error: string
  message: string
  type: string
  code: string
  param: string | null
  requestId: string | null
  docUrl: string
  errors?: Problem[]
}

/** What an error is made of; all but these two may be missing. */
type Told = Partial<ErrorBody> & { code: string; message: string; retryAfterMs?: number | null }

/** Every error of this library; `code` is of a closed list, `requestId` is what an operator finds in the log. */
export class BitstreamError extends Error {
  readonly code: string
  readonly type: string
  readonly statusCode: number | null
  readonly param: string | null
  readonly requestId: string | null
  readonly docUrl: string | null
  /** How long the server asks to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs: number | null
  /** All problems of the request, the first one being this error. */
  readonly problems: readonly Problem[]

  constructor(body: Told, options?: ErrorOptions) {
    super(body.message, options)
    this.name = new.target.name
    this.code = body.code
    this.type = body.type ?? 'client_error'
    this.statusCode = body.statusCode ?? null
    this.param = body.param ?? null
    this.requestId = body.requestId ?? null
    this.docUrl = body.docUrl ?? null
    this.retryAfterMs = body.retryAfterMs ?? null
    this.problems = body.errors ?? []
  }
}

/** The request is not valid, or the state of the object does not allow it: repeating it changes nothing. */
export class InvalidRequestError extends BitstreamError {}
/** The API key is missing, unknown, revoked, or of the other mode. */
export class AuthenticationError extends BitstreamError {}
/** The API key may not do this. */
export class PermissionError extends BitstreamError {}
/** An idempotency key was used for another request, or a request with it is still under way. */
export class IdempotencyError extends BitstreamError {}
/** Too many requests, all retries included. */
export class RateLimitError extends BitstreamError {}
/** The server failed, all retries included. */
export class ApiError extends BitstreamError {}
/** No whole answer came, all retries included: the request may or may not have been carried out. */
export class ConnectionError extends BitstreamError {}
/** A webhook is not from the server, or not fresh: answer it with 401 and do nothing. */
export class WebhookError extends BitstreamError {}
/** The addresses of a session do not lead to the merchant's wallets: do not show them to a payer. */
export class SessionError extends BitstreamError {}

const KINDS: ReadonlyMap<unknown, typeof BitstreamError> = new Map([
  ['invalid_request_error', InvalidRequestError],
  ['authentication_error', AuthenticationError],
  ['permission_error', PermissionError],
  ['idempotency_error', IdempotencyError],
  ['rate_limit_error', RateLimitError],
  ['api_error', ApiError],
])

/** The error that an answer of the API stands for; `body` is its JSON, or what a proxy answered in its place. */
export function errorOf({ status, headers }: Response, body: unknown): BitstreamError {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Partial<ErrorBody>
  const kind = KINDS.get(given.type) ?? kindOf(status)
  const isOurs = typeof given.code === 'string' && typeof given.message === 'string'
  const error = isOurs
    ? (given as ErrorBody)
    : { code: 'unknown_answer', message: `The server answered with status ${status}, and not as this API does.` }
  return new kind({
    ...error,
    statusCode: status,
    requestId: headers.get('request-id') ?? given.requestId ?? null,
    retryAfterMs: retryAfterMsOf(headers.get('retry-after')),
  })
}

function kindOf(status: number): typeof BitstreamError {
  if (status === 429) return RateLimitError
  return status >= 400 && status < 500 ? InvalidRequestError : ApiError
}

/** `Retry-After` is seconds or a date: RFC 9110, 10.2.3. */
function retryAfterMsOf(text: string | null): number | null {
  if (text === null) return null
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isNaN(ms) ? null : Math.max(ms, 0)
}
