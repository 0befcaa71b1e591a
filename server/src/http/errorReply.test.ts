import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { pino } from 'pino'
import { AppError, UpstreamError } from '../domain/errors.ts'
import { errorReply, toReplyError } from './errorReply.ts'

const lines: string[] = []
const log = pino({ level: 'trace' }, { write: line => void lines.push(line) })

const databaseError = (code: string) => Object.assign(new pg.DatabaseError('secret detail', 0, 'error'), { code })

const cases: [what: string, error: unknown, status: number, code: string, retryAfter: string | null][] = [
  ['an expected error', new AppError('too_long', 'Shorter, please.', { param: 'name' }), 400, 'too_long', null],
  [
    'a node that does not answer',
    new UpstreamError('secret detail', { retryable: true }),
    503,
    'chain_unavailable',
    '60',
  ],
  [
    'a refused connection',
    Object.assign(new Error('secret detail'), { code: 'ECONNREFUSED' }),
    503,
    'database_unavailable',
    '2',
  ],
  ['a database that shuts down', databaseError('57P01'), 503, 'database_unavailable', '2'],
  ['a statement that took too long', databaseError('57014'), 503, 'database_unavailable', '2'],
  ['no connection left', databaseError('53300'), 503, 'database_unavailable', '2'],
  ['a deadlock that three runs did not avoid', databaseError('40P01'), 503, 'database_unavailable', '2'],
  ['a bug', new TypeError('secret detail'), 500, 'internal_error', null],
  ['a broken constraint', databaseError('23514'), 500, 'internal_error', null],
  ['something that is no error', 'secret detail', 500, 'internal_error', null],
]

for (const [what, error, status, code, retryAfter] of cases) {
  test(`${what}: ${status} ${code}`, async () => {
    const reply = errorReply(toReplyError({ log }, error, 'r-1'), 'r-1', 'http://x/docs/errors')
    const text = await reply.text()
    const body = JSON.parse(text)
    assert.deepEqual(
      [reply.status, body.statusCode, body.code, reply.headers.get('retry-after')],
      [status, status, code, retryAfter],
    )
    assert.equal(body.requestId, 'r-1')
    assert.equal(body.docUrl, `http://x/docs/errors#${code}`)
    assert.doesNotMatch(text, /secret|stack|\.ts/)
  })
}

test('what is not expected is logged with its request', () => {
  lines.length = 0
  toReplyError({ log }, new TypeError('a bug'), 'r-2')
  assert.match(lines.join(), /"requestId":"r-2".*unexpected error/)
})
