import type { BlockHeader, WatchedChain } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { AppError, UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { chainName } from './chainOf.ts'

/**
 * What a person should know of a wallet before money goes there: it has never sent anything, as an exchange's deposit address has not;
 * nobody could say whether it is sanctioned; or its chain does not answer now.
 */
export type WalletWarning = 'never_used' | 'sanctions_unknown' | 'chain_silent'

/** A wallet on one chain. */
export type Wallet = { address: Hex; chainId: number }

/** How the code of an ordinary account begins that lets a contract act for it (EIP-7702). */
const DELEGATED = '0xef0100'

/** The first four bytes of keccak256 of `isSanctioned(address)`, and of `decimals()` and `totalSupply()`, which tokens alone answer. */
const IS_SANCTIONED = '0xdf592f7d'
const TOKEN_CALLS = ['0x313ce567', '0x18160ddd'] as const
/**
 * What a wallet's contract may take to answer, ample for a signature by several keys. Its owner wrote it: one that computes for ever would
 * otherwise keep the nodes busy by which everybody's payments are read.
 */
export const WALLET_GAS = 5_000_000n
const WORD = /^0x[0-9a-f]{64}$/

/**
 * Asks the chains what is wrong with a wallet. Throws `address_forbidden`, naming `param`, for a contract of another chain that is not
 * deployed on this one, since nobody may ever be able to deploy it there; for a token; and for what the chain's oracle names as
 * sanctioned. A chain that does not answer now tells nothing, and hinders nothing: see the warnings that come back.
 */
export async function screenWallet(ctx: Context, wallet: Wallet, param: string): Promise<WalletWarning[]> {
  const { address, chainId } = wallet
  const refuse = (why: string) => new AppError('address_forbidden', `${address} ${why}`, { param })
  const code = await askChain(ctx, chainId, (node, head) => node.code(address, head))
  if (code !== null && isContract(code)) {
    if (await isToken(ctx, wallet)) throw refuse('is a token’s contract: name a wallet that you hold the key to.')
  } else if (code !== null) {
    const elsewhere = await findContract(ctx, wallet)
    if (elsewhere !== null) {
      const [there, here] = [chainName(ctx, elsewhere), chainName(ctx, chainId)]
      throw refuse(
        `is a contract on ${there}, and there is none on ${here}: deploy it there first, or name another wallet.`,
      )
    }
  }
  const isSanctioned = await askOracle(ctx, wallet)
  if (isSanctioned === true) throw refuse('is on a list of sanctioned addresses: no money may be sent there.')
  const sent = code === '0x' ? await askChain(ctx, chainId, (node, head) => node.nonce(address, head)) : null
  return [
    ...(sent === 0n ? (['never_used'] as const) : []),
    ...(isSanctioned === null ? (['sanctions_unknown'] as const) : []),
    ...(code === null ? (['chain_silent'] as const) : []),
  ]
}

function isContract(code: Hex): boolean {
  return code !== '0x' && !code.startsWith(DELEGATED)
}

/** Another chain on which the address is a contract, or null. */
async function findContract(ctx: Context, { address, chainId }: Wallet): Promise<number | null> {
  for (const id of ctx.nodes.keys()) {
    if (id === chainId) continue
    const code = await askChain(ctx, id, (node, head) => node.code(address, head))
    if (code !== null && isContract(code)) return id
  }
  return null
}

/** Wallets that are contracts revert here, or answer nothing. */
async function isToken(ctx: Context, { address, chainId }: Wallet): Promise<boolean> {
  for (const data of TOKEN_CALLS) {
    const answer = await askChain(ctx, chainId, (node, head) => node.call(address, data, head, WALLET_GAS))
    if (answer === null || !WORD.test(answer)) return false
  }
  return true
}

/** Whether the chain's oracle names the address; null where it does not say, false where there is no oracle. */
async function askOracle(ctx: Context, { address, chainId }: Wallet): Promise<boolean | null> {
  const oracle = ctx.chains.get(chainId)?.sanctionsOracle ?? null
  if (oracle === null) return false
  const data: Hex = `${IS_SANCTIONED}${address.slice(2).padStart(64, '0')}`
  const answer = await askChain(ctx, chainId, (node, head) => node.call(oracle, data, head))
  if (answer !== null && WORD.test(answer) && BigInt(answer) <= 1n) return BigInt(answer) === 1n
  ctx.log.warn(
    { chainId, oracle },
    'The oracle of sanctioned addresses did not say whether it names a withdrawal address',
  )
  return null
}

/** What a node of the chain answers at its head; null where none can now. */
async function askChain<T>(
  { nodes, log }: Context,
  chainId: number,
  ask: (node: WatchedChain, head: BlockHeader) => Promise<T | null>,
): Promise<T | null> {
  const node = nodes.get(chainId)
  if (node === undefined) return null
  try {
    return await ask(node, await node.head())
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    log.warn({ err: error, chainId }, 'a withdrawal address could not be looked up on a chain')
    return null
  }
}
