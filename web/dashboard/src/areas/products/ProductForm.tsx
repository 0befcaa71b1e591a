import type { CreateProduct, Product } from '@bitstream/sdk'
import { useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { shownImages } from '../../data/shownImages.ts'
import { useObject } from '../../data/useObject.ts'
import { FormPage, type Typed, textOf } from '../../layout/FormPage.tsx'
import { AmountField, requiredDigits } from '../../ui/AmountField.tsx'
import { amountDigits, priceText } from '../../ui/amount.ts'
import { type Currency, CurrencyField } from '../../ui/CurrencyField.tsx'
import { TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { ImageField } from '../../ui/ImageField.tsx'
import { PayerPreview } from '../../ui/PayerPreview.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'

/** Creates a product with its first price, or changes what a product says. */
export function ProductForm() {
  const { id } = useParams({ strict: false })
  const product = useObject('product', id, bitstream.products.get)
  const send = async (typed: Typed) => {
    const looks = looksOf(typed, product)
    const saved =
      product === null
        ? await bitstream.products.create({ ...looks, defaultPriceData: priceOf(typed) })
        : await bitstream.products.update(product.id, looks)
    return `/products/${saved.id}`
  }
  return (
    <FormPage
      title={product === null ? 'New product' : 'Edit product'}
      submit={product === null ? 'Add product' : 'Save'}
      changes={['product', 'price']}
      back={product === null ? '/products' : `/products/${product.id}`}
      send={send}
      preview={typed => <Preview typed={typed} product={product} />}
    >
      {({ typed, bind }) => (
        <>
          <FieldGroup title="What it is">
            <TextField label="Name" autoComplete="off" {...bind('name', product?.name)} />
            <TextAreaField label="Description (optional)" {...bind('description', product?.description)} />
            <ImageField
              label="Picture (optional)"
              name="image"
              of="product_image"
              first={{ url: product?.images[0] ?? null, shown: pictureOf(product) }}
            />
            <TextField
              label="Sold by the (optional)"
              hint="What one of it is called, such as kilogram or seat."
              autoComplete="off"
              {...bind('unitLabel', product?.unitLabel)}
            />
          </FieldGroup>
          {product === null && (
            <FieldGroup title="What it costs" hint="More prices can be added afterwards. An amount never changes.">
              <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-3">
                <AmountField
                  label="Price"
                  currency={typed['defaultPriceData.currency'] ?? 'usdc'}
                  {...bind('defaultPriceData.unitAmount')}
                />
                <CurrencyField {...bind('defaultPriceData.currency', 'usdc')} />
              </div>
            </FieldGroup>
          )}
        </>
      )}
    </FormPage>
  )
}

function Preview({ typed, product }: { typed: Typed; product: Product | null }) {
  const asked = product?.defaultPrice ?? null
  const digits = product === null ? amountDigits(typed['defaultPriceData.unitAmount'] ?? '') : asked?.unitAmount
  const currency = typed['defaultPriceData.currency'] ?? asked?.currency ?? 'usdc'
  const total = digits ? priceText(digits, currency) : null
  const isOld = typed.image !== undefined && typed.image === product?.images[0]
  return (
    <PayerPreview
      title={typed.name ?? ''}
      total={total}
      description={textOf(typed.description)}
      image={isOld ? pictureOf(product) : textOf(typed.image)}
      button={`Pay ${total ?? '…'}`}
    />
  )
}

function pictureOf(product: Product | null): string | null {
  return product === null ? null : (shownImages(product.images, product.publicImages)[0] ?? null)
}

/** What the product says. What was emptied is null, which takes it away. */
function looksOf(typed: Typed, product: Product | null): Omit<CreateProduct, 'defaultPriceData'> {
  const image = textOf(typed.image)
  const others = product?.images.slice(1) ?? []
  return {
    name: typed.name ?? '',
    description: textOf(typed.description),
    images: image === null ? others : [image, ...others],
    unitLabel: textOf(typed.unitLabel),
  }
}

function priceOf(typed: Typed): CreateProduct['defaultPriceData'] {
  const param = 'defaultPriceData.unitAmount'
  return { unitAmount: requiredDigits(typed[param], param), currency: typed['defaultPriceData.currency'] as Currency }
}
