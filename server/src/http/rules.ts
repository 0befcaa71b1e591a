import { z } from '@hono/zod-openapi'
import { parseAddress } from '../domain/address.ts'
import { CRYPTO, FIAT, isCrypto, isFiat } from '../domain/currency.ts'
import { isEmailAddress } from '../domain/emailAddress.ts'
import { AppError, type ErrorCode } from '../domain/errors.ts'
import { parseAmount } from '../domain/money.ts'
import { parseTime } from '../domain/time.ts'
import { isUuid } from '../domain/uuid.ts'

/** Stands for the path of a field in the messages of rules; the path is known only when the whole request was read. */
export const PARAM = '{param}'

type Meta = { type: 'string' | 'integer' | 'number' | 'array' | 'object'; [key: string]: unknown }

/** A schema that parses with a rule of the domain: its `AppError` becomes the field's problem, with its own code. */
export function rule<T>(parse: (value: unknown) => T, meta: Meta) {
  const schema = z
    .any()
    .transform((value, context): T => {
      try {
        return parse(value)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        context.addIssue({ code: 'custom', message: error.message, params: { code: error.code } })
        return z.NEVER
      }
    })
    .openapi(meta)
  const nullish = schema.nullish.bind(schema)
  // A type that is told by hand stays as it was told: that null is another one must be told, too.
  return Object.assign(schema, { nullish: () => nullish().openapi(orNull(meta)) })
}

function orNull({ type, ...meta }: Meta) {
  return { ...meta, type: [type, 'null' as const], ...(Array.isArray(meta.enum) && { enum: [...meta.enum, null] }) }
}

/** The error of a field: a code and a sentence, in which `{param}` becomes the field's path. */
export function refuse(code: ErrorCode, message: string): AppError {
  return new AppError(code, message)
}

function present(value: unknown): void {
  if (value === undefined) throw refuse('parameter_missing', `${PARAM} is required.`)
}

/** An amount of a request at 8 decimals. */
export const amount = rule(
  value => {
    present(value)
    return parseAmount(value, PARAM)
  },
  {
    type: 'string',
    pattern: '^[1-9][0-9]{0,18}$',
    description:
      'A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too.',
    example: '100000000',
  },
)

/** A currency of a price. */
export const currency = rule(
  value => {
    present(value)
    if (typeof value === 'string' && (isCrypto(value) || isFiat(value))) return value
    throw refuse('currency_unsupported', `${PARAM} must be one of ${[...CRYPTO, ...FIAT].join(', ')}, in lower case.`)
  },
  { type: 'string', enum: [...CRYPTO, ...FIAT] },
)

/** A coin. */
export const crypto = rule(
  value => {
    present(value)
    if (typeof value === 'string' && isCrypto(value)) return value
    throw refuse('currency_unsupported', `${PARAM} must be one of ${CRYPTO.join(', ')}, in lower case.`)
  },
  { type: 'string', enum: [...CRYPTO] },
)

/** Text of the merchant of `min` to `max` UTF-16 units, in Unicode's NFC. */
export function text(max: number, options: { min?: number; code?: ErrorCode } = {}) {
  const { min = 0, code = 'too_long' } = options
  return rule(
    value => {
      present(value)
      if (typeof value !== 'string') throw refuse('parameter_invalid', `${PARAM} must be a string.`)
      const normal = value.normalize('NFC')
      if (normal.length > max)
        throw refuse(code, `${PARAM} must have at most ${max} characters; it has ${normal.length}.`)
      if (normal.length < min) throw refuse('parameter_invalid', tooShort(min))
      return normal
    },
    { type: 'string', maxLength: max, ...(min > 0 && { minLength: min }) },
  )
}

function tooShort(min: number): string {
  return min === 1 ? `${PARAM} must not be empty.` : `${PARAM} must have at least ${min} characters.`
}

/** A name that people can see: one line of 1 to 250 characters, not only blank or zero-width ones. */
export const name = rule(
  value => {
    present(value)
    const normal = typeof value === 'string' ? value.normalize('NFC') : ''
    if (normal.length > 250 || /[\r\n]/.test(normal) || !/[^\s\p{Cf}\p{Z}]/u.test(normal)) {
      throw refuse('name_invalid', `${PARAM} must be one line of 1 to 250 characters, some of which can be seen.`)
    }
    return normal
  },
  { type: 'string', minLength: 1, maxLength: 250 },
)

/** A URL, read by a rule of the domain that is given the text. */
export function url<T>(parse: (text: string, param: string) => T) {
  return rule(
    value => {
      present(value)
      if (typeof value !== 'string') throw refuse('url_invalid', `${PARAM} must be a string with an absolute URL.`)
      return parse(value, PARAM)
    },
    { type: 'string', format: 'uri', maxLength: 2048 },
  )
}

/** A point in time, ISO 8601 with a zone. */
export const datetime = rule(
  value => {
    const time = typeof value === 'string' ? parseTime(value) : null
    if (time === null) throw refuse('expires_at_invalid', `${PARAM} must be a time such as 2026-01-31T12:00:00.000Z.`)
    return time
  },
  { type: 'string', format: 'date-time' },
)

/** An EVM address, lower-cased; a mixed-case one must carry the right checksum (EIP-55). */
export const evmAddress = rule(
  value => {
    present(value)
    if (typeof value !== 'string') throw refuse('address_invalid', `${PARAM} must be an address: 0x and 40 hex digits.`)
    return parseAddress(value, PARAM)
  },
  { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' },
)

/** A UUID, lower-cased. */
export const uuid = rule(
  value => {
    present(value)
    if (typeof value !== 'string' || !isUuid(value.toLowerCase())) {
      throw refuse('parameter_invalid', `${PARAM} must be a UUID.`)
    }
    return value.toLowerCase()
  },
  { type: 'string', format: 'uuid' },
)

/** A whole number of things bought. */
export const quantity = rule(
  value => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value
    throw refuse('quantity_invalid', `${PARAM} must be a whole number from 1 to 1000000.`)
  },
  { type: 'integer', minimum: 1, maximum: 1_000_000 },
)

/** An e-mail address of at most 254 characters. */
export const email = rule(
  value => {
    if (typeof value === 'string' && isEmailAddress(value)) return value
    throw refuse('email_invalid', `${PARAM} must be an e-mail address such as ada@example.com.`)
  },
  { type: 'string', format: 'email', maxLength: 254 },
)

const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])

/** The merchant's own key-value pairs: 50 keys of 40 characters, values of 500. */
export const metadata = rule(
  value => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refuse('metadata_value_type', `${PARAM} must be an object of strings.`)
    }
    const entries = Object.entries(value)
    if (entries.length > 50) throw refuse('metadata_limit', `${PARAM} may have 50 keys; it has ${entries.length}.`)
    for (const [key, item] of entries) {
      if (RESERVED.has(key)) throw refuse('metadata_key_reserved', `${PARAM} may not have the key ${key}.`)
      if (key.length === 0 || key.length > 40 || /[[\]]/.test(key)) {
        throw refuse(
          'metadata_limit',
          `${PARAM}: the key ${JSON.stringify(key.slice(0, 60))} must have 1 to 40 characters and no brackets.`,
        )
      }
      if (typeof item !== 'string')
        throw refuse('metadata_value_type', `${PARAM}: the value of ${key} must be a string.`)
      if (item.length > 500)
        throw refuse('metadata_limit', `${PARAM}: the value of ${key} has ${item.length} characters, 500 are allowed.`)
    }
    return Object.fromEntries(entries as [string, string][])
  },
  { type: 'object', additionalProperties: { type: 'string', maxLength: 500 }, maxProperties: 50 },
)
