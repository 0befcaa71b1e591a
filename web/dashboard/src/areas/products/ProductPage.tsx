import type { Price, Product } from '@bitstream/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { shownImages } from '../../data/shownImages.ts'
import { useList } from '../../data/useList.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { ReceivedCard } from '../../layout/ReceivedCard.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { Button, buttonClasses } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { Thumbnails } from '../../ui/Thumbnails.tsx'
import { isSellable } from '../paymentLinks/typedLink.ts'
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
      actions={<Actions product={product} />}
      top={<ReceivedCard of="products" id={id} />}
      facts={[
        ['Default price', product.defaultPrice === null ? 'None' : priceSummary(product.defaultPrice)],
        product.unitLabel !== null && ['Unit', product.unitLabel],
        product.url !== null && [
          'Page',
          <a key="url" href={product.url} target="_blank" rel="noreferrer" className="text-accent underline">
            {product.url}
          </a>,
        ],
        pictures.length > 0 && ['Pictures', <Thumbnails key="pictures" images={pictures} />],
      ]}
    >
      <Prices product={product} />
    </ObjectPage>
  )
}

function Actions({ product }: { product: Product }) {
  const { id, isActive } = product
  return (
    <>
      {mayWrite('payment_links') && isSellable(product) && (
        <Link to="/payment-links/new" search={{ productId: id }} className={buttonClasses()}>
          Create payment link
        </Link>
      )}
      {mayWrite('products') && (
        <>
          <Link to="/products/$id/edit" params={{ id }} className={buttonClasses()}>
            Edit
          </Link>
          {isActive ? (
            <ActionButton
              text="Archive"
              confirm="Nothing new can be sold with it: carts are refused, and it is left out where products are chosen. Payments that were begun can still be completed. You can activate it again."
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
            run={() => bitstream.products.delete(id)}
            goTo="/products"
            done="The product is deleted."
            changes={CHANGES}
          />
        </>
      )}
    </>
  )
}

function Prices({ product }: { product: Product }) {
  const [shown, setShown] = useState<'none' | 'new' | Price>('none')
  const { rows, error, onEnd } = useList<Price>(
    ['price', 'list', product.id],
    async page => await bitstream.prices.list({ ...page, productId: product.id }),
  )
  const isWriter = mayWrite('products')
  const onClose = () => setShown('none')
  return (
    <Card title="Prices" {...(isWriter && { actions: <Button onClick={() => setShown('new')}>Add a price</Button> })}>
      {error !== null && <p className="text-bad">{error.message}</p>}
      <ul className="-my-4 divide-y divide-line">
        {defaultFirst(rows, product).map(price => (
          <li key={price.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <span className="font-medium tabular-nums">{priceSummary(price)}</span>
            {price.id === product.defaultPriceId && <Badge tone="good">Default</Badge>}
            {!price.isActive && <Badge>Archived</Badge>}
            {price.isPublic && <Badge>Public</Badge>}
            {price.nickname !== null && <span className="min-w-0 break-words text-muted">{price.nickname}</span>}
            <CopyText text={price.id} shown={shortened(price.id)} label="id of the price" />
            {isWriter && (
              <span className="-my-1.5 flex flex-wrap gap-1 max-sm:-ms-3 sm:ms-auto">
                <PriceActions
                  price={price}
                  isDefault={price.id === product.defaultPriceId}
                  onEdit={() => setShown(price)}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
      {onEnd !== undefined && (
        <Button look="quiet" className="mt-4" onClick={onEnd}>
          Show more
        </Button>
      )}
      {shown === 'new' && <PriceDialog productId={product.id} onClose={onClose} />}
      {typeof shown === 'object' && <PriceDialog price={shown} onClose={onClose} />}
    </Card>
  )
}

function defaultFirst(prices: readonly Price[], { defaultPriceId }: Product): Price[] {
  return prices.toSorted((one, other) => Number(other.id === defaultPriceId) - Number(one.id === defaultPriceId))
}

function PriceActions(props: { price: Price; isDefault: boolean; onEdit: () => void }) {
  const { price, isDefault, onEdit } = props
  const { id, productId, isActive } = price
  return (
    <>
      <Button look="quiet" onClick={onEdit}>
        Edit
      </Button>
      {isActive && !isDefault && (
        <ActionButton
          text="Make default"
          look="quiet"
          run={() => bitstream.products.update(productId, { defaultPriceId: id })}
          done="This is the default price now."
          changes={CHANGES}
        />
      )}
      {isActive ? (
        !isDefault && (
          <ActionButton
            text="Archive the price"
            look="quiet"
            confirm={`Nothing new can be sold at ${priceSummary(price)}. What was sold at it stays as it is, and you can activate it again.`}
            run={() => bitstream.prices.update(id, { isActive: false })}
            done="The price is archived: new carts cannot have it."
            changes={CHANGES}
          />
        )
      ) : (
        <ActionButton
          text="Activate the price"
          look="quiet"
          run={() => bitstream.prices.update(id, { isActive: true })}
          done="The price can be used again."
          changes={CHANGES}
        />
      )}
    </>
  )
}
