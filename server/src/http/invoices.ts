import { z } from '@hono/zod-openapi'
import type { Caller } from '../actions/caller.ts'
import { createInvoice, duplicateInvoice } from '../actions/createInvoice.ts'
import { endInvoice } from '../actions/endInvoice.ts'
import { finalizeInvoice } from '../actions/finalizeInvoice.ts'
import { getInvoice, listInvoices } from '../actions/getInvoice.ts'
import { sendInvoice } from '../actions/sendInvoice.ts'
import { deleteInvoice, updateInvoice } from '../actions/updateInvoice.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { INVOICE_STATUSES } from '../domain/invoice.ts'
import { invoiceSchema } from './invoiceObjects.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryFlag, queryTime, queryUuid } from './list.ts'
import { changesOf, invoiceChanges, invoiceSend, newInvoice } from './newInvoice.ts'
import { successSchema } from './objects.ts'
import { type Call, missing, type Route, route } from './router.ts'
import { PARAM, refuse, rule } from './rules.ts'

const INCLUDES = ['customer', 'lineItems', 'paymentSetting', 'paymentIntent', 'paymentIntentAttempt']

const includes = rule(
  value => {
    const names = typeof value === 'string' ? value.split(',') : []
    if (names.every(name => INCLUDES.includes(name))) return names
    throw refuse('parameter_invalid', `${PARAM} must be some of ${INCLUDES.join(', ')}, separated by commas.`)
  },
  {
    type: 'string',
    description:
      'Parts to show, separated by commas: `paymentIntent` is left out unless it is named, all others are there.',
  },
)

const listQuery = z.strictObject({
  ...listParameters,
  status: z.enum(INVOICE_STATUSES).optional(),
  customerId: queryUuid.optional(),
  subscriptionId: queryUuid.optional(),
  dueDate: queryTime.optional(),
  'dueDate[gt]': queryTime.optional(),
  'dueDate[gte]': queryTime.optional(),
  'dueDate[lt]': queryTime.optional(),
  'dueDate[lte]': queryTime.optional(),
  'dueDate[isnull]': queryFlag.optional(),
  'dueDate[notnull]': queryFlag.optional(),
  includes: includes.optional(),
})

/** The `dueDate` filter of a query; a bare one is that very time. */
function dueDateOf(query: z.output<typeof listQuery>) {
  const { dueDate: exact, 'dueDate[isnull]': isNull, 'dueDate[notnull]': notNull } = query
  return createdAtOf({
    'createdAt[gt]': query['dueDate[gt]'],
    'createdAt[gte]': exact ?? query['dueDate[gte]'],
    'createdAt[lt]': query['dueDate[lt]'],
    'createdAt[lte]': exact ?? query['dueDate[lte]'],
    'createdAt[isnull]': isNull,
    'createdAt[notnull]': notNull,
  })
}

const tag = 'Invoices'
const read = { tag, scope: 'invoices:read' } as const
const write = { tag, scope: 'invoices:write' } as const

/** The operations on invoices. */
export function invoiceRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...invoiceRoute(ctx), ...stepRoutes(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/invoices',
      operationId: 'createInvoice',
      summary: 'Create a draft of an invoice, or of a revision of one',
      body: newInvoice,
      response: invoiceSchema,
      handle: async ({ caller, body: { customerId, fromInvoiceId, ...body }, once }) =>
        await writeOnce(ctx, caller, once, async tx => ({
          body: JSON.stringify(await createInvoice(tx, ctx, caller, { ...changesOf(body), customerId, fromInvoiceId })),
        })),
    }),
    route({
      ...read,
      method: 'get',
      path: '/invoices',
      operationId: 'listInvoices',
      summary: 'List invoices, newest first',
      query: listQuery,
      response: pageSchema(invoiceSchema),
      handle: async ({ caller, query }) => {
        const { ids, status, customerId, subscriptionId } = query
        const filter = {
          createdAt: createdAtOf(query),
          dueDate: dueDateOf(query),
          ...(ids !== undefined && { ids }),
          ...(status !== undefined && { status }),
          ...(customerId !== undefined && { customerId }),
          ...(subscriptionId !== undefined && { subscriptionId }),
        }
        const withIntents = query.includes?.includes('paymentIntent') === true
        return pageView(query, await listInvoices(ctx, caller.organizationId, filter, pageOf(query), withIntents))
      },
    }),
  ]
}

function invoiceRoute(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/invoices/{id}',
      operationId: 'getInvoice',
      summary: 'Get an invoice',
      response: invoiceSchema,
      handle: async ({ caller, id }) => found(await getInvoice(ctx, caller.organizationId, id)),
    }),
    route({
      ...write,
      method: 'put',
      path: '/invoices/{id}',
      operationId: 'updateInvoice',
      summary: 'Change a draft; of a finalized invoice only metadata, description, clientReferenceId and visibility',
      body: invoiceChanges,
      response: invoiceSchema,
      handle: async ({ caller, id, body }) => found(await updateInvoice(ctx, caller, id, changesOf(body))),
    }),
    route({
      ...write,
      method: 'delete',
      path: '/invoices/{id}',
      operationId: 'deleteInvoice',
      summary: 'Delete a draft',
      response: successSchema,
      handle: async ({ caller, id }) => {
        if (!(await deleteInvoice(ctx, caller.organizationId, id))) throw missing()
        return { message: 'The draft is deleted.', statusCode: 200 }
      },
    }),
  ]
}

function stepRoutes(ctx: Context): Route[] {
  type Step = Parameters<Parameters<typeof writeOnce>[3]>[0]
  const step = (
    name: string,
    operationId: string,
    summary: string,
    run: (tx: Step, id: string, caller: Caller) => Promise<object | null>,
  ) =>
    route({
      ...{ ...write, method: 'post', path: `/invoices/{id}/${name}`, operationId, summary, response: invoiceSchema },
      handle: async call => await answer(ctx, call, tx => run(tx, call.id, call.caller)),
    })
  return [
    step('duplicate', 'duplicateInvoice', 'Create a draft that says the same', (tx, id) =>
      duplicateInvoice(tx, ctx, id),
    ),
    step(
      'void',
      'voidInvoice',
      'Void an invoice: it stays in the books, and nobody is asked to pay it',
      (tx, id, caller) => endInvoice(tx, ctx, caller, id, 'void'),
    ),
    step(
      'mark-uncollectible',
      'markInvoiceUncollectible',
      'Note that an invoice will hardly be paid',
      (tx, id, caller) => endInvoice(tx, ctx, caller, id, 'markUncollectible'),
    ),
    step('finalize', 'finalizeInvoice', 'Give a draft its number, and open it to be paid', (tx, id) =>
      finalizeInvoice(tx, ctx, id),
    ),
    step('pay', 'payInvoice', 'Note that an invoice was paid in another way', (tx, id, caller) =>
      endInvoice(tx, ctx, caller, id, 'markAsPaid'),
    ),
    route({
      ...write,
      method: 'post',
      path: '/invoices/{id}/send',
      operationId: 'sendInvoice',
      summary: 'Send an invoice to its customer, finalizing a draft first; or schedule that',
      body: invoiceSend,
      response: invoiceSchema,
      handle: async call => {
        const { cc, finalizeScheduleAt = null } = call.body ?? {}
        return await answer(ctx, call, tx => sendInvoice(tx, ctx, call.id, { cc, finalizeScheduleAt }))
      },
    }),
  ]
}

async function answer(
  ctx: Context,
  { caller, once }: Pick<Call<unknown, unknown>, 'caller' | 'once'>,
  run: (tx: Parameters<Parameters<typeof writeOnce>[3]>[0]) => Promise<object | null>,
) {
  return await writeOnce(ctx, caller, once, async tx => ({ body: JSON.stringify(found(await run(tx))) }))
}

function found<T>(invoice: T | null): T {
  if (invoice === null) throw missing()
  return invoice
}
