import { z } from '@hono/zod-openapi'
import type { NewTaxId } from '../actions/addCustomer.ts'
import { createCustomer } from '../actions/createCustomer.ts'
import { getCustomer, listCustomers } from '../actions/getCustomer.ts'
import { deleteCustomer, updateCustomer } from '../actions/updateCustomer.ts'
import type { Context } from '../context.ts'
import type { Customer } from '../domain/customer.ts'
import { customerView } from '../domain/customerView.ts'
import { addressDetail, fullAddressDetail, taxIds } from './address.ts'
import { visibility } from './answerFields.ts'
import { customerSchema } from './catalogObjects.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryVisibility } from './list.ts'
import { successSchema } from './objects.ts'
import { missing, type Route, route } from './router.ts'
import { email, metadata, name, text } from './rules.ts'

const fields = {
  email,
  name: name.nullish(),
  phone: text(50).nullish(),
  organizationName: text(250).nullish(),
  address: addressDetail.nullish(),
  shipping: fullAddressDetail.nullish(),
  metadata: metadata.nullish(),
  taxIds: taxIds.nullish(),
}

const newCustomer = z
  .strictObject({ ...fields, customerReferenceId: text(200, { min: 1 }).nullish(), visibility: visibility.default(20) })
  .openapi('CreateCustomer')

const changes = z
  .strictObject({ ...fields, visibility })
  .partial()
  .openapi('UpdateCustomer')

const listQuery = z.strictObject({
  ...listParameters,
  visibility: queryVisibility.optional(),
  email: text(254).optional(),
  customerReferenceId: text(200).optional(),
})

const tag = 'Customers'
const read = { tag, scope: 'customers:read' } as const
const write = { tag, scope: 'customers:write' } as const

/** The operations on customers. */
export function customerRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...customerRoute(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/customers',
      operationId: 'createCustomer',
      summary: 'Create a customer',
      body: newCustomer,
      response: customerSchema,
      handle: async ({ caller, body, once }) => {
        const { name = null, phone = null, organizationName = null, address = null, shipping = null } = body
        const { email, visibility, customerReferenceId = null, metadata = null } = body
        const described = { email, name, phone, organizationName, address, shipping }
        const asked = { ...described, visibility, customerReferenceId, metadata, taxIds: taxIdsOf(body.taxIds) }
        return await createCustomer(ctx, caller, asked, once)
      },
    }),
    route({
      ...read,
      method: 'get',
      path: '/customers',
      operationId: 'listCustomers',
      summary: 'List customers, newest first',
      query: listQuery,
      response: pageSchema(customerSchema),
      handle: async ({ caller, query }) => {
        const { ids, visibility, email, customerReferenceId } = query
        const filter = { createdAt: createdAtOf(query), ids, visibility, email, customerReferenceId }
        const found = await listCustomers(ctx, caller.organizationId, filter, pageOf(query))
        return pageView(query, found.map(customerView))
      },
    }),
  ]
}

function customerRoute(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/customers/{id}',
      operationId: 'getCustomer',
      summary: 'Get a customer',
      response: customerSchema,
      handle: async ({ caller, id }) => shown(await getCustomer(ctx, caller.organizationId, id)),
    }),
    route({
      ...write,
      method: 'put',
      path: '/customers/{id}',
      operationId: 'updateCustomer',
      summary: 'Change a customer; tax ids that are given replace all there are',
      body: changes,
      response: customerSchema,
      handle: async ({ caller, id, body: { taxIds: given, ...rest } }) => {
        const asked = { ...rest, ...(given !== undefined && { taxIds: taxIdsOf(given) }) }
        return shown(await updateCustomer(ctx, caller.organizationId, id, asked))
      },
    }),
    route({
      ...write,
      method: 'delete',
      path: '/customers/{id}',
      operationId: 'deleteCustomer',
      summary: 'Delete a customer; sessions and invoices that name it stay',
      response: successSchema,
      handle: async ({ caller, id }) => {
        if (!(await deleteCustomer(ctx, caller.organizationId, id))) throw missing()
        return { message: 'The customer is deleted.', statusCode: 200 }
      },
    }),
  ]
}

function taxIdsOf(given: z.output<typeof taxIds> | null | undefined): NewTaxId[] {
  return (given?.data ?? []).map(({ name = null, value = null, country = null }) => ({ name, value, country }))
}

function shown(customer: Customer | null) {
  if (customer === null) throw missing()
  return customerView(customer)
}
