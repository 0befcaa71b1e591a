import { queryOptions } from '@tanstack/react-query'
import { bitstream } from './bitstream.ts'

/** The organization as payers and invoices show it. */
export const organizationQuery = queryOptions({
  queryKey: ['organization', 'get'],
  queryFn: () => bitstream.organization.get(),
})

/** How the organization is paid. */
export const paymentSettingQuery = queryOptions({
  queryKey: ['organization', 'payment-setting'],
  queryFn: () => bitstream.organization.paymentSetting.get(),
})

/** How its invoices are numbered, and their texts. */
export const invoiceSettingQuery = queryOptions({
  queryKey: ['organization', 'invoice-setting'],
  queryFn: () => bitstream.organization.invoiceSetting.get(),
})

/** The people of the organization, the oldest member first. */
export const usersQuery = queryOptions({ queryKey: ['user', 'list'], queryFn: () => bitstream.users.list() })
