/** What kind of fault an error is, as the `type` of the error envelope says it. */
export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'idempotency_error'
  | 'rate_limit_error'
  | 'api_error'

const invalid = { status: 400, type: 'invalid_request_error' } as const
const conflict = { status: 409, type: 'invalid_request_error' } as const

/** The closed table of error codes: each with its HTTP status and type. Every code has its section in docs/errors.md. */
export const ERRORS = {
  address_checksum: invalid,
  address_exists: invalid,
  address_forbidden: invalid,
  address_invalid: invalid,
  address_not_saved: invalid,
  address_unconfirmed: invalid,
  amount_invalid: invalid,
  amount_must_be_string: invalid,
  amount_not_open: conflict,
  amount_not_zero: conflict,
  amount_out_of_range: invalid,
  amount_scale: invalid,
  amount_too_large: invalid,
  amount_too_small: invalid,
  api_key_ended: conflict,
  api_key_invalid: { status: 401, type: 'authentication_error' },
  api_key_limit: invalid,
  api_key_missing: { status: 401, type: 'authentication_error' },
  api_key_mode: { status: 401, type: 'authentication_error' },
  api_key_revoked: { status: 401, type: 'authentication_error' },
  array_too_long: invalid,
  array_too_short: invalid,
  asset_required: invalid,
  body_too_large: { status: 413, type: 'invalid_request_error' },
  chain_unavailable: { status: 503, type: 'api_error' },
  code_invalid: invalid,
  confirmation_required: { status: 403, type: 'permission_error' },
  content_type: { status: 415, type: 'invalid_request_error' },
  coupon_archived: conflict,
  cross_site: { status: 403, type: 'permission_error' },
  currency_unsupported: invalid,
  cursor_invalid: invalid,
  customer_reference_exists: conflict,
  dashboard_only: { status: 403, type: 'permission_error' },
  database_unavailable: { status: 503, type: 'api_error' },
  details_missing: conflict,
  duplicate_key: invalid,
  email_in_use: invalid,
  email_invalid: invalid,
  endpoint_disabled: conflict,
  endpoint_exists: invalid,
  endpoint_limit: invalid,
  event_type_unknown: invalid,
  event_types_required: invalid,
  expires_at_invalid: invalid,
  expires_at_out_of_range: invalid,
  file_limit: invalid,
  idempotency_key_in_use: { status: 409, type: 'idempotency_error' },
  idempotency_key_reused: { status: 400, type: 'idempotency_error' },
  image_invalid: invalid,
  insufficient_permissions: { status: 403, type: 'permission_error' },
  internal_error: { status: 500, type: 'api_error' },
  invalid_character: invalid,
  invalid_form: invalid,
  invalid_idempotency_key: { status: 400, type: 'idempotency_error' },
  invalid_json: invalid,
  invalid_unicode: invalid,
  invite_closed: conflict,
  invite_exists: invalid,
  invite_invalid: invalid,
  invite_limit: invalid,
  invoice_empty: conflict,
  invoice_not_draft: conflict,
  invoice_not_open: conflict,
  invoice_number_taken: conflict,
  json_too_complex: invalid,
  key_in_url: invalid,
  key_type: { status: 403, type: 'permission_error' },
  last_owner: invalid,
  limit_invalid: invalid,
  link_invalid: invalid,
  member_exists: invalid,
  metadata_key_reserved: invalid,
  metadata_limit: invalid,
  metadata_value_type: invalid,
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  name_invalid: invalid,
  network_not_in_mode: invalid,
  network_required: invalid,
  network_unsupported: invalid,
  not_yet_available: invalid,
  nothing_to_refund: conflict,
  nothing_to_sweep: invalid,
  organization_suspended: { status: 403, type: 'permission_error' },
  page_invalid: invalid,
  parameter_invalid: invalid,
  parameter_missing: invalid,
  parameter_unknown: invalid,
  partner_only: { status: 403, type: 'permission_error' },
  passkey_invalid: invalid,
  passkey_limit: invalid,
  password_weak: invalid,
  password_wrong: invalid,
  payment_in_progress: conflict,
  payment_not_acceptable: invalid,
  payment_not_final: conflict,
  payment_resolved: conflict,
  payout_not_configured: invalid,
  payouts_invalid: invalid,
  product_in_use: conflict,
  promotion_code_exists: conflict,
  promotion_code_invalid: invalid,
  quantity_invalid: invalid,
  rate_limited: { status: 429, type: 'rate_limit_error' },
  rate_unavailable: { status: 503, type: 'api_error' },
  recipient_missing: conflict,
  refund_not_open: conflict,
  refund_too_large: invalid,
  request_malformed: invalid,
  request_timeout: { status: 408, type: 'invalid_request_error' },
  resource_missing: { status: 404, type: 'invalid_request_error' },
  route_unknown: { status: 404, type: 'invalid_request_error' },
  second_factor_missing: { status: 403, type: 'permission_error' },
  second_factor_required: { status: 401, type: 'authentication_error' },
  session_not_incomplete: conflict,
  session_not_open: conflict,
  sign_in_invalid: { status: 401, type: 'authentication_error' },
  signature_invalid: invalid,
  signed_out: { status: 401, type: 'authentication_error' },
  terms_fixed: conflict,
  too_long: invalid,
  totp_exists: conflict,
  transaction_failed: invalid,
  transaction_not_found: invalid,
  transaction_not_read: conflict,
  transaction_pays_nothing: invalid,
  url_host_forbidden: invalid,
  url_https_required: invalid,
  url_invalid: invalid,
  url_port_forbidden: invalid,
  url_scheme: invalid,
  url_unresolvable: invalid,
  url_userinfo: invalid,
} as const satisfies Record<string, { status: number; type: ErrorType }>

export type ErrorCode = keyof typeof ERRORS

/** One problem of a request: its code, a sentence that says what to do, and the path of the field. */
export type Problem = { code: ErrorCode; message: string; param: string | null }

/**
 * An expected error, with a code of the closed table; the message says what to do.
 * `problems` lists everything wrong with a request, the first being the error itself. `retryAfterS` becomes `Retry-After`.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly param: string | null
  readonly problems: readonly Problem[]
  readonly retryAfterS: number | null

  constructor(
    code: ErrorCode,
    message: string,
    options: { param?: string | null; problems?: readonly Problem[]; retryAfterS?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.param = options.param ?? null
    this.problems = options.problems ?? [{ code, message, param: this.param }]
    this.retryAfterS = options.retryAfterS ?? null
  }
}

/**
 * What is wrong with something we call: it serves another chain; what it says contradicts itself or what it said (`lie`), or is
 * not in the form that was agreed (`malformed`); it is behind others (`stale`); it wants fewer calls; it took too long; it no
 * longer keeps what was asked for (`pruned`); or it failed in another way.
 */
export type UpstreamCode =
  | 'failed'
  | 'lie'
  | 'malformed'
  | 'pruned'
  | 'rate_limited'
  | 'stale'
  | 'timeout'
  | 'wrong_chain'

/**
 * A failure of something we call (a node, a merchant's server). `retryable` says whether the same call may work later, and
 * `retryAfterMs` when at the earliest, where the other side said so.
 */
export class UpstreamError extends Error {
  readonly retryable: boolean
  readonly code: UpstreamCode
  readonly retryAfterMs: number | null

  constructor(
    message: string,
    options: { retryable: boolean; code?: UpstreamCode; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'UpstreamError'
    this.retryable = options.retryable
    this.code = options.code ?? 'failed'
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

/** Throws when `condition` does not hold: a bug of ours, never a caller's mistake. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`)
}
