import { signerOf } from '../chain/signerOf.ts'
import type { Context } from '../context.ts'
import { AppError, UpstreamError } from '../domain/errors.ts'
import { bytesToHex, type Hex } from '../domain/hex.ts'
import { isSigned, PROOF_MS, personalHash, proofMessage, signatureCall } from '../domain/walletProof.ts'
import type { SavedAddress } from '../domain/withdrawalAddress.ts'
import { inOrganization } from '../store/database.ts'
import { findOrganization } from '../store/organizations.ts'
import { type Challenge, findChallenge, listAddresses, setChallenge } from '../store/withdrawalAddresses.ts'
import { assertOwner } from './assertOwner.ts'
import type { Caller } from './caller.ts'
import { chainName } from './chainOf.ts'
import { lockAddress } from './changeWithdrawalAddress.ts'
import { noteAudit } from './noteAudit.ts'
import { rewrite } from './saveWithdrawalAddress.ts'
import { WALLET_GAS } from './screenWallet.ts'

/**
 * What the wallet of the caller's withdrawal address `id` is to sign to prove that it is theirs; what was asked for before counts no
 * more. Null if there is none. Throws as `assertOwner`.
 */
export async function askForProof(ctx: Context, caller: Caller, id: string): Promise<Challenge | null> {
  assertOwner(ctx, caller, 'wallets are proved')
  const { organizationId } = caller
  return await inOrganization(ctx.db, organizationId, async tx => {
    const { found } = await lockAddress(tx, organizationId, id)
    if (found === null) return null
    const { profile } = await findOrganization(tx, organizationId)
    const askedAt = ctx.clock.now()
    const message = proofMessage({
      organization: profile.name,
      address: found.address,
      network: chainName(ctx, found.chainId),
      chainId: found.chainId,
      server: ctx.config.publicUrl ?? 'this server',
      code: bytesToHex(ctx.random(16)).slice(2),
      askedAt,
    })
    const challenge = { message, expiresAt: new Date(askedAt.getTime() + PROOF_MS) }
    await setChallenge(tx, id, challenge)
    return challenge
  })
}

/**
 * Notes that the wallet of the caller's withdrawal address `id` is theirs, by its signature of what `askForProof` answered last, which
 * counts once; null if there is none. Throws `signature_invalid`, `chain_unavailable` where a contract cannot be asked, and as
 * `assertOwner`.
 */
export async function proveWallet(
  ctx: Context,
  caller: Caller,
  id: string,
  signature: Hex,
): Promise<SavedAddress | null> {
  assertOwner(ctx, caller, 'wallets are proved')
  const { organizationId } = caller
  const { asked, wallet } = await inOrganization(ctx.db, organizationId, async tx => {
    const wallet = (await listAddresses(tx, organizationId)).find(saved => saved.id === id)
    return { wallet, asked: wallet === undefined ? null : await findChallenge(tx, organizationId, id) }
  })
  if (wallet === undefined) return null
  if (asked === null || asked.expiresAt <= ctx.clock.now()) throw expired()
  if (!(await isSignedBy(ctx, wallet, personalHash(asked.message), signature))) {
    const message = `This is not a signature by ${wallet.address}: choose that very account in the wallet, and sign again.`
    throw new AppError('signature_invalid', message, { param: 'signature' })
  }
  return await inOrganization(ctx.db, organizationId, async tx => {
    const { found } = await lockAddress(tx, organizationId, id)
    // Meanwhile the address may have changed, or another window have used this.
    if (found === null || (await findChallenge(tx, organizationId, id))?.message !== asked.message) throw expired()
    await setChallenge(tx, id, null)
    const proved = await rewrite(tx, ctx, organizationId, { ...found, provedAt: ctx.clock.now() })
    const { name, address, chainId } = proved
    const detail = { name, address, chainId, message: asked.message, signature }
    await noteAudit(tx, ctx, caller, { action: 'withdrawal_address.proved', objectId: id, detail })
    return proved
  })
}

function expired(): AppError {
  const message = 'What was signed counts no more: ask for it again, and sign within 15 minutes.'
  return new AppError('signature_invalid', message, { param: 'signature' })
}

/** By its key, or where the wallet is a contract by its own word (EIP-1271). */
async function isSignedBy(
  ctx: Context,
  { address, chainId }: SavedAddress,
  hash: Hex,
  signature: Hex,
): Promise<boolean> {
  if ((await signerOf(hash, signature)) === address) return true
  const node = ctx.nodes.get(chainId)
  if (node === undefined) return false
  try {
    const head = await node.head()
    const code = await node.code(address, head)
    if (code === null || code === '0x') return false
    return isSigned(await node.call(address, signatureCall(hash, signature), head, WALLET_GAS))
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    const message =
      'The network does not answer now, so that a wallet which is a contract cannot be asked: try again soon.'
    throw new AppError('chain_unavailable', message, { cause: error })
  }
}
