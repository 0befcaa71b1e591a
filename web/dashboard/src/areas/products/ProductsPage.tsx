import type { PublicPrice } from '@bitstream/sdk'
import { Package } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { shownImages } from '../../data/shownImages.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { Amount } from '../../ui/Amount.tsx'
import { StatusBadge } from '../../ui/Badge.tsx'
import { Time } from '../../ui/Time.tsx'
import { amountSummary, intervalSummary, productStatus } from './productStatus.ts'

/** The merchant's catalogue. */
export function ProductsPage() {
  return (
    <ListPage
      title="Products"
      description="What you sell, each with its prices: for payment links, invoices and the carts of your shop."
      path="/products"
      kind="product"
      filters={[
        {
          name: 'isActive',
          label: 'Status',
          choices: [
            ['true', 'Active'],
            ['false', 'Archived'],
          ],
        },
        {
          name: 'priceTypes',
          label: 'Price',
          choices: [
            ['one_time', 'Paid once'],
            ['recurring', 'Recurring'],
          ],
        },
      ]}
      read={(page, { isActive, priceTypes }) =>
        bitstream.products.list({
          ...{ ...page, visibility: '20' },
          ...(isActive && { isActive: isActive === 'true' }),
          ...(priceTypes && { priceTypes: [priceTypes === 'recurring' ? 'recurring' : 'one_time'] }),
        })
      }
      columns={[
        {
          name: 'Name',
          width: 'minmax(0,1fr)',
          cell: ({ name, images, publicImages }) => (
            <span className="flex items-center gap-3 font-medium">
              {shownImages(images, publicImages)
                .slice(0, 1)
                .map(image => (
                  <img key={image} src={image} alt="" className="size-8 shrink-0 rounded object-cover" />
                ))}
              <bdi className="truncate">{name}</bdi>
            </span>
          ),
        },
        {
          name: 'Price',
          width: 'minmax(8rem,14rem)',
          narrow: 'minmax(0,1fr)',
          align: 'end',
          cell: ({ defaultPrice }) => <DefaultPrice price={defaultPrice} />,
        },
        {
          name: 'Status',
          width: '6rem',
          narrow: '5rem',
          cell: product => <StatusBadge status={productStatus(product)} />,
        },
        { name: 'Created', width: '8rem', isMinor: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
      ]}
      Icon={Package}
      empty={{
        title: 'No products yet',
        text: 'Add what you sell often, so that its name, picture and price are written once.',
      }}
      create={mayWrite('products') && 'Add a product'}
    />
  )
}

function DefaultPrice({ price }: { price: PublicPrice | null }) {
  if (price === null) return '—'
  const { unitAmount, currency } = price
  const interval = intervalSummary(price)
  return (
    <>
      {unitAmount === null ? (
        <span className="block leading-tight whitespace-normal text-muted">{amountSummary(price)}</span>
      ) : (
        <Amount digits={unitAmount} currency={currency} />
      )}
      {interval !== null && <span className="block text-xs leading-tight text-muted">{interval}</span>}
    </>
  )
}
