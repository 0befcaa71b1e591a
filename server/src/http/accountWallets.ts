import { z } from '@hono/zod-openapi'
import { checkWallet } from '../actions/changeWithdrawalAddress.ts'
import { askForProof, proveWallet } from '../actions/proveWallet.ts'
import type { Context } from '../context.ts'
import type { Hex } from '../domain/hex.ts'
import { withdrawalAddressView } from '../domain/withdrawalAddress.ts'
import { type AccountCall, type AccountRoute, accountRoute } from './accountRouter.ts'
import { createBuckets } from './rateLimit.ts'
import { missing } from './router.ts'
import { evmAddress, PARAM, refuse, rule } from './rules.ts'

/** Wallets that are contracts sign with more than one key, and with more than bytes of a key. */
const SIGNATURE_MAX = 4_096

const signature = rule(
  value => {
    const isBytes = typeof value === 'string' && /^0x(?:[0-9a-f]{2})+$/i.test(value)
    if (isBytes && value.length <= 2 + 2 * SIGNATURE_MAX) return value.toLowerCase() as Hex
    throw refuse('signature_invalid', `${PARAM} must be 0x and the bytes of a signature in hex digits.`)
  },
  { type: 'string', pattern: '^0x([0-9a-fA-F]{2})+$' },
)

/** The nodes are asked for an organization so often: payments are read by the same ones. */
const LOOKS = { perS: 0.5, burst: 30, message: 'Wallets have been looked at too often' }

/** What only people do about withdrawal addresses: look at one before it is saved, and prove that a wallet is theirs. */
export function accountWalletRoutes(ctx: Context): AccountRoute[] {
  const looks = createBuckets(LOOKS)
  const take = ({ caller }: AccountCall<unknown, 'person'>['person']) =>
    looks.take(caller.organizationId, ctx.clock.now().getTime())
  return [
    accountRoute({
      method: 'post',
      path: '/wallet-checks',
      who: 'person',
      body: z.strictObject({ address: evmAddress, chainId: z.int().positive() }),
      handle: async ({ person, body }) => {
        take(person)
        return { warnings: await checkWallet(ctx, person.caller, body) }
      },
    }),
    accountRoute({
      method: 'post',
      path: '/withdrawal-addresses/{id}/challenge',
      who: 'person',
      handle: async ({ person, id }) => {
        const challenge = await askForProof(ctx, person.caller, id)
        if (challenge === null) throw missing()
        return challenge
      },
    }),
    accountRoute({
      method: 'post',
      path: '/withdrawal-addresses/{id}/proof',
      who: 'person',
      body: z.strictObject({ signature }),
      handle: async ({ person, id, body }) => {
        take(person)
        const proved = await proveWallet(ctx, person.caller, id, body.signature)
        if (proved === null) throw missing()
        return withdrawalAddressView(proved)
      },
    }),
  ]
}
