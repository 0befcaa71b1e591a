import { queryOptions } from '@tanstack/react-query'
import { ask } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'

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

/** Who was asked to join, newest first. */
export const invitesQuery = queryOptions({ queryKey: ['invite', 'list'], queryFn: () => bitstream.invites.list() })
