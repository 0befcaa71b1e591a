import { createHash } from 'node:crypto'
import type { NewSession } from '../actions/createCheckoutSession.ts'
import type { OnceKey } from '../actions/writeOnce.ts'
import { AppError } from '../domain/errors.ts'

/**
 * A session as anybody may ask for it who reads a publishable key in a page: of public prices, without addresses, amounts, customers
 * or codes of its own, and with nothing that a payer or the merchant's server would take for the merchant's word. Throws `key_type`
 * with the first thing that is not for everybody.
 */
export function publicSession(asked: NewSession): NewSession {
  const { lines, setting, customerId, options } = asked
  const made = lines.findIndex(({ price }) => !('id' in price))
  if (made >= 0) throw secretOnly(`lineItems.data[${made}].priceData`)
  const named = setting.allowedChains?.findIndex(
    chain => chain.withdrawalAddress !== undefined || chain.withdrawalAddresses !== undefined,
  )
  if (named !== undefined && named >= 0) throw secretOnly(`paymentSetting.allowedChains[${named}]`)
  if (customerId !== null && customerId !== undefined) throw secretOnly('customerId')
  // Rates hold as long as a session is open: for a month they would be a bet at the merchant's cost.
  if (asked.expiresAt !== undefined) throw secretOnly('expiresAt')
  // Codes would be tried here without end.
  if (options.defaultPromotionCode !== null) throw secretOnly('defaultPromotionCode')
  // A stranger's text on the merchant's page could ask for anything.
  if (options.customFields !== null) throw secretOnly('customFields')
  if (options.afterCompletionConfirmMsg !== null) throw secretOnly('afterCompletionConfirmMsg')
  // What was paid for is in the lines: metadata that events carry could tell of another order.
  if (asked.metadata !== null) throw secretOnly('metadata')
  return { ...asked, isPublic: true }
}

function secretOnly(param: string): AppError {
  const message = `A publishable key cannot give ${param}: name prices by priceId, or use a secret key on your server.`
  return new AppError('key_type', message, { param })
}

/** An idempotency key of a page, apart from those of the merchant's server: pages cannot use up or read what is its own. */
export function publicOnce(once: OnceKey | null): OnceKey | null {
  if (once === null) return null
  return { ...once, key: `publishable ${createHash('sha256').update(once.key).digest('base64url')}` }
}
