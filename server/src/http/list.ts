import { z } from '@hono/zod-openapi'
import type { ErrorCode } from '../domain/errors.ts'
import type { Visibility } from '../domain/session.ts'
import { parseTime } from '../domain/time.ts'
import { isUuid } from '../domain/uuid.ts'
import { time } from './answerFields.ts'
import { PARAM, refuse, rule } from './rules.ts'

const LIMIT_MAX = 200
const CREATED_AT = ['gt', 'gte', 'lt', 'lte', 'isnull', 'notnull'] as const

function wholeNumber(code: ErrorCode, min: number, max: number) {
  return rule(
    value => {
      const number = typeof value === 'string' && /^\d{1,7}$/.test(value) ? Number(value) : Number.NaN
      if (number >= min && number <= max) return number
      throw refuse(code, `${PARAM} must be a whole number from ${min} to ${max}.`)
    },
    { type: 'integer', minimum: min, maximum: max },
  )
}

/** A point in time in a query. */
export const queryTime = rule(
  value => {
    const parsed = typeof value === 'string' ? parseTime(value) : null
    if (parsed === null) throw refuse('parameter_invalid', `${PARAM} must be a time such as 2026-01-31T12:00:00.000Z.`)
    return parsed
  },
  { type: 'string', format: 'date-time' },
)

const flag = z.enum(['true', 'false']).transform(value => value === 'true')

/** A list of UUIDs, repeated or separated by commas. */
const ids = rule(
  value => {
    const list = typeof value === 'string' ? value.split(',') : []
    if (list.length > LIMIT_MAX || !list.every(id => isUuid(id.toLowerCase()))) {
      throw refuse('parameter_invalid', `${PARAM} must be up to ${LIMIT_MAX} UUIDs, separated by commas.`)
    }
    return list.map(id => id.toLowerCase())
  },
  { type: 'string' },
)

/** A whole number above zero in a query, such as a chain id. */
export const queryNumber = rule(
  value => {
    if (typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value)) return Number(value)
    throw refuse('parameter_invalid', `${PARAM} must be a whole number.`)
  },
  { type: 'integer', minimum: 1 },
)

/** A UUID in a query. */
export const queryUuid = rule(
  value => {
    if (typeof value !== 'string' || !isUuid(value.toLowerCase()))
      throw refuse('parameter_invalid', `${PARAM} must be a UUID.`)
    return value.toLowerCase()
  },
  { type: 'string', format: 'uuid' },
)

/** A `true` or `false` in a query. */
export const queryFlag = flag

/** How an object was made, in a query. */
export const queryVisibility = z.enum(['10', '20']).transform((value): Visibility => (value === '10' ? 10 : 20))

/** The query parameters that every list takes. */
export const listParameters = {
  page: wholeNumber('page_invalid', 1, 1_000_000).optional().openapi({ default: 1 }),
  limit: wholeNumber('limit_invalid', 1, LIMIT_MAX).optional().openapi({ default: LIMIT_MAX }),
  startingAfter: rule(
    value => {
      if (typeof value === 'string' && isUuid(value.toLowerCase())) return value.toLowerCase()
      throw refuse('cursor_invalid', `${PARAM} must be the id of the last object of the page before.`)
    },
    {
      type: 'string',
      format: 'uuid',
      description: 'The id of the last object of the page before: stable while rows are inserted.',
    },
  ).optional(),
  ids: ids.optional(),
  'createdAt[gt]': queryTime.optional(),
  'createdAt[gte]': queryTime.optional(),
  'createdAt[lt]': queryTime.optional(),
  'createdAt[lte]': queryTime.optional(),
  'createdAt[isnull]': flag.optional(),
  'createdAt[notnull]': flag.optional(),
}

const listQuery = z.strictObject(listParameters)

type ListQuery = z.output<typeof listQuery>

/** The page that a query asks for, one row more than shown so that `hasMore` is known. */
export function pageOf(query: ListQuery) {
  const limit = query.limit ?? LIMIT_MAX
  const page = query.page ?? 1
  return {
    limit: limit + 1,
    offset: query.startingAfter === undefined ? (page - 1) * limit : 0,
    after: query.startingAfter ?? null,
  }
}

/** The `createdAt` filter of a query. */
export function createdAtOf(query: ListQuery) {
  const isNull =
    query['createdAt[isnull]'] ?? (query['createdAt[notnull]'] === undefined ? undefined : !query['createdAt[notnull]'])
  return {
    ...(query['createdAt[gt]'] !== undefined && { gt: query['createdAt[gt]'] }),
    ...(query['createdAt[gte]'] !== undefined && { gte: query['createdAt[gte]'] }),
    ...(query['createdAt[lt]'] !== undefined && { lt: query['createdAt[lt]'] }),
    ...(query['createdAt[lte]'] !== undefined && { lte: query['createdAt[lte]'] }),
    ...(isNull !== undefined && { isNull }),
  }
}

/** The answer to a list: `rows` may hold one more than the page shows. */
export function pageView<T>(query: ListQuery, rows: readonly T[]) {
  const limit = query.limit ?? LIMIT_MAX
  const page = query.page ?? 1
  const data = rows.slice(0, limit)
  const createdAt = askedOf(query)
  return {
    page,
    limit,
    count: data.length,
    hasMore: rows.length > limit,
    query: { page, limit, ...(Object.keys(createdAt).length > 0 && { createdAt }) },
    data,
  }
}

/** The `createdAt` filter as it was asked for. */
function askedOf(query: ListQuery) {
  const asked = CREATED_AT.map(op => [op, query[`createdAt[${op}]`]] as const)
  return Object.fromEntries(asked.filter(([, value]) => value !== undefined))
}

const dateFilter = z
  .object({ gt: time, gte: time, lt: time, lte: time, isnull: z.boolean(), notnull: z.boolean() })
  .partial()
  .openapi('DateFilter')

const page = z.int().min(1).openapi({ default: 1 })
const limit = z.int().min(1).max(LIMIT_MAX).openapi({ default: LIMIT_MAX })

const paginationFilter = z.object({ page, limit, createdAt: dateFilter.optional() }).openapi('PaginationFilter')

/** The shape of a page of `item`. */
export function pageSchema(item: z.ZodType) {
  return z.object({
    page,
    limit,
    count: z.int().min(0),
    hasMore: z.boolean(),
    query: paginationFilter,
    data: z.array(item),
  })
}
