import { setTimeout as sleep } from 'node:timers/promises'
import type { Context, TestPayment, TestWallet } from '../context.ts'
import type { Asset } from '../domain/asset.ts'
import { AppError } from '../domain/errors.ts'
import { bytesToHex, type Hex } from '../domain/hex.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { inOrganization } from '../store/database.ts'
import { expireCheckoutSession } from './expireCheckoutSession.ts'
import { getCheckoutSession } from './getCheckoutSession.ts'

/** What can become of a session in the test world. */
export const OUTCOMES = [
  'paid',
  'underpaid',
  'overpaid',
  'late',
  'wrong_token',
  'wrong_chain',
  'reorged',
  'replaced',
  'batch',
] as const

export type Outcome = (typeof OUTCOMES)[number]

const SEEN_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 50

/**
 * Plays `outcome` for the organization's session on the local chain, as a payer would bring it about; answers with the hashes of the
 * transactions once they are mined (a reorg: once it has happened), and what follows is told by webhook as ever. Null when there is no
 * such session. Throws `session_not_open` when it can no longer be paid.
 */
export async function simulateOutcome(
  ctx: Context,
  wallet: TestWallet,
  organizationId: string,
  id: string,
  outcome: Outcome,
): Promise<Hex[] | null> {
  const seen = await getCheckoutSession(ctx, organizationId, id)
  if (seen === null) return null
  const session = seen.found
  if (session.status === 'complete' || session.isClosed) {
    throw new AppError('session_not_open', `This session is ${session.status}: create a new one to play ${outcome}.`)
  }
  return await play(ctx, wallet, session, outcome)
}

async function play(ctx: Context, wallet: TestWallet, session: CheckoutSession, outcome: Outcome): Promise<Hex[]> {
  const payment = duePayment(session)
  const { chainId } = payment.asset
  switch (outcome) {
    case 'paid':
      return [await wallet.pay(payment)]
    case 'underpaid':
      return [await wallet.pay({ ...payment, amountRaw: (payment.amountRaw + 1n) / 2n })]
    case 'overpaid':
      return [await wallet.pay({ ...payment, amountRaw: payment.amountRaw + (payment.amountRaw + 1n) / 2n })]
    case 'late': {
      await inOrganization(ctx.db, session.organizationId, tx => expireCheckoutSession(tx, ctx, session.id))
      await wallet.pass(chainId, ctx.clock.now())
      return [await wallet.pay(payment)]
    }
    case 'wrong_token':
      return [await wallet.pay({ ...payment, ...strayIn(ctx, session, asset => asset.chainId === chainId, outcome) })]
    case 'wrong_chain': {
      const isElsewhere = (asset: Asset) => session.assets.every(row => row.asset.chainId !== asset.chainId)
      return [await wallet.pay({ ...payment, ...strayIn(ctx, session, isElsewhere, outcome) })]
    }
    case 'reorged':
      return [await payAndDrop(ctx, wallet, session, payment)]
    case 'replaced':
      return [await payAndDrop(ctx, wallet, session, payment), await wallet.spendNonce(chainId)]
    case 'batch': {
      const strangers = [1, 2].map(() => ({ ...payment, to: bytesToHex(ctx.random(20)) }))
      return [await wallet.payTogether([payment, ...strangers])]
    }
  }
}

/** What is due in the preferred asset. */
function duePayment({ assets, deposit }: CheckoutSession): TestPayment {
  const [row] = assets
  if (row === undefined) throw new AppError('session_not_open', 'There is nothing to pay for this session.')
  return { asset: row.asset, to: deposit.address, amountRaw: row.amountRaw }
}

/** One whole unit of an asset that the session cannot be paid in. */
function strayIn(
  ctx: Context,
  session: CheckoutSession,
  isMeant: (asset: Asset) => boolean,
  outcome: Outcome,
): Pick<TestPayment, 'asset' | 'amountRaw'> {
  const payable = new Set(session.assets.map(row => row.asset.id))
  const served = [...ctx.chains.values()].flatMap(({ assets }) => assets)
  const asset = served.find(each => isMeant(each) && !payable.has(each.id))
  if (asset !== undefined) return { asset, amountRaw: 10n ** BigInt(asset.decimals) }
  const what = outcome === 'wrong_token' ? 'in every coin of its network' : 'on every network'
  const message = `This session may be paid ${what} here, so that nothing is wrong: allow fewer to play ${outcome}.`
  throw new AppError('parameter_invalid', message, { param: 'outcome' })
}

/** Pays, waits until the payment was recorded (what nobody saw cannot be missed), and takes it back. */
async function payAndDrop(
  ctx: Context,
  wallet: TestWallet,
  { organizationId, id }: CheckoutSession,
  payment: TestPayment,
): Promise<Hex> {
  const hash = await wallet.pay(payment)
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const seen = await getCheckoutSession(ctx, organizationId, id)
    if (seen?.found.transfers.some(({ txHash }) => txHash === hash)) break
    if (waited >= SEEN_WITHIN_MS) {
      const message = 'The payment was sent and is not recorded yet: is a worker running? Try again.'
      throw new AppError('chain_unavailable', message, { retryAfterS: 5 })
    }
    await sleep(LOOK_EVERY_MS)
  }
  await wallet.drop(payment.asset.chainId, hash)
  return hash
}
