import type { Mode } from './apiKey.ts'
import type { Chains } from './chainConfig.ts'
import { type Payout, SHARES_TOTAL } from './depositAddress.ts'
import { AppError } from './errors.ts'
import type { Hex } from './hex.ts'
import type { AllowedChain, PaymentSetting, WithdrawalAddress } from './session.ts'

/** What a session's payment setting is decided from: the deployment, the organization's wallets, and what it offers by default. */
export type SettingTerms = {
  mode: Mode
  chains: Chains
  wallets: readonly WithdrawalAddress[]
  /** Null for all chains with a wallet. */
  allowedChains: readonly AllowedChain[] | null
  preferredChainId: number | null
}

/** A payment setting as asked for; what is undefined gets its default. */
export type NewSetting = {
  allowedChains: AllowedChain[] | undefined
  preferredChainId: number | undefined
  allowSwap: boolean
  allowFiatPayment: boolean
}

/** The chains that the session may be paid on: those asked for, else those of the organization that it has a wallet on. */
export function planSetting(terms: SettingTerms, asked: NewSetting): PaymentSetting {
  const own = terms.wallets
    .filter(wallet => wallet.isDefault && terms.chains.has(wallet.chainId))
    .map(wallet => wallet.chainId)
  const offered = terms.allowedChains?.filter(({ chainId }) => own.includes(chainId))
  const allowedChains: AllowedChain[] = asked.allowedChains ?? offered ?? own.map(chainId => ({ chainId }))
  const param = 'paymentSetting.allowedChains'
  const first = allowedChains[0]
  if (first === undefined) {
    const message = 'No withdrawal address is saved on any network: add one, so that payments have somewhere to go.'
    throw new AppError('payout_not_configured', message, { param })
  }
  for (const [index, chain] of allowedChains.entries()) checkChain(terms, chain, own, `${param}[${index}]`)
  const overridden = allowedChains.filter(chain => namedReceivers(chain).length > 0).length
  if (overridden !== 0 && overridden !== allowedChains.length) {
    throw new AppError('parameter_invalid', 'Give withdrawal addresses for every allowed chain, or for none.', {
      param,
    })
  }
  const isAllowed = (id: number | null) => allowedChains.some(({ chainId }) => chainId === id)
  const { preferredChainId: liked } = terms
  const preferredChainId = asked.preferredChainId ?? (liked !== null && isAllowed(liked) ? liked : first.chainId)
  if (!isAllowed(preferredChainId)) {
    const message = `preferredChainId ${preferredChainId} is not among the allowed chains.`
    throw new AppError('parameter_invalid', message, { param: 'paymentSetting.preferredChainId' })
  }
  return { allowedChains, preferredChainId, allowSwap: asked.allowSwap, allowFiatPayment: asked.allowFiatPayment }
}

/** How the addresses begin that networks keep for their own contracts, the zero address included. */
const PRECOMPILES = `0x${'00'.repeat(18)}`

/** Main networks that a test deployment can never serve. */
const MAIN_NETWORKS = new Set([1, 10, 56, 100, 137, 8453, 42161, 43114])

function checkChain({ mode, chains, wallets }: SettingTerms, chain: AllowedChain, own: number[], param: string): void {
  const { chainId } = chain
  if (!chains.has(chainId)) {
    const served = `these are: ${[...chains.keys()].join(', ')}.`
    if (mode === 'test' && MAIN_NETWORKS.has(chainId)) {
      const message = `Chain ${chainId} is a main network and is not served in test mode; ${served}`
      throw new AppError('network_not_in_mode', message, { param: `${param}.chainId` })
    }
    throw new AppError('network_unsupported', `Chain ${chainId} is not served here; ${served}`, {
      param: `${param}.chainId`,
    })
  }
  const named = namedReceivers(chain)
  if (named.length === 0 && !own.includes(chainId)) {
    const message = `No withdrawal address is saved for chain ${chainId}: add one, or name one in the request.`
    throw new AppError('payout_not_configured', message, { param: `${param}.chainId` })
  }
  if (mode === 'test') return
  const saved = new Set(wallets.filter(wallet => wallet.chainId === chainId).map(wallet => wallet.address))
  const foreign = named.find(row => !saved.has(row.address))
  if (foreign !== undefined) {
    const message = `${foreign.address} is not among the saved withdrawal addresses: save it first.`
    throw new AppError('address_not_saved', message, { param })
  }
}

/** The receivers that a request names for a chain, in percent; none if it leaves the organization's wallet. */
function namedReceivers(chain: AllowedChain): { splitPercentage: number; address: Hex }[] {
  if (chain.withdrawalAddresses !== undefined) return chain.withdrawalAddresses
  return chain.withdrawalAddress === undefined ? [] : [{ splitPercentage: 100, address: chain.withdrawalAddress }]
}

/**
 * Where the session's money may go: what the request names for its chains, and the saved wallet of every other chain, so
 * that a payment on a wrong network is not lost. Sorted by chain; a chain's first receiver takes the rest of a division.
 * Throws `payouts_invalid` for a receiver that nobody could get the money back from.
 */
export function planPayouts(
  { chains, wallets }: Pick<SettingTerms, 'chains' | 'wallets'>,
  allowed: readonly AllowedChain[],
): Payout[] {
  const receivers = new Map(
    wallets
      .filter(wallet => wallet.isDefault)
      .map(({ chainId, address }) => [chainId, [{ splitPercentage: 100, address }]]),
  )
  for (const chain of allowed) {
    const named = namedReceivers(chain)
    if (named.length > 0) receivers.set(chain.chainId, named)
  }
  const payouts = [...receivers]
    .flatMap(([chainId, rows]) =>
      rows.map(row => ({
        chainId,
        receiver: row.address,
        share: Math.round((row.splitPercentage * SHARES_TOTAL) / 100),
      })),
    )
    .toSorted((a, b) => a.chainId - b.chainId)
  const tokens = new Set([...chains.values()].flatMap(({ assets }) => assets.map(asset => asset.address)))
  const lost = payouts.find(({ receiver }) => tokens.has(receiver) || receiver.startsWith(PRECOMPILES))
  if (lost === undefined) return payouts
  const message = `${lost.receiver} is no wallet but a token or a part of the network: money sent there is lost.`
  throw new AppError('payouts_invalid', message, { param: 'paymentSetting.allowedChains' })
}
