import type { Invoice } from '@bitstream/sdk'
import type { Status } from '../../ui/Badge.tsx'

const STATUSES: Readonly<Record<Invoice['status'], Status>> = {
  draft: ['plain', 'Draft'],
  open: ['warn', 'Open'],
  paid: ['good', 'Paid'],
  void: ['plain', 'Void'],
  uncollectible: ['bad', 'Uncollectible'],
}

/** How an invoice stands; one that should have been paid is overdue. */
export function invoiceStatus({ status, dueDate }: Invoice): Status {
  const isOverdue = status === 'open' && dueDate !== null && new Date(dueDate) < new Date()
  return isOverdue ? ['bad', 'Overdue'] : STATUSES[status]
}
