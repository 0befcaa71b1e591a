import { type UpstreamCode, UpstreamError } from '../domain/errors.ts'
import { httpPost, type Post, type Posted } from './httpPost.ts'

/**
 * One call of a node: the `result` of its answer. Throws `RpcError` where the node answers with an error, and a retryable
 * `UpstreamError` for anything else but a well-formed success: `rate_limited`, `timeout`, `malformed` or `failed`.
 */
export type JsonRpc = (method: string, params: readonly unknown[]) => Promise<unknown>

/** Where a node is asked, how long an answer may take, what ends every call, and, for tests, with what it is asked. */
export type JsonRpcOptions = { rpcUrl: string; timeoutMs: number; signal?: AbortSignal; fetch?: Post }

/** A node understood a call and refuses it; `isRevert` where a contract is the reason. */
export class RpcError extends UpstreamError {
  readonly rpcCode: number | null
  readonly isRevert: boolean

  constructor(message: string, rpcCode: number | null, isRevert: boolean) {
    super(message, { retryable: true })
    this.name = 'RpcError'
    this.rpcCode = rpcCode
    this.isRevert = isRevert
  }
}

/** Too many calls, a plan that is used up, a key that may no more: by the status (RFC 9110, RFC 6585) or the code of the answer. */
const RATE_LIMITED_STATUSES = [402, 403, 429]
const RATE_LIMITED_CODES = [-32005, -32007, 429]

/** Errors of contracts have code 3 at most nodes, at others a code of anything and one of these words. */
const REVERT = /revert|invalid ?(fe ?)?opcode|out ?of ?gas|bad instruction|stack (under|over)flow|invalid ?jump/i

/** Calls of the node at `rpcUrl` (JSON-RPC 2.0 over HTTP); the URL may hold a secret, so that no error tells any of it. */
export function jsonRpc({ rpcUrl, timeoutMs, signal, fetch: send = httpPost }: JsonRpcOptions): JsonRpc {
  const { url, headers } = target(rpcUrl)
  let lastId = 0
  return async (method, params) => {
    lastId += 1
    const id = lastId
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params })
    const limit = limitOf(timeoutMs, signal)
    let response: Posted
    let text: string | null
    try {
      response = await send(url, { method: 'POST', headers, body, signal: limit.signal })
      text = await response.text()
    } catch (error) {
      const reason = reasonOf(error)
      throw refuse(method, `failed: ${reason}`, reason === 'TimeoutError' ? 'timeout' : 'failed')
    } finally {
      limit.clear()
    }
    if (RATE_LIMITED_STATUSES.includes(response.status))
      throw rateLimited(method, `status ${response.status}`, response)
    if (text === null) throw refuse(method, 'answered with too much', 'malformed')
    // Some nodes tell the errors of JSON-RPC with a status of their own.
    const answer = parse(text)
    if (hasError(answer)) throw errorOf(answer.error, method, response)
    if (response.status !== 200) throw refuse(method, `answered with status ${response.status}`, 'failed')
    return resultOf(answer, id, method)
  }
}

// Some clients take no credentials inside a URL.
function target(rpcUrl: string): { url: URL; headers: Record<string, string> } {
  const url = new URL(rpcUrl)
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (url.username !== '' || url.password !== '') {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
    url.username = ''
    url.password = ''
  }
  return { url, headers }
}

/** What ends one call: `timeoutMs` or `signal`. By hand, since `AbortSignal.any` and `timeout` leave more behind than a call costs. */
function limitOf(timeoutMs: number, signal: AbortSignal | undefined): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController()
  const end = () => controller.abort(signal?.reason)
  const timer = setTimeout(
    () => controller.abort(new DOMException('The call took too long.', 'TimeoutError')),
    timeoutMs,
  )
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end)
  const clear = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
  return { signal: controller.signal, clear }
}

/** The JSON in `text`, or undefined. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function hasError(answer: unknown): answer is { error: unknown } {
  return typeof answer === 'object' && answer !== null && 'error' in answer && answer.error !== null
}

function resultOf(answer: unknown, id: number, method: string): unknown {
  if (answer === undefined) throw refuse(method, 'answered with something that is not JSON', 'malformed')
  if (typeof answer !== 'object' || answer === null) throw refuse(method, 'answered with something else', 'malformed')
  if (!('id' in answer) || answer.id !== id) throw refuse(method, 'answered another request', 'malformed')
  if (!('result' in answer)) throw refuse(method, 'answered without a result', 'malformed')
  return answer.result
}

// The message of a provider may repeat the key that it was asked with: only the code is passed on.
function errorOf(error: unknown, method: string, response: Posted): UpstreamError {
  const fields = typeof error === 'object' && error !== null ? (error as { code?: unknown; message?: unknown }) : {}
  const code = typeof fields.code === 'number' ? fields.code : null
  const name = code === null ? 'an error of unknown code' : `an error code ${code}`
  if (code !== null && RATE_LIMITED_CODES.includes(code)) return rateLimited(method, name, response)
  const isRevert = code === 3 || (typeof fields.message === 'string' && REVERT.test(fields.message))
  return new RpcError(`The node, asked for ${method}, answered with ${name}.`, code, isRevert)
}

function rateLimited(method: string, name: string, response: Posted): UpstreamError {
  const retryAfterMs = delayOf(response.headers.get('retry-after'))
  const message = `The node, asked for ${method}, wants fewer calls: it answered with ${name}.`
  return new UpstreamError(message, { retryable: true, code: 'rate_limited', retryAfterMs })
}

/** `Retry-After` in seconds (RFC 9110, 10.2.3), as milliseconds; its other form, a date, is of a clock that we do not know. */
function delayOf(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? parseInt(header, 10) * 1000 : null
}

// Names and codes only, for the same reason: the text of a network error names the host.
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (typeof cause !== 'object' || cause === null) return 'unknown reason'
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return 'name' in cause && typeof cause.name === 'string' ? cause.name : 'unknown reason'
}

function refuse(method: string, message: string, code: UpstreamCode): UpstreamError {
  return new UpstreamError(`The node, asked for ${method}, ${message}.`, { retryable: true, code })
}
