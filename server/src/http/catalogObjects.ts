import { z } from '@hono/zod-openapi'
import { amount, currency, id, metadata, time, visibility } from './answerFields.ts'
import { publicPrice, publicProduct } from './paymentObjects.ts'

/** A product with its default price. */
export const productSchema = publicProduct.extend({ defaultPrice: publicPrice.nullable() }).openapi('Product')

/** A price with its product, as the merchant sees it. */
export const priceSchema = publicPrice
  .extend({ nickname: z.string().nullable(), isPublic: z.boolean() })
  .openapi('Price')

/** A tax that may be put on a price, or is part of it. */
export const taxRateSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    name: z.string(),
    description: z.string().nullable(),
    country: z.string().nullable(),
    percentage: z.number().min(0).max(100),
    type: z.enum(['exclusive', 'inclusive']),
    isActive: z.boolean(),
    metadata: metadata.nullable(),
  })
  .openapi('TaxRate')

/** A postal address, as far as it is known. */
export const address = z
  .object({
    line1: z.string(),
    line2: z.string(),
    city: z.string(),
    state: z.string(),
    postalCode: z.string(),
    country: z.string(),
  })
  .partial()
  .openapi('AddressDetail')

/** A person or company with an address, as far as they are known. */
export const fullAddress = z
  .object({ name: z.string(), email: z.string(), phone: z.string(), organizationName: z.string(), address })
  .partial()
  .openapi('FullAddressDetail')

const taxId = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    name: z.string().nullable(),
    value: z.string().nullable(),
    country: z.string().nullable(),
    customerId: id,
  })
  .openapi('TaxId')

/** Who buys from the merchant. */
export const customerSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    email: z.string(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    organizationName: z.string().nullable(),
    address: address.nullable(),
    shipping: fullAddress.nullable(),
    customerReferenceId: z.string().nullable(),
    customerNumber: z.string(),
    taxIds: z.object({ object: z.literal('list'), data: z.array(taxId) }).openapi('TaxIds'),
    visibility,
    metadata: metadata.nullable(),
  })
  .openapi('Customer')

const promotionCode = z
  .object({
    id,
    organizationId: id,
    createdAt: time,
    code: z.string().min(2).max(20),
    couponId: id,
    isActive: z.boolean(),
    expiredAt: time.nullable(),
    maxRedemptions: z.int().nullable(),
    metadata: metadata.nullable(),
  })
  .openapi('PromotionCodeSlim')

/** A discount that the merchant offers, with its codes. */
export const couponSchema = z
  .object({
    id,
    organizationId: id,
    createdAt: time,
    updatedAt: time,
    name: z.string(),
    percentOff: z.number().min(0).max(100).nullable(),
    amountOff: amount.nullable(),
    currency: currency.nullable(),
    maxRedemptions: z.int().nullable(),
    maxRedemptionsPerCustomer: z.int().nullable(),
    redeemBy: time.nullable(),
    isEnable: z.boolean(),
    isArchived: z.boolean(),
    archivedAt: time.nullable(),
    metadata: metadata.nullable(),
    promotionCodes: z.array(promotionCode),
    status: z.enum(['active', 'expired', 'disabled', 'limit_reached']),
    timesRedeemed: z.int(),
  })
  .openapi('Coupon')
