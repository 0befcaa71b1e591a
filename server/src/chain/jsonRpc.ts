import { UpstreamError } from '../domain/errors.ts'

/** One call of a node: the `result` of its answer. Throws a retryable `UpstreamError` for anything but a well-formed success. */
export type JsonRpc = (method: string, params: readonly unknown[]) => Promise<unknown>

/** Where a node is asked, how long an answer may take, what ends every call, and, for tests, with what it is asked. */
export type JsonRpcOptions = { rpcUrl: string; timeoutMs: number; signal?: AbortSignal; fetch?: typeof fetch }

/** Calls of the node at `rpcUrl` (JSON-RPC 2.0 over HTTP); the URL may hold a secret, so that no error tells any of it. */
export function jsonRpc({ rpcUrl, timeoutMs, signal, fetch: send = fetch }: JsonRpcOptions): JsonRpc {
  const { url, headers } = target(rpcUrl)
  let lastId = 0
  return async (method, params) => {
    lastId += 1
    const id = lastId
    const request = {
      method: 'POST',
      headers,
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    } as const
    let status: number
    let text: string
    try {
      const response = await send(url, request)
      status = response.status
      text = await response.text()
    } catch (error) {
      throw refuse(method, `failed: ${reasonOf(error)}`)
    }
    if (status !== 200) throw refuse(method, `answered with status ${status}`)
    return resultOf(text, id, method)
  }
}

// The platform's client takes no credentials inside a URL.
function target(rpcUrl: string): { url: string; headers: Record<string, string> } {
  const url = new URL(rpcUrl)
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (url.username !== '' || url.password !== '') {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
    url.username = ''
    url.password = ''
  }
  return { url: url.href, headers }
}

function resultOf(text: string, id: number, method: string): unknown {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    throw refuse(method, 'answered with something that is not JSON')
  }
  if (typeof answer !== 'object' || answer === null) throw refuse(method, 'answered with something else')
  if ('error' in answer && answer.error !== null)
    throw refuse(method, `answered with an error ${errorCode(answer.error)}`)
  if (!('id' in answer) || answer.id !== id) throw refuse(method, 'answered another request')
  if (!('result' in answer)) throw refuse(method, 'answered without a result')
  return answer.result
}

// The message of a provider may repeat the key that it was asked with: only the code is passed on.
function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? `code ${error.code}`
    : 'of unknown code'
}

// Names and codes only, for the same reason: the text of a network error names the host.
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (typeof cause !== 'object' || cause === null) return 'unknown reason'
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return 'name' in cause && typeof cause.name === 'string' ? cause.name : 'unknown reason'
}

function refuse(method: string, message: string): UpstreamError {
  return new UpstreamError(`The node, asked for ${method}, ${message}.`, { retryable: true })
}
