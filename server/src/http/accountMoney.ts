import { z } from '@hono/zod-openapi'
import { type BalanceProof, proveBalances } from '../actions/proveBalances.ts'
import type { Context } from '../context.ts'
import type { Asset } from '../domain/asset.ts'
import { AppError } from '../domain/errors.ts'
import { leastWait, namesFinalized } from '../domain/finality.ts'
import { walletNetworks } from '../domain/walletNetwork.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { createBuckets } from './rateLimit.ts'

const DIFFERENCES_SHOWN = 20
/** Each asks the nodes for as many balances as a few hundred payments do. */
const PROOFS = { perS: 0.2, burst: 10, message: 'The ledger has been compared with a chain too often' }

/** What pages about money ask for beside the API: what a browser's wallet is told of the networks, and whether the ledger is right. */
export function accountMoneyRoutes(ctx: Context): AccountRoute[] {
  const proving = new Set<string>()
  const proofs = createBuckets(PROOFS)
  return [
    accountRoute({ method: 'get', path: '/networks', who: 'person', handle: async () => networks(ctx) }),
    accountRoute({
      method: 'post',
      path: '/balance-proofs',
      who: 'person',
      body: z.strictObject({ chainId: z.int().positive() }),
      handle: async ({ person: { caller }, body: { chainId } }) => {
        const { organizationId } = caller
        if (proving.has(organizationId)) {
          const message = 'The ledger is being compared with a chain already: wait until that is done.'
          throw new AppError('rate_limited', message, { retryAfterS: 5 })
        }
        proofs.take(organizationId, ctx.clock.now().getTime())
        proving.add(organizationId)
        try {
          const proof = await proveBalances(ctx, organizationId, chainId)
          return { chainId, proof: proof === null ? null : view(proof) }
        } finally {
          proving.delete(organizationId)
        }
      },
    }),
  ]
}

function networks({ chains, gas }: Context) {
  const told = walletNetworks(chains.values()).networks
  return [...chains.values()].map(({ chain, finality, blockTimeMs }) => ({
    chainId: chain.id,
    /** As wallets take it that do not know it yet (EIP-3085). */
    network: told.get(chain.id),
    blockTimeMs,
    wait: leastWait(finality),
    isByWorth: finality.length > 1,
    mayBeFinalized: namesFinalized(finality),
    hasGasAccount: gas.has(chain.id),
  }))
}

function view(proof: BalanceProof) {
  const { block, looked, of, sums, differences } = proof
  const coin = ({ id, symbol, decimals }: Asset) => ({ id, symbol, decimals })
  return {
    block: { number: `${block.number}`, hash: block.hash, time: block.time },
    looked,
    of,
    sums: sums.map(({ asset, ledgerRaw, onChainRaw }) => {
      return { asset: coin(asset), ledger: `${ledgerRaw}`, onChain: `${onChainRaw}` }
    }),
    differing: differences.length,
    differences: differences.slice(0, DIFFERENCES_SHOWN).map(({ address, asset, ledgerRaw, onChainRaw }) => ({
      address,
      asset: coin(asset),
      ledger: `${ledgerRaw}`,
      onChain: onChainRaw === null ? null : `${onChainRaw}`,
    })),
  }
}
