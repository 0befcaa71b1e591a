import type { Context } from '../context.ts'
import type { Customer } from '../domain/customer.ts'
import { AppError } from '../domain/errors.ts'
import { type Invoice, issuerOf, moveInvoice } from '../domain/invoice.ts'
import { emptyDraft } from '../domain/invoiceDraft.ts'
import type { Storefront } from '../domain/session.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { findCustomer } from '../store/customers.ts'
import { readInOrganization, type Tx } from '../store/database.ts'
import { loadInvoices } from '../store/invoices.ts'
import { loadLogo } from '../store/issuers.ts'
import { findOrganization } from '../store/organizations.ts'
import { loadStorefront } from '../store/sellers.ts'
import type { Caller } from './caller.ts'
import { type InvoiceChanges, pricedInvoice } from './planInvoice.ts'

/** An invoice that is being written: changes of a draft, or of none yet, which may have no customer either. */
export type WrittenInvoice = InvoiceChanges & { draftId: string | undefined; customerId: string | undefined }

/** An invoice as it would be if it were finalized now, but for its number; with how its issuer looks. */
export type PreviewedInvoice = Pick<Storefront, 'brand'> & { invoice: Invoice; logo: Uint8Array | null }

/** Stands for what is not known yet. */
const OPEN = '…'

/**
 * What would come of an invoice that is being written; nothing of it is kept. Null when there is no such draft. Throws what creating
 * or changing it would.
 */
export async function previewInvoice(
  ctx: Context,
  caller: Caller,
  { draftId, customerId, ...changes }: WrittenInvoice,
): Promise<PreviewedInvoice | null> {
  const now = ctx.clock.now()
  return await readInOrganization(ctx.db, caller.organizationId, async tx => {
    const organization = await findOrganization(tx, caller.organizationId)
    const origin = { id: uuidv7(now, ctx.random(10)), now }
    const [draft] =
      draftId === undefined
        ? [emptyDraft(origin, organization, await chosenCustomer(tx, customerId, now))]
        : await loadInvoices(tx, [draftId])
    if (draft?.status !== 'draft') return null
    const { invoice } = await pricedInvoice(tx, ctx, caller, draft, changes)
    const customer = (await findCustomer(tx, invoice.customer.id)) ?? invoice.customer
    const { brand } = await loadStorefront(tx)
    const finalized = moveInvoice({ ...invoice, customer }, 'finalize', now)
    const logo = await loadLogo(tx, caller.organizationId)
    return { invoice: { ...finalized, issuer: issuerOf(organization), invoiceNumber: OPEN }, brand, logo }
  })
}

async function chosenCustomer(tx: Tx, id: string | undefined, now: Date): Promise<Customer> {
  const found = id === undefined ? nobody(now) : await findCustomer(tx, id)
  if (found !== null) return found
  throw new AppError('parameter_invalid', 'customerId must be the id of a customer of yours.', { param: 'customerId' })
}

function nobody(now: Date): Customer {
  return {
    ...{ id: uuidv7(now, new Uint8Array(10)), createdAt: now, updatedAt: now, email: OPEN, customerNumber: OPEN },
    ...{ name: null, phone: null, organizationName: null, address: null, shipping: null, taxIds: [] },
    ...{ customerReferenceId: null, metadata: null, visibility: 20 },
  }
}
