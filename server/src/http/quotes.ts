import { z } from '@hono/zod-openapi'
import { createQuote } from '../actions/createQuote.ts'
import type { Context } from '../context.ts'
import { isCrypto, isSameCoin } from '../domain/currency.ts'
import type { NewQuote } from '../domain/quote.ts'
import * as answer from './answerFields.ts'
import { type Route, route } from './router.ts'
import { amount, currency, PARAM } from './rules.ts'

const quoteSchema = z
  .object({
    id: answer.id,
    createdAt: answer.time,
    expiresAt: answer.time,
    from: answer.currency,
    to: answer.currency,
    amountFrom: answer.amount,
    amountTo: answer.amount,
    rate: z.string().openapi({ description: 'Units of `to` for one of `from`, in decimals.' }),
    sources: z.array(z.string()),
  })
  .openapi('Quote')

const newQuote = z
  .strictObject({ from: currency, to: currency, amountFrom: amount.optional(), amountTo: amount.optional() })
  .transform(({ from, to, amountFrom, amountTo }, context): NewQuote => {
    const problem = (code: string, message: string, path: string) => {
      context.addIssue({ code: 'custom', message, params: { code }, path: [path] })
      return z.NEVER
    }
    if (from === to || (isCrypto(from) && isCrypto(to) && isSameCoin(from, to)))
      return problem('parameter_invalid', `${PARAM} must be another currency than from.`, 'to')
    if (amountFrom !== undefined && amountTo !== undefined)
      return problem('parameter_invalid', `Give amountFrom or ${PARAM}, not both.`, 'amountTo')
    if (amountFrom !== undefined) return { from, to, amountFrom }
    if (amountTo !== undefined) return { from, to, amountTo }
    return problem('parameter_missing', `${PARAM} or amountTo is required.`, 'amountFrom')
  })
  .openapi('CreateQuote')

/** The operation on quotes. */
export function quoteRoutes(ctx: Context): Route[] {
  return [
    route({
      method: 'post',
      path: '/quotes',
      operationId: 'createQuote',
      summary: 'Get what an amount of one currency is in another, for a minute',
      tag: 'Rates',
      scope: null,
      body: newQuote,
      response: quoteSchema,
      handle: async ({ caller, body, once }) => await createQuote(ctx, caller, body, once),
    }),
  ]
}
