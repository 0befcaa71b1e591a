import { sql } from 'kysely'
import type { CheckoutSession } from '../domain/session.ts'
import { emailKey } from '../domain/sessionSearch.ts'
import type { Tx } from './database.ts'
import { coinChains, lineItemRows, sessionAssetRows } from './sessionRows.ts'

/**
 * Stores what payers may change of a session: amounts, discount, options, customer, lines and, where they are others, the assets that
 * it may be paid in. Violates `terms_fixed` once a transfer was seen.
 */
export async function updateTerms(tx: Tx, before: CheckoutSession, after: CheckoutSession): Promise<void> {
  const { id, organizationId } = after
  await tx
    .updateTable('checkout_sessions')
    .set({
      updated_at: after.updatedAt,
      amount_subtotal: after.amountSubtotal,
      amount_discount: after.amountDiscount,
      amount_tax: after.amountTax,
      amount_fee: after.amountFee,
      amount_total: after.amountTotal,
      coupon_id: after.discount?.couponId ?? null,
      promotion_code_id: after.discount?.promotionCodeId ?? null,
      discount: after.discount === null ? null : JSON.stringify(after.discount),
      redeemed_by: after.redeemedBy,
      value_usd: after.valueUsd,
      options: JSON.stringify(after.options),
      email_key: emailKey(after.options.customerDetails),
      customer_id: after.customerId,
    })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute()
  if (after.lineItems !== before.lineItems) await updateAmounts(tx, after)
  if (after.assets !== before.assets) await replaceAssets(tx, after)
}

async function updateAmounts(tx: Tx, session: CheckoutSession): Promise<void> {
  const { organizationId, intent, amountTotal } = session
  await sql`
    update line_items l set unit_amount = r.unit_amount, amount_subtotal = r.amount_subtotal, amount_discount = r.amount_discount,
      amount_tax = r.amount_tax, amount_total = r.amount_total, taxes = r.taxes
    from json_populate_recordset(null::line_items, ${JSON.stringify(lineItemRows(session))}::json) r
    where l.organization_id = r.organization_id and l.checkout_session_id = r.checkout_session_id and l.position = r.position`.execute(
    tx,
  )
  await tx
    .updateTable('payment_intents')
    .set({ amount: amountTotal, updated_at: intent.updatedAt })
    .where('organization_id', '=', organizationId)
    .where('id', '=', intent.id)
    .execute()
}

async function replaceAssets(tx: Tx, session: CheckoutSession): Promise<void> {
  const { organizationId, id } = session
  await tx
    .deleteFrom('session_assets')
    .where('organization_id', '=', organizationId)
    .where('checkout_session_id', '=', id)
    .execute()
  const rows = JSON.stringify(sessionAssetRows(session))
  await sql`insert into session_assets select r.* from json_populate_recordset(null::session_assets, ${rows}::json) r`.execute(
    tx,
  )
  await sql`update deposit_addresses set coin_chains = ${coinChains(session)}
    where checkout_session_id = ${id} and not is_fallback`.execute(tx)
}
