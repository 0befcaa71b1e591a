import { z } from '@hono/zod-openapi'
import { OUTCOMES, simulateOutcome } from '../actions/simulateOutcome.ts'
import type { Context } from '../context.ts'
import { isSameCoin } from '../domain/currency.ts'
import { AppError } from '../domain/errors.ts'
import { toRaw } from '../domain/money.ts'
import { missing, type Route, route } from './router.ts'
import { crypto, evmAddress, uuid } from './rules.ts'

/** What one call of the faucet gives, at 8 decimals: a thousand of a token, ten of a native coin. */
const GIFT = { token: 1_000_00000000n, native: 10_00000000n }

const faucetSchema = z
  .object({
    transactionHash: z.string(),
    amountRaw: z.string(),
    currency: z.string(),
    chainId: z.int(),
    address: z.string(),
  })
  .openapi('Faucet')

const simulationSchema = z
  .object({ checkoutSessionId: z.uuid(), outcome: z.enum(OUTCOMES), transactionHashes: z.array(z.string()) })
  .openapi('Simulation')

const clockSchema = z.object({ now: z.iso.datetime(), advancedMs: z.int() }).openapi('TestClock')

/** A clock that went further would pass every deadline there is: payments are watched for 30 days, and checked monthly. */
const ADVANCE_MAX_MS = 400 * 24 * 3_600_000

/** What exists in the test world only. */
export function testRoutes(ctx: Context): Route[] {
  const wallet = ctx.testWallet
  if (wallet === null) return []
  return [
    route({
      method: 'post',
      path: '/test/faucet',
      operationId: 'useFaucet',
      summary: 'Get test coins',
      tag: 'Test world',
      scope: null,
      body: z.strictObject({ address: evmAddress, currency: crypto, chainId: z.int().positive() }).openapi('UseFaucet'),
      response: faucetSchema,
      handle: async ({ body }) => {
        const chain = ctx.chains.get(body.chainId)
        if (chain === undefined) {
          throw new AppError(
            'network_unsupported',
            `Chain ${body.chainId} is not served here; these are: ${[...ctx.chains.keys()].join(', ')}.`,
            { param: 'chainId' },
          )
        }
        const asset = chain.assets.find(each => isSameCoin(each.currency, body.currency))
        if (asset === undefined) {
          const known = chain.assets.map(each => each.currency).join(', ')
          throw new AppError('currency_unsupported', `${chain.chain.name} has no ${body.currency}; it has ${known}.`, {
            param: 'currency',
          })
        }
        const amountRaw = toRaw(asset.currency === chain.chain.currency ? GIFT.native : GIFT.token, asset.decimals)
        const transactionHash = await wallet.give({ asset, to: body.address, amountRaw })
        return {
          transactionHash,
          amountRaw: amountRaw.toString(),
          currency: asset.currency,
          chainId: body.chainId,
          address: body.address,
        }
      },
    }),
    route({
      method: 'post',
      path: '/test/simulate',
      operationId: 'simulate',
      summary: 'Play an outcome on the local chain',
      tag: 'Test world',
      scope: null,
      body: z.strictObject({ checkoutSessionId: uuid, outcome: z.enum(OUTCOMES) }).openapi('Simulate'),
      response: simulationSchema,
      handle: async ({ caller, body: { checkoutSessionId, outcome } }) => {
        const hashes = await simulateOutcome(ctx, wallet, caller.organizationId, checkoutSessionId, outcome)
        if (hashes === null) throw missing()
        return { checkoutSessionId, outcome, transactionHashes: hashes }
      },
    }),
    route({
      method: 'post',
      path: '/test/clock',
      operationId: 'advanceClock',
      summary: 'Move the clock of the server and of its chains forward',
      tag: 'Test world',
      scope: null,
      body: z.strictObject({ advanceMs: z.int().min(1).max(ADVANCE_MAX_MS) }).openapi('AdvanceClock'),
      response: clockSchema,
      handle: async ({ body: { advanceMs } }) => {
        await wallet.advance(advanceMs)
        return { now: ctx.clock.now().toISOString(), advancedMs: advanceMs }
      },
    }),
  ]
}
