import { TicketPercent } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { StatusBadge } from '../../ui/Badge.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Whole } from '../../ui/Whole.tsx'
import { couponStatus, offText, usesText } from './couponStatus.ts'

/** The coupons with their promotion codes. */
export function CouponsPage() {
  return (
    <ListPage
      title="Coupons"
      description="Discounts that payers get with a promotion code, where a link, invoice or cart allows codes."
      path="/coupons"
      kind="coupon"
      filters={[
        { name: 'searchText', label: 'Name or code' },
        {
          name: 'isArchived',
          label: 'Show',
          choices: [
            ['false', 'Not archived'],
            ['true', 'Archived'],
          ],
        },
      ]}
      read={(page, { searchText, isArchived }) =>
        bitstream.coupons.list({
          ...page,
          ...(searchText && { searchText }),
          ...(isArchived && { isArchived: isArchived === 'true' }),
        })
      }
      columns={[
        {
          name: 'Name',
          width: 'minmax(0,1fr)',
          cell: ({ name, promotionCodes: [code] }) => (
            <>
              <span className="block truncate leading-tight font-medium">{name}</span>
              <span className="block truncate font-mono text-xs leading-tight text-muted md:hidden">{code?.code}</span>
            </>
          ),
        },
        {
          name: 'Code',
          width: 'minmax(0,1fr)',
          isMinor: true,
          cell: ({ promotionCodes: [code] }) => code && <CopyText text={code.code} label="code" />,
        },
        { name: 'Discount', width: '9rem', narrow: '6.5rem', cell: coupon => <Whole>{offText(coupon)}</Whole> },
        {
          name: 'Used',
          width: '10rem',
          isMinor: true,
          align: 'end',
          cell: usesText,
        },
        {
          name: 'Status',
          width: '5.5rem',
          cell: coupon => <StatusBadge status={couponStatus(coupon)} />,
        },
      ]}
      Icon={TicketPercent}
      empty={{
        title: 'No coupons yet',
        text: 'Give a discount to those who know a code: a share of the sum, or an amount.',
      }}
      create={mayWrite('coupons') && 'Create coupon'}
    />
  )
}
