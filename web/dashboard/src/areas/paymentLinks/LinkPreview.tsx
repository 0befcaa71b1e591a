import type { PaymentLink, Product } from '@bitstream/sdk'
import { shownImages } from '../../data/shownImages.ts'
import { type Typed, textOf } from '../../layout/FormPage.tsx'
import { amountDigits, priceText } from '../../ui/amount.ts'
import { PayerPreview } from '../../ui/PayerPreview.tsx'

/** The words of the payer's page, in English. */
const FIXED: Readonly<Record<string, string>> = { pay: 'Pay', book: 'Book for', donate: 'Donate' }
const OPEN: Readonly<Record<string, string>> = {
  pay: 'Continue to payment',
  book: 'Continue to booking',
  donate: 'Continue to donation',
}
const SUGGESTED = [0, 1, 2]

/** The page of a payment link as it is being typed. */
export function LinkPreview({
  typed,
  products,
  link,
}: {
  typed: Typed
  products: readonly Product[]
  link: PaymentLink | null
}) {
  const { terms = 'amount', currency = 'usdc', submitType = 'pay' } = typed
  const price = terms === 'product' ? products.find(({ id }) => id === typed.productId)?.defaultPrice : null
  const digits = terms === 'product' ? (price?.unitAmount ?? null) : amountDigits(typed.amount ?? '')
  const total = terms === 'open' || digits === null ? null : priceText(digits, price?.currency ?? currency)
  const suggestions = SUGGESTED.flatMap(index => amountDigits(typed[`suggestedAmounts[${index}]`] ?? '') ?? [])
  const isOpen = terms === 'open'
  return (
    <PayerPreview
      title={typed.title ?? ''}
      total={total}
      description={textOf(typed.description)}
      image={typed.image === link?.image ? pictureOf(link) : textOf(typed.image)}
      button={isOpen ? (OPEN[submitType] ?? '') : `${FIXED[submitType] ?? ''} ${total ?? '…'}`}
    >
      {isOpen && (
        <>
          {suggestions.length > 0 && (
            <fieldset className="form-suggestions">
              <legend>Choose an amount</legend>
              <div className="form-choices">
                {suggestions.map((each, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two may be the same.
                  <span key={index} className="button form-choice">
                    {priceText(each, currency)}
                  </span>
                ))}
              </div>
            </fieldset>
          )}
          <div className="form-field">
            <span>{`${suggestions.length > 0 ? 'Another amount' : 'Amount'} in ${currency.toUpperCase()}`}</span>
            <div className="input input-amount" />
          </div>
        </>
      )}
    </PayerPreview>
  )
}

/** Where the picture of a link is that the page may show. */
export function pictureOf(link: PaymentLink | null): string | null {
  const listOf = (url: string | null) => (url === null ? [] : [url])
  return link === null ? null : (shownImages(listOf(link.image), listOf(link.publicImage))[0] ?? null)
}
