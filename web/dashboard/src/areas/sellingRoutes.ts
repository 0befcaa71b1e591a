import type { AnyRoute } from '@tanstack/react-router'
import { type Load, pageAt } from './pageAt.ts'

/** The pages of an area: its list at `path`, `/new`, and each object at `/<id>` with `/<id>/edit`. */
function areaAt<P extends AnyRoute, const A extends string>(
  parent: P,
  path: A,
  { list, one, form }: { list: Load; one: Load; form: Load },
) {
  return [
    pageAt(parent, path, list),
    pageAt(parent, `${path}/new` as const, form),
    pageAt(parent, `${path}/$id` as const, one),
    pageAt(parent, `${path}/$id/edit` as const, form),
  ] as const
}

/** The areas of what is sold: links, catalogue, customers, invoices, subscriptions, coupons and taxes. */
export function sellingRoutes<P extends AnyRoute>(parent: P) {
  return [
    ...areaAt(parent, '/payment-links', {
      list: async () => (await import('./paymentLinks/PaymentLinksPage.tsx')).PaymentLinksPage,
      one: async () => (await import('./paymentLinks/PaymentLinkPage.tsx')).PaymentLinkPage,
      form: async () => (await import('./paymentLinks/PaymentLinkForm.tsx')).PaymentLinkForm,
    }),
    ...areaAt(parent, '/products', {
      list: async () => (await import('./products/ProductsPage.tsx')).ProductsPage,
      one: async () => (await import('./products/ProductPage.tsx')).ProductPage,
      form: async () => (await import('./products/ProductForm.tsx')).ProductForm,
    }),
    ...areaAt(parent, '/customers', {
      list: async () => (await import('./customers/CustomersPage.tsx')).CustomersPage,
      one: async () => (await import('./customers/CustomerPage.tsx')).CustomerPage,
      form: async () => (await import('./customers/CustomerForm.tsx')).CustomerForm,
    }),
    ...areaAt(parent, '/invoices', {
      list: async () => (await import('./invoices/InvoicesPage.tsx')).InvoicesPage,
      one: async () => (await import('./invoices/InvoicePage.tsx')).InvoicePage,
      form: async () => (await import('./invoices/InvoiceForm.tsx')).InvoiceForm,
    }),
    ...areaAt(parent, '/coupons', {
      list: async () => (await import('./coupons/CouponsPage.tsx')).CouponsPage,
      one: async () => (await import('./coupons/CouponPage.tsx')).CouponPage,
      form: async () => (await import('./coupons/CouponForm.tsx')).CouponForm,
    }),
    ...areaAt(parent, '/tax-rates', {
      list: async () => (await import('./taxRates/TaxRatesPage.tsx')).TaxRatesPage,
      one: async () => (await import('./taxRates/TaxRatePage.tsx')).TaxRatePage,
      form: async () => (await import('./taxRates/TaxRateForm.tsx')).TaxRateForm,
    }),
    pageAt(
      parent,
      '/subscriptions',
      async () => (await import('./subscriptions/SubscriptionsPage.tsx')).SubscriptionsPage,
    ),
  ] as const
}
