import { STATUS_CODES } from 'node:http'
import type { Context } from '../context.ts'
import { AppError, ERRORS, type ErrorCode, UpstreamError } from '../domain/errors.ts'

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'])

/** SQLSTATE classes and codes of a database that cannot serve now: connection, resources, shutdown, canceled, serialization. */
function isDatabaseDown(error: object): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (UNREACHABLE.has(code) || /^(08|53|57|40)/.test(code)) return true
  return (
    error instanceof Error &&
    /timeout exceeded when trying to connect|Connection terminated|not queryable/.test(error.message)
  )
}

/** Any thrown value as an error of the closed table; what is not expected is logged and told as `internal_error`. */
export function toReplyError(ctx: Pick<Context, 'log'>, error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error
  if (error instanceof UpstreamError) {
    ctx.log.warn({ err: error, requestId }, 'a node did not answer')
    return new AppError('chain_unavailable', 'The network cannot be reached now: try again in a minute.', {
      retryAfterS: 60,
      cause: error,
    })
  }
  if (typeof error === 'object' && error !== null && isDatabaseDown(error)) {
    ctx.log.error({ err: error, requestId }, 'the database cannot serve')
    return new AppError('database_unavailable', 'The database cannot be reached now: try again in a few seconds.', {
      retryAfterS: 2,
      cause: error,
    })
  }
  ctx.log.error({ err: error, requestId }, 'unexpected error')
  return new AppError(
    'internal_error',
    `Something went wrong on our side. Try again; if it stays, report request ${requestId}.`,
    { cause: error },
  )
}

/** The JSON of the error envelope. */
export function errorBody(error: AppError, requestId: string, docsUrl: string) {
  const { status, type } = ERRORS[error.code]
  const url = (code: ErrorCode) => `${docsUrl}#${code}`
  return {
    statusCode: status,
    error: STATUS_CODES[status] ?? 'Error',
    message: error.message,
    type,
    code: error.code,
    param: error.param,
    requestId,
    docUrl: url(error.code),
    ...(status === 400 && { errors: error.problems.map(problem => ({ ...problem, docUrl: url(problem.code) })) }),
  }
}

/** The envelope as an answer with its status, `Request-Id` and, where a later try may help, `Retry-After`. */
export function errorReply(error: AppError, requestId: string, docsUrl: string): Response {
  const headers = new Headers({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'request-id': requestId,
  })
  if (error.retryAfterS !== null) headers.set('retry-after', String(error.retryAfterS))
  return new Response(JSON.stringify(errorBody(error, requestId, docsUrl)), {
    status: ERRORS[error.code].status,
    headers,
  })
}
