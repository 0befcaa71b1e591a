import { queryOptions } from '@tanstack/react-query'
import { ask } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'

/** The organization as payers and invoices show it. */
export const organizationQuery = queryOptions({
  queryKey: ['organization'],
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

/** The wallets that money may be swept to, newest first. */
export const addressesQuery = queryOptions({
  queryKey: ['withdrawal_address', 'list'],
  queryFn: () => bitstream.organization.withdrawalAddresses.list(),
})

/** All networks that the server has, with their coins. */
export const chainsQuery = queryOptions({
  queryKey: ['chain', 'list'],
  queryFn: async () => (await bitstream.chains.list({ limit: 100 })).data,
})

/** A change of a withdrawal address that waits until it is due; null stands for what is not there before or after it. */
export type AddressChange = {
  id: string
  kind: 'create' | 'update' | 'delete' | 'make_default'
  createdAt: string
  dueAt: string
  /** Null for somebody who has left. */
  requestedBy: { id: string; email: string } | null
  before: ChangedAddress | null
  after: ChangedAddress | null
}

type ChangedAddress = { id: string; name: string; address: string; chainId: number; isDefault: boolean }

/** The changes of withdrawal addresses that are not due yet. */
export const addressChangesQuery = queryOptions({
  queryKey: ['withdrawal_address', 'changes'],
  queryFn: () => ask<AddressChange[]>('GET', '/address-changes'),
})

/** The people of the organization, the oldest member first. */
export const usersQuery = queryOptions({ queryKey: ['user', 'list'], queryFn: () => bitstream.users.list() })

/** Who was asked to join, newest first. */
export const invitesQuery = queryOptions({ queryKey: ['invite', 'list'], queryFn: () => bitstream.invites.list() })
