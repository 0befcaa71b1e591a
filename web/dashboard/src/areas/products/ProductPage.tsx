import type { Price, Product } from '@bitstream/sdk'
import { Link, useParams, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { shownImages } from '../../data/shownImages.ts'
import { useList } from '../../data/useList.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { Button, buttonClasses } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { PriceDialog } from './PriceDialog.tsx'
import { priceSummary, productStatus } from './productStatus.ts'

const CHANGES = ['product', 'price']

/** A product with its prices. */
export function ProductPage() {
  const { id = '' } = useParams({ strict: false })
  const product = useObject('product', id, bitstream.products.get)
  const pictures = shownImages(product.images, product.publicImages)
  return (
    <ObjectPage
      object={product}
      list={{ path: '/products', text: 'Products' }}
      title={product.name}
      status={productStatus(product)}
      description={product.description}
      actions={mayWrite('products') && <Actions product={product} />}
      facts={[
        ['Default price', product.defaultPrice === null ? 'None' : priceSummary(product.defaultPrice)],
        ...(product.unitLabel === null ? [] : [['Sold by the', product.unitLabel] as const]),
        ...(pictures.length === 0
          ? []
          : [
              [
                'Pictures',
                <span key="pictures" className="flex flex-wrap gap-2">
                  {pictures.map(image => (
                    <img
                      key={image}
                      src={image}
                      alt=""
                      className="size-16 rounded-md border border-line object-cover"
                    />
                  ))}
                </span>,
              ] as const,
            ]),
      ]}
    >
      <Prices product={product} />
    </ObjectPage>
  )
}

function Actions({ product: { id, isActive } }: { product: Product }) {
  const router = useRouter()
  return (
    <>
      <Link to="/products/$id/edit" params={{ id }} className={buttonClasses()}>
        Edit
      </Link>
      {isActive ? (
        <ActionButton
          text="Archive"
          run={() => bitstream.products.deactivate(id)}
          done="The product is archived: nothing new can be sold with it."
          changes={CHANGES}
        />
      ) : (
        <ActionButton
          text="Activate"
          look="primary"
          run={() => bitstream.products.activate(id)}
          done="The product can be sold again."
          changes={CHANGES}
        />
      )}
      <ActionButton
        text="Delete the product"
        isDangerous
        confirm="The product and its prices are gone for good. One that was ever sold is kept: archive it instead."
        run={async () => {
          await bitstream.products.delete(id)
          await router.navigate({ to: '/products' })
        }}
        done="The product is deleted."
        changes={CHANGES}
      />
    </>
  )
}

function Prices({ product }: { product: Product }) {
  const [isAdding, setAdding] = useState(false)
  const { rows, error } = useList<Price>(
    ['price', 'list', product.id],
    async page => await bitstream.prices.list({ ...page, productId: product.id }),
  )
  const isWriter = mayWrite('products')
  return (
    <Card title="Prices" {...(isWriter && { actions: <Button onClick={() => setAdding(true)}>Add a price</Button> })}>
      {error !== null && <p className="text-bad">{error.message}</p>}
      <ul className="-my-4 divide-y divide-line">
        {defaultFirst(rows, product).map(price => (
          <li key={price.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <span className="font-medium tabular-nums">{priceSummary(price)}</span>
            {price.id === product.defaultPriceId && <Badge tone="good">Default</Badge>}
            {!price.isActive && <Badge>Archived</Badge>}
            {price.nickname !== null && <span className="text-muted">{price.nickname}</span>}
            <CopyText text={price.id} shown={shortened(price.id)} label="id of the price" />
            {isWriter && price.id !== product.defaultPriceId && (
              <span className="flex flex-wrap gap-2 sm:ms-auto">
                <PriceActions price={price} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {isAdding && <PriceDialog productId={product.id} onClose={() => setAdding(false)} />}
    </Card>
  )
}

function defaultFirst(prices: readonly Price[], { defaultPriceId }: Product): Price[] {
  return prices.toSorted((one, other) => Number(other.id === defaultPriceId) - Number(one.id === defaultPriceId))
}

function PriceActions({ price: { id, productId, isActive } }: { price: Price }) {
  return (
    <>
      {isActive && (
        <ActionButton
          text="Make default"
          look="quiet"
          run={() => bitstream.products.update(productId, { defaultPriceId: id })}
          done="This is the default price now."
          changes={CHANGES}
        />
      )}
      <ActionButton
        text={isActive ? 'Archive' : 'Activate'}
        look="quiet"
        run={() => bitstream.prices.update(id, { isActive: !isActive })}
        done={isActive ? 'The price is archived: new carts cannot have it.' : 'The price can be used again.'}
        changes={CHANGES}
      />
    </>
  )
}
