import { invoiceSchema } from '../../src/http/invoiceObjects.ts'
import type { ApiCaller } from './apiCaller.ts'

/** An invoice as the API answers it, every field of it of the documented shape. */
export type AnsweredInvoice = ReturnType<typeof readInvoice>

/** The answer as an invoice; throws where its shape is not the documented one. */
export function readInvoice(answer: object) {
  return invoiceSchema.strict().parse(answer)
}

/** A line of an invoice of a new product, 10 USDC unless told. */
export function lineOf(changes: { unitAmount?: string; currency?: string; name?: string; quantity?: number } = {}) {
  const { unitAmount = '1000000000', currency = 'usdc', name = 'Coffee', quantity = 1 } = changes
  return { quantity, priceData: { currency, unitAmount, productData: { name } } }
}

/** The id of a new customer. */
export async function addCustomer(api: ApiCaller, changes: object = {}): Promise<string> {
  const { id } = await api.ok('POST', '/customers', { email: 'ada@example.com', name: 'Ada', ...changes })
  return `${id}`
}

/** A new draft of one line for a new customer. */
export async function addDraft(api: ApiCaller, changes: object = {}): Promise<AnsweredInvoice> {
  const customerId = 'fromInvoiceId' in changes || 'customerId' in changes ? undefined : await addCustomer(api)
  const body = { ...(customerId !== undefined && { customerId, lineItems: [lineOf()] }), ...changes }
  return readInvoice(await api.ok('POST', '/invoices', body))
}

/** A step of an invoice, such as `finalize`. */
export async function step(api: ApiCaller, id: string, name: string, body?: object): Promise<AnsweredInvoice> {
  return readInvoice(await api.ok('POST', `/invoices/${id}/${name}`, body))
}

/** A new invoice that is open. */
export async function addOpenInvoice(api: ApiCaller, changes: object = {}): Promise<AnsweredInvoice> {
  const { id } = await addDraft(api, changes)
  return await step(api, id, 'finalize')
}
