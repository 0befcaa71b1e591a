import type { Invoice } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import { StatusBadge } from '../../ui/Badge.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { Time } from '../../ui/Time.tsx'
import { Whole } from '../../ui/Whole.tsx'
import { customerName } from '../customers/customerName.ts'
import { invoiceStatus } from './invoiceStatus.ts'

/** How invoices are listed. */
export const INVOICE_COLUMNS: readonly Column<Invoice>[] = [
  {
    name: 'Number',
    width: 'minmax(0,1fr)',
    narrow: 'minmax(0,1.1fr)',
    cell: ({ invoiceNumber, customer }) => (
      <>
        <span className="block truncate leading-tight tabular-nums">{invoiceNumber ?? 'Draft'}</span>
        <span className="block truncate text-xs leading-tight text-muted md:hidden">{nameOf(customer)}</span>
      </>
    ),
  },
  {
    name: 'Customer',
    width: 'minmax(0,2fr)',
    isMinor: true,
    cell: ({ customer }) => nameOf(customer),
  },
  {
    name: 'Total',
    width: 'minmax(0,1fr)',
    align: 'end',
    cell: ({ total, currency }) => <Whole>{currency === null ? '—' : amountText(total, currency)}</Whole>,
  },
  {
    name: 'Status',
    width: '7rem',
    narrow: '5.75rem',
    cell: invoice => <StatusBadge status={invoiceStatus(invoice)} />,
  },
  {
    name: 'Due',
    width: '8rem',
    isMinor: true,
    cell: ({ dueDate }) => (dueDate === null ? '—' : <Time at={dueDate} />),
  },
]

function nameOf(customer: Invoice['customer']): string {
  return customer === null ? '—' : customerName(customer)
}
