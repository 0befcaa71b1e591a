import { z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { isSameCoin } from '../domain/currency.ts'
import { AppError } from '../domain/errors.ts'
import { toRaw } from '../domain/money.ts'
import { type Route, route } from './router.ts'
import { crypto, evmAddress } from './rules.ts'

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
  ]
}
