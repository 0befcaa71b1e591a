import { z } from '@hono/zod-openapi'
import { createCoupon } from '../actions/createCoupon.ts'
import { getCoupon, listCoupons } from '../actions/getCoupon.ts'
import { archiveCoupon, changeCoupon, updateCoupon } from '../actions/updateCoupon.ts'
import { writeOnce } from '../actions/writeOnce.ts'
import type { Context } from '../context.ts'
import { couponView } from '../domain/couponView.ts'
import { couponSchema } from './catalogObjects.ts'
import { couponChangesSchema, newCouponSchema, toNewCoupon } from './couponFields.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView, queryFlag } from './list.ts'
import { missing, type Route, route } from './router.ts'
import { text } from './rules.ts'

const listQuery = z.strictObject({
  ...listParameters,
  isEnable: queryFlag.optional(),
  isArchived: queryFlag.optional(),
  searchText: text(250).optional().openapi({
    description:
      'Part of the name or of the code, among the 5,000 coupons from where the page begins; or a whole code, however old.',
  }),
})

const tag = 'Coupons'
const read = { tag, scope: 'coupons:read' } as const
const write = { tag, scope: 'coupons:write' } as const

/** The operations on coupons and their promotion codes. */
export function couponRoutes(ctx: Context): Route[] {
  return [...collectionRoutes(ctx), ...couponRoute(ctx), ...stateRoutes(ctx)]
}

function collectionRoutes(ctx: Context): Route[] {
  return [
    route({
      ...write,
      method: 'post',
      path: '/coupons',
      operationId: 'createCoupon',
      summary: 'Create a coupon with its code; what it takes off never changes',
      body: newCouponSchema,
      response: couponSchema,
      handle: async ({ caller, body, once }) => await createCoupon(ctx, caller, toNewCoupon(body), once),
    }),
    route({
      ...read,
      method: 'get',
      path: '/coupons',
      operationId: 'listCoupons',
      summary: 'List coupons, newest first',
      query: listQuery,
      response: pageSchema(couponSchema),
      handle: async ({ caller, query }) => {
        const { ids, isEnable: isEnabled, isArchived, searchText } = query
        const filter = { createdAt: createdAtOf(query), ids, isEnabled, isArchived, searchText }
        const found = await listCoupons(ctx, caller.organizationId, filter, pageOf(query))
        const now = ctx.clock.now()
        return pageView(
          query,
          found.map(each => couponView(each, now)),
        )
      },
    }),
  ]
}

function couponRoute(ctx: Context): Route[] {
  return [
    route({
      ...read,
      method: 'get',
      path: '/coupons/{id}',
      operationId: 'getCoupon',
      summary: 'Get a coupon',
      response: couponSchema,
      handle: async ({ caller, id }) => {
        const found = await getCoupon(ctx, caller.organizationId, id)
        if (found === null) throw missing()
        return couponView(found, ctx.clock.now())
      },
    }),
    route({
      ...write,
      method: 'put',
      path: '/coupons/{id}',
      operationId: 'updateCoupon',
      summary: 'Change the name, limits or end of a coupon, or enable or disable it',
      body: couponChangesSchema,
      response: couponSchema,
      handle: async ({ caller, id, body: { isEnable: isEnabled, ...changes } }) => {
        const found = await updateCoupon(ctx, caller.organizationId, id, { ...changes, isEnabled })
        if (found === null) throw missing()
        return couponView(found, ctx.clock.now())
      },
    }),
  ]
}

function stateRoutes(ctx: Context): Route[] {
  const states = [
    ['enable', 'Enable a coupon, if no other active one has taken its code'],
    ['disable', 'Disable a coupon; its code is free for others meanwhile'],
    ['archive', 'Archive a coupon for good; its code is free for others'],
  ] as const
  return states.map(([verb, summary]) =>
    route({
      ...write,
      method: 'post',
      path: `/coupons/{id}/${verb}`,
      operationId: `${verb}Coupon`,
      summary,
      response: couponSchema,
      handle: async ({ caller, id, once }) =>
        await writeOnce(ctx, caller, once, async tx => {
          const isEnabled = verb === 'enable'
          const found = await (verb === 'archive'
            ? archiveCoupon(tx, ctx, id)
            : changeCoupon(tx, ctx, id, { isEnabled }))
          if (found === null) throw missing()
          return { body: JSON.stringify(couponView(found, ctx.clock.now())) }
        }),
    }),
  )
}
