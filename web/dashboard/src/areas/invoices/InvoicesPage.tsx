import type { Invoice } from '@bitstream/sdk'
import { FileText } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { betweenDays } from '../../ui/day.ts'
import { INVOICE_COLUMNS } from './invoiceColumns.tsx'

/** The invoices. */
export function InvoicesPage() {
  return (
    <ListPage
      title="Invoices"
      description="Numbered documents that you send to a customer, with a page where they are paid."
      path="/invoices"
      kind="invoice"
      filters={[
        {
          name: 'status',
          label: 'Status',
          choices: [
            ['draft', 'Draft'],
            ['open', 'Open'],
            ['overdue', 'Overdue'],
            ['paid', 'Paid'],
            ['void', 'Void'],
            ['uncollectible', 'Uncollectible'],
          ],
        },
        { name: 'from', label: 'From', type: 'date' },
        { name: 'to', label: 'To', type: 'date' },
      ]}
      read={(page, { status, from, to }) =>
        bitstream.invoices.list({ ...page, ...statusFilter(status), createdAt: betweenDays(from, to) })
      }
      columns={INVOICE_COLUMNS}
      Icon={FileText}
      empty={{
        title: 'No invoices yet',
        text: 'Write one for a customer: it stays a draft until you send it or give it its number.',
      }}
      create={mayWrite('invoices') && 'Create invoice'}
    />
  )
}

/** An invoice is overdue while it is open and its day has passed. */
function statusFilter(status: string | undefined) {
  if (status === 'overdue') return { status: 'open', dueDate: { lt: new Date() } } as const
  return status ? { status: status as Invoice['status'] } : {}
}
