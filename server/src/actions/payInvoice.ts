import type { Context } from '../context.ts'
import { canMove, type Invoice, notOpen, sessionUnderWay } from '../domain/invoice.ts'
import { invoiceUrl } from '../domain/invoiceView.ts'
import { findCustomer } from '../store/customers.ts'
import { inOrganization } from '../store/database.ts'
import { saveInvoice } from '../store/invoices.ts'
import { loadSeller } from '../store/sellers.ts'
import { lockInvoice } from './changeInvoice.ts'
import { type NewSession, withPlan } from './createCheckoutSession.ts'
import { getCustomersInvoice } from './getInvoice.ts'
import { writeSession } from './writeSession.ts'

/**
 * The id of the session that the customer pays an invoice with: the one that is under way, else a new one of exactly the invoice's
 * lines. Null when there is no such invoice; throws `invoice_not_open` where nobody is asked to pay it, and what `planSession` throws.
 */
export async function payInvoice(ctx: Context, id: string): Promise<string | null> {
  const found = await getCustomersInvoice(ctx, id)
  if (found === null) return null
  const { invoice } = found
  if (!canMove(invoice, 'settle')) throw notOpen(invoice)
  const begun = sessionUnderWay(invoice, ctx.clock.now())
  if (begun !== null) return begun
  const { organizationId } = invoice
  const read = () =>
    inOrganization(ctx.db, organizationId, async tx => ({
      seller: await loadSeller(tx),
      isCustomer: (await findCustomer(tx, invoice.customer.id)) !== null,
    }))
  const { seller, isCustomer } = await read()
  const liked = invoice.paymentSetting?.preferredCurrency ?? null
  const preferring = (one: typeof seller) => (liked === null ? one : { ...one, preferredCurrency: liked })
  const reload = async () => preferring((await read()).seller)
  const asked = sessionFor(invoice, isCustomer, ctx.config.publicUrl ?? '')
  return await withPlan(ctx, preferring(seller), asked, { reload }, plan =>
    inOrganization(ctx.db, organizationId, async tx => {
      const locked = await lockInvoice(tx, id)
      if (locked === null || !canMove(locked, 'settle')) throw notOpen(locked ?? invoice)
      // Somebody else who was asked to pay it has begun just now, or money has come.
      const other = sessionUnderWay(locked, ctx.clock.now())
      if (other !== null) return other
      const { id: checkoutSessionId, createdAt } = await writeSession(tx, ctx, plan)
      await saveInvoice(tx, { ...locked, checkoutSessionId, updatedAt: createdAt })
      return checkoutSessionId
    }),
  )
}

function sessionFor(invoice: Invoice, isCustomer: boolean, payUrl: string): NewSession {
  const { customer, paymentSetting: own, allowPromotionCodes, items, clientReferenceId } = invoice
  const url = invoiceUrl(invoice, { payUrl })
  const { email, name, phone, organizationName, address } = customer
  const known = Object.entries({ email, name, phone, organizationName }).filter(([, value]) => value !== null)
  return {
    lines: [],
    agreed: items.map(({ taxRateIds, ...item }) => item),
    invoiceId: invoice.id,
    customerId: isCustomer ? customer.id : null,
    successUrl: url,
    cancelUrl: url,
    expiresAt: undefined,
    metadata: null,
    clientReferenceId,
    options: {
      ...{ submitType: 'pay', customerCreation: 'if_required', customerUpdate: null, customFields: null },
      ...{ nameCollection: false, emailCollection: false, phoneNumberCollection: false },
      ...{ shippingAddressCollection: false, billingAddressCollection: false },
      ...{ afterCompletion: null, afterCompletionConfirmMsg: null, defaultPromotionCode: null, allowPromotionCodes },
      customerDetails: { ...Object.fromEntries(known), address: address ?? {} },
    },
    setting: {
      allowedChains: own?.allowedChains ?? undefined,
      preferredChainId: own?.preferredChainId ?? undefined,
      allowSwap: own?.allowSwap ?? false,
      allowFiatPayment: false,
    },
  }
}
