import { Percent } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { StatusBadge } from '../../ui/Badge.tsx'
import { TAX_TYPES, taxRateStatus } from './taxRateStatus.ts'

/** The taxes that lines of carts and invoices may have. */
export function TaxRatesPage() {
  return (
    <ListPage
      title="Tax rates"
      description="Taxes that are added to your prices or that they include, for invoices and the carts of your shop."
      path="/tax-rates"
      kind="tax_rate"
      filters={[
        {
          name: 'isActive',
          label: 'Status',
          choices: [
            ['true', 'Active'],
            ['false', 'Archived'],
          ],
        },
      ]}
      read={(page, { isActive }) =>
        bitstream.taxRates.list({ ...page, ...(isActive && { isActive: isActive === 'true' }) })
      }
      columns={[
        { name: 'Name', width: 'minmax(0,1fr)', cell: ({ name }) => <span className="font-medium">{name}</span> },
        { name: 'Rate', width: '6rem', align: 'end', cell: ({ percentage }) => `${percentage}%` },
        { name: 'Type', width: '12rem', isMinor: true, cell: ({ type }) => TAX_TYPES[type] },
        { name: 'Country', width: '8rem', isMinor: true, cell: ({ country }) => country ?? '—' },
        {
          name: 'Status',
          width: '6rem',
          cell: rate => <StatusBadge status={taxRateStatus(rate)} />,
        },
      ]}
      Icon={Percent}
      empty={{
        title: 'No tax rates yet',
        text: 'Add the taxes that you charge, such as a value added tax, to have them worked out on every line.',
      }}
      create={mayWrite('tax_rates') && 'Add a tax rate'}
    />
  )
}
