import type { Product } from '@bitstream/sdk'
import { useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { requiredDigits, type Typed, textOf } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { useObject } from '../../data/useObject.ts'
import { FormPage } from '../../layout/FormPage.tsx'
import { MetadataFields, metadataOf } from '../../layout/MetadataFields.tsx'
import { AmountField } from '../../ui/AmountField.tsx'
import { amountDigits, isStateCurrency, priceText } from '../../ui/amount.ts'
import { type Currency, CurrencyField } from '../../ui/CurrencyField.tsx'
import { TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { PayerPreview } from '../../ui/PayerPreview.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'
import { IntervalFields, typedInterval } from './IntervalFields.tsx'
import { imagesOf, Pictures, pictureAt } from './Pictures.tsx'

const PRICE = 'defaultPriceData.'
const CURRENCY = `${PRICE}currency`
const AMOUNT = `${PRICE}unitAmount`

/** Creates a product with its first price, or changes what a product says. */
export function ProductForm() {
  const { id } = useParams({ strict: false })
  const product = useObject('product', id, bitstream.products.get)
  const send = async (typed: Typed) => {
    const looks = looksOf(typed)
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
            <Pictures typed={typed} product={product} />
            <TextField
              label="Unit (optional)"
              hint="What one of it is, such as a kilogram or a seat."
              autoComplete="off"
              {...bind('unitLabel', product?.unitLabel)}
            />
            <TextField
              label="Page on your website (optional)"
              type="url"
              placeholder="https://"
              {...bind('url', product?.url)}
            />
          </FieldGroup>
          {product === null && <FirstPrice typed={typed} bind={bind} />}
          <MetadataFields bind={bind} first={product?.metadata} />
        </>
      )}
    </FormPage>
  )
}

function FirstPrice({ typed, bind }: { typed: Typed; bind: Bind }) {
  const currency = typed[CURRENCY] ?? 'usdc'
  return (
    <FieldGroup title="What it costs" hint="More prices can be added afterwards. An amount never changes.">
      <div className="flex flex-col gap-2">
        <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-3">
          <AmountField label="Price" currency={currency} {...bind(AMOUNT)} />
          <CurrencyField {...bind(CURRENCY, 'usdc')} />
        </div>
        {isStateCurrency(currency) && <p className="text-muted">Payers send coins of the same worth.</p>}
      </div>
      <IntervalFields bind={bind} typed={typed} prefix={PRICE} />
    </FieldGroup>
  )
}

function Preview({ typed, product }: { typed: Typed; product: Product | null }) {
  const asked = product?.defaultPrice ?? null
  const digits = product === null ? amountDigits(typed[AMOUNT] ?? '') : asked?.unitAmount
  const currency = typed[CURRENCY] ?? asked?.currency ?? 'usdc'
  const total = digits ? priceText(digits, currency) : null
  const [first = null] = imagesOf(typed)
  const old = product?.images.indexOf(first ?? '') ?? -1
  return (
    <PayerPreview
      title={typed.name ?? ''}
      total={total}
      description={textOf(typed.description)}
      image={old === -1 ? first : pictureAt(product, old)}
      button={`Pay ${total ?? '…'}`}
    />
  )
}

/** What the product says. What was emptied is null, which takes it away. */
function looksOf(typed: Typed) {
  return {
    name: typed.name ?? '',
    description: textOf(typed.description),
    images: imagesOf(typed),
    unitLabel: textOf(typed.unitLabel),
    url: textOf(typed.url),
    metadata: metadataOf(typed),
  }
}

function priceOf(typed: Typed) {
  const unitAmount = requiredDigits(typed[AMOUNT], AMOUNT)
  return { unitAmount, currency: typed[CURRENCY] as Currency, ...typedInterval(typed, PRICE) }
}
