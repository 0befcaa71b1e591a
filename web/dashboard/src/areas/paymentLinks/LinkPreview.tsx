import type { PaymentLink, Product, PublicPrice } from '@bitstream/sdk'
import { shownImages } from '../../data/shownImages.ts'
import { type Typed, textOf } from '../../data/typed.ts'
import { amountDigits, priceText, typedAmount } from '../../ui/amount.ts'
import { PayerPreview } from '../../ui/PayerPreview.tsx'
import { SUGGESTIONS } from './typedLink.ts'

/** The words of the payer's page, in English. */
const FIXED: Readonly<Record<string, string>> = { pay: 'Pay', book: 'Book for', donate: 'Donate' }
const OPEN: Readonly<Record<string, string>> = {
  pay: 'Continue to payment',
  book: 'Continue to booking',
  donate: 'Continue to donation',
}

/** What the page asks for; without an amount the payer chooses one. */
type Asked = {
  currency: string
  amount: string | null
  suggestions: readonly string[]
  hint: string | null
  preset: string | null
}

type Props = { typed: Typed; products: readonly Product[]; link: PaymentLink | null }

/** The page of a payment link as it is being typed. */
export function LinkPreview({ typed, products, link }: Props) {
  const { submitType = 'pay' } = typed
  const asked = askedBy(typed, products)
  const isOpen = asked.amount === null && typed.terms !== 'amount'
  const total = asked.amount === null ? null : priceText(asked.amount, asked.currency)
  return (
    <PayerPreview
      title={typed.title ?? ''}
      total={total}
      description={textOf(typed.description)}
      image={typed.image === link?.image ? pictureOf(link) : textOf(typed.image)}
      button={isOpen ? (OPEN[submitType] ?? '') : `${FIXED[submitType] ?? ''} ${total ?? '…'}`}
    >
      {isOpen && <ChosenAmount asked={asked} />}
    </PayerPreview>
  )
}

function ChosenAmount({ asked: { currency, suggestions, hint, preset } }: { asked: Asked }) {
  return (
    <>
      {suggestions.length > 0 && (
        <div className="form">
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
        </div>
      )}
      <div className="form-field">
        <span>{`${suggestions.length > 0 ? 'Another amount' : 'Amount'} in ${currency.toUpperCase()}`}</span>
        <input className="input input-amount" aria-label="Amount" readOnly value={preset ?? ''} />
        {hint !== null && <p className="form-hint">{hint}</p>}
      </div>
    </>
  )
}

function askedBy(typed: Typed, products: readonly Product[]): Asked {
  const { terms = 'amount', currency = 'usdc' } = typed
  const none = { currency, suggestions: [], hint: null, preset: null }
  if (terms === 'amount') return { ...none, amount: amountDigits(typed.amount ?? '') }
  const price = terms === 'product' ? products.find(({ id }) => id === typed.productId)?.defaultPrice : null
  if (price) return askedByPrice(price)
  return { ...none, amount: null, suggestions: SUGGESTIONS.flatMap(name => amountDigits(typed[name] ?? '') ?? []) }
}

function askedByPrice(price: PublicPrice): Asked {
  const { currency, unitAmount, customUnitMin: min, customUnitMax: max, customPreset } = price
  const text = (digits: string) => priceText(digits, currency)
  const least = min === null ? null : `At least ${text(min)}.`
  const most = max === null ? null : `At most ${text(max)}.`
  return {
    ...{ currency, amount: unitAmount, suggestions: price.customUnitAmountSuggestions ?? [] },
    hint: min !== null && max !== null ? `From ${text(min)} to ${text(max)}.` : (least ?? most),
    // The field of the page holds 2.5, not 2.50.
    preset: customPreset === null ? null : typedAmount(customPreset).replace(/\.?0+$/, ''),
  }
}

/** Where the picture of a link is that the page may show. */
export function pictureOf(link: PaymentLink | null): string | null {
  const listOf = (url: string | null) => (url === null ? [] : [url])
  return link === null ? null : (shownImages(listOf(link.image), listOf(link.publicImage))[0] ?? null)
}
