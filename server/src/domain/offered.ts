import type { Asset } from './asset.ts'
import type { Chains } from './chainConfig.ts'
import { assetHealth, chainHealth, type Health, hasProblem } from './chainHealth.ts'
import { AppError } from './errors.ts'
import type { NewSetting } from './paymentSetting.ts'
import type { WithdrawalAddress } from './session.ts'

const RETRY_AFTER_S = 60

/**
 * The wallets that a new session's chains may be taken from. A chain that the request names must be on, else
 * `chain_unavailable`; where it names none, those on chains that are off are left out, and, while there are others, those on
 * chains that stand still. `chain_unavailable` when none is left of some.
 */
export function offeredWallets(
  { chains, health }: { chains: Chains; health: Health },
  wallets: readonly WithdrawalAddress[],
  { allowedChains = [], preferredChainId }: NewSetting,
): readonly WithdrawalAddress[] {
  const named = allowedChains.map(({ chainId }, index) => ({ chainId, param: `allowedChains[${index}].chainId` }))
  if (preferredChainId !== undefined) named.push({ chainId: preferredChainId, param: 'preferredChainId' })
  for (const { chainId, param } of named) {
    const { status, reason } = chainHealth(health, chainId)
    if (status === 'off') throw unavailable(nameOf(chains, chainId), reason, `paymentSetting.${param}`)
  }
  if (allowedChains.length > 0) return wallets
  const isOff = ({ chainId }: WithdrawalAddress) => chainHealth(health, chainId).status === 'off'
  const stands = ({ chainId }: WithdrawalAddress) =>
    chainId !== preferredChainId && hasProblem(health, chainId, 'halted')
  const served = wallets.filter(({ isDefault, chainId }) => isDefault && chains.has(chainId))
  const [first] = served
  if (first === undefined) return wallets
  if (served.every(isOff))
    throw unavailable(nameOf(chains, first.chainId), chainHealth(health, first.chainId).reason, null)
  const on = served.filter(wallet => !isOff(wallet))
  return on.every(stands) ? on : on.filter(wallet => !stands(wallet))
}

/** Those of `assets` that nothing is wrong with; `chain_unavailable` when none is left of some. */
export function offeredAssets(assets: readonly Asset[], chains: Chains, health: Health): Asset[] {
  const sound = assets.filter(({ id }) => assetHealth(health, id) === null)
  const [first] = assets
  if (first === undefined || sound.length > 0) return sound
  const name = `${first.symbol} on ${nameOf(chains, first.chainId)}`
  throw unavailable(name, assetHealth(health, first.id)?.reason ?? null, null)
}

function nameOf(chains: Chains, chainId: number): string {
  return chains.get(chainId)?.chain.name ?? `Chain ${chainId}`
}

function unavailable(name: string, reason: string | null, param: string | null): AppError {
  const message = `${name} takes no new payments now (${reason}): choose another network or coin, or try again later.`
  return new AppError('chain_unavailable', message, { param, retryAfterS: RETRY_AFTER_S })
}
