import { z } from '@hono/zod-openapi'
import { cancelRefund } from '../actions/cancelRefund.ts'
import { createRefund, type NewRefund } from '../actions/createRefund.ts'
import { getRefund, listRefunds } from '../actions/getRefund.ts'
import { submitRefund } from '../actions/submitRefund.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { refundView } from '../domain/refund.ts'
import { amount, evmAddress, id, time, units } from './answerFields.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryUuid } from './list.ts'
import { missing, type Route, route } from './router.ts'
import { evmAddress as addressRule, amount as amountRule, text, uuid } from './rules.ts'
import { transactionHash } from './transactionHash.ts'

const status = z.enum(['requires_signature', 'submitted', 'succeeded', 'failed', 'canceled'])

/** A transaction that a wallet of the merchant is asked to send. */
export const walletCallSchema = z
  .object({ chainId: z.int(), to: evmAddress, data: z.string(), value: units })
  .openapi('WalletCall')

/** Money that goes back to a payer, with the call that the merchant's wallet makes for it. */
export const refundSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    organizationId: id,
    checkoutSessionId: id,
    paymentIntentId: id,
    unmatchedPaymentId: id.nullable(),
    amount,
    amountRaw: units,
    assetId: id,
    toAddress: evmAddress,
    reason: z.string().nullable(),
    status,
    failure: z.enum(['reverted', 'pays_something_else']).nullable(),
    transactionHash: z.string().nullable(),
    call: walletCallSchema,
  })
  .openapi('Refund')

const newRefund = z
  .strictObject({
    paymentIntentId: uuid.optional().openapi({ description: 'Give back what was paid.' }),
    unmatchedPaymentId: uuid.optional().openapi({ description: 'Give back this unmatched payment.' }),
    assetId: uuid.optional().openapi({ description: 'Needed where the session was paid in several assets.' }),
    amount: amountRule.optional().openapi({ description: 'All that can be given back where it is left out.' }),
    toAddress: addressRule,
    confirmToAddress: addressRule.optional().openapi({
      description:
        'The same address once more, where it is, or looks like, one that a payment of the session came from.',
    }),
    reason: text(500).nullish(),
  })
  .openapi('CreateRefund')

function ofWhat({ paymentIntentId, unmatchedPaymentId }: z.output<typeof newRefund>): NewRefund['of'] {
  if (paymentIntentId !== undefined && unmatchedPaymentId === undefined) return { paymentIntentId }
  if (unmatchedPaymentId !== undefined && paymentIntentId === undefined) return { unmatchedPaymentId }
  throw new AppError('parameter_invalid', 'Give paymentIntentId or unmatchedPaymentId, one of them.', {
    param: 'paymentIntentId',
  })
}

const listQuery = z.strictObject({
  ...listParameters,
  paymentIntentId: queryUuid.optional(),
  status: status.optional(),
})

const tag = 'Refunds'
const read = { tag, scope: 'refunds:read' } as const
const write = { tag, scope: 'refunds:write' } as const

/** The operations on refunds. */
export function refundRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...stepRoutes(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/refunds',
      operationId: 'createRefund',
      summary: 'Prepare a refund for your own wallet to send',
      body: newRefund,
      response: refundSchema,
      handle: async ({ caller, body, once }) => {
        const { assetId, amount, toAddress: to, confirmToAddress: confirmTo, reason = null } = body
        return await createRefund(ctx, caller, { of: ofWhat(body), assetId, amount, to, confirmTo, reason }, once)
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/refunds',
      operationId: 'listRefunds',
      summary: 'List refunds, newest first',
      query: listQuery,
      response: pageSchema(refundSchema),
      handle: async ({ caller, query }) => {
        const filter = {
          createdAt: createdAtOf(query),
          ...(query.ids !== undefined && { ids: query.ids }),
          ...(query.paymentIntentId !== undefined && { paymentIntentId: query.paymentIntentId }),
          ...(query.status !== undefined && { status: query.status }),
        }
        const found = await listRefunds(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(
          query,
          found.map(refund => refundView(refund)),
        )
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/refunds/{id}',
      operationId: 'getRefund',
      summary: 'Get a refund',
      response: refundSchema,
      handle: async ({ caller, id }) => {
        const refund = await getRefund(ctx, caller.organizationId, id)
        if (refund === null) throw missing()
        return refundView(refund)
      },
    }),
  ]
}

function stepRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/refunds/{id}/submit',
      operationId: 'submitRefund',
      summary: 'Name the transaction that your wallet sent',
      body: z.strictObject({ transactionHash }).openapi('SubmitRefund'),
      response: refundSchema,
      handle: async ({ caller, id, body, once }) => {
        const answer = await submitRefund(ctx, caller, id, body.transactionHash, once)
        if (answer === null) throw missing()
        return answer
      },
    }),
    route({
      ...write,
      method: 'post',
      path: '/refunds/{id}/cancel',
      operationId: 'cancelRefund',
      summary: 'Give up a refund that was not sent',
      response: refundSchema,
      handle: async ({ caller, id, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const refund = await cancelRefund(tx, ctx, caller, id)
          if (refund === null) throw missing()
          return { body: JSON.stringify(refundView(refund)) }
        }),
    }),
  ]
}
