import type { Invoice } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import { Badge } from '../../ui/Badge.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { Time } from '../../ui/Time.tsx'
import { Whole } from '../../ui/Whole.tsx'
import { invoiceStatus } from './invoiceStatus.ts'

/** How invoices are listed. */
export const INVOICE_COLUMNS: readonly Column<Invoice>[] = [
  {
    name: 'Number',
    width: 'minmax(0,1fr)',
    cell: ({ invoiceNumber }) => <Whole>{invoiceNumber ?? 'Draft'}</Whole>,
  },
  {
    name: 'Customer',
    width: 'minmax(0,2fr)',
    isMinor: true,
    cell: ({ customer }) => customer?.name ?? customer?.organizationName ?? customer?.email ?? '—',
  },
  {
    name: 'Total',
    width: 'minmax(0,1fr)',
    align: 'end',
    cell: ({ total, currency }) => <Whole>{amountText(total, currency)}</Whole>,
  },
  {
    name: 'Status',
    width: '5.5rem',
    cell: invoice => <Badge tone={invoiceStatus(invoice)[0]}>{invoiceStatus(invoice)[1]}</Badge>,
  },
  {
    name: 'Due',
    width: '8rem',
    isMinor: true,
    cell: ({ dueDate }) => (dueDate === null ? '—' : <Time at={dueDate} />),
  },
]
