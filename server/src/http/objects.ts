import { z } from '@hono/zod-openapi'
import { ASSET_REASONS, CHAIN_REASONS } from '../domain/chainHealth.ts'
import { ERRORS, type ErrorCode } from '../domain/errors.ts'
import { currency, evmAddress, id, time } from './answerFields.ts'
import { webhookEvents } from './webhookEvents.ts'

/** The closed table of error codes. */
export const errorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]).openapi('ErrorCode')

/** The envelope of every error. */
export const errorSchema = z
  .object({
    statusCode: z.int(),
    error: z.string(),
    message: z.string(),
    type: z.enum([
      'invalid_request_error',
      'authentication_error',
      'permission_error',
      'idempotency_error',
      'rate_limit_error',
      'api_error',
    ]),
    code: errorCode,
    param: z.string().nullable(),
    requestId: z.string(),
    docUrl: z.string(),
    errors: z
      .array(z.object({ code: errorCode, message: z.string(), param: z.string().nullable(), docUrl: z.string() }))
      .optional(),
  })
  .openapi('Error')

/** What is answered where there is no object to show. */
export const successSchema = z.object({ message: z.string(), statusCode: z.int() }).openapi('Success')

/** A network as it stands inside an asset. */
export const chainSlim = z
  .object({
    id: z.int(),
    name: z.string(),
    icon: z.string(),
    currency,
    blockExplorerTransactionUrl: z.string(),
    blockExplorerName: z.string(),
    type: z.enum(['evm', 'bitcoin', 'solana', 'tron', 'stripe', 'binance_pay']),
    isBeta: z.boolean(),
  })
  .openapi('ChainSlim')

const superToken = z.object({ address: evmAddress, decimals: z.int(), symbol: z.string() }).openapi('SuperToken')

/** What is fixed about a coin on one network. */
export const assetFields = z.object({
  id,
  name: z.string(),
  chainId: z.int(),
  address: evmAddress,
  currency,
  symbol: z.string(),
  decimals: z.int(),
  coingeckoId: z.string().nullable(),
  superToken: superToken.nullable(),
})

const since = time.nullable()

/** A coin on one network, with whether it can be paid in now. */
export const assetSchema = assetFields
  .extend({
    isEIP5827Supported: z.boolean(),
    health: z
      .object({ status: z.enum(['ok', 'off']), reason: z.enum(ASSET_REASONS).nullable(), since })
      .openapi('AssetHealth'),
  })
  .openapi('Asset')

/** A network with its coins, and whether it can be relied on now. */
export const chainSchema = chainSlim
  .extend({
    assets: z.array(assetSchema),
    isTestnet: z.boolean(),
    isEIP1559Supported: z.boolean(),
    hasMonitoring: z.boolean(),
    forkOf: z.int().nullable(),
    isPublic: z.boolean(),
    health: z
      .object({ status: z.enum(['ok', 'degraded', 'off']), reason: z.enum(CHAIN_REASONS).nullable(), since })
      .openapi('ChainHealth'),
  })
  .openapi('Chain')

/** Where events are sent; `secret` is shown at its creation only. */
export const webhookEndpointSchema = z
  .object({
    id,
    description: z.string(),
    url: z.string(),
    secret: z.string().nullable(),
    isDisabled: z.boolean(),
    enabledEvents: webhookEvents,
    createdAt: time,
    updatedAt: time,
  })
  .openapi('WebhookEndpoint')
