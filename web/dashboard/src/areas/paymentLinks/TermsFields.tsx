import type { PaymentLink, Product } from '@bitstream/sdk'
import type { Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { SuggestionFields } from '../../layout/SuggestionFields.tsx'
import { AmountField } from '../../ui/AmountField.tsx'
import { isStateCurrency } from '../../ui/amount.ts'
import { CurrencyField } from '../../ui/CurrencyField.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { SUGGESTIONS, termsOf } from './typedLink.ts'

type Props = {
  typed: Typed
  bind: Bind
  link: PaymentLink | null
  products: readonly Product[]
  /** The product that was asked for beforehand. */
  productId: string | null
}

/** What is paid at a link, how often, and what its button says. */
export function TermsFields({ typed, bind, link, products, productId }: Props) {
  const first = termsOf(link, productId)
  const terms = typed.terms ?? first
  const currency = typed.currency ?? link?.currency ?? 'usdc'
  return (
    <FieldGroup title="What is paid">
      <SelectField
        label="Price"
        choices={[
          ['amount', 'An amount'],
          ['open', 'Payers choose the amount'],
          ...(products.length > 0 ? [['product', 'A product of yours'] as const] : []),
        ]}
        {...bind('terms', first)}
      />
      {terms === 'product' ? (
        <SelectField
          label="Product"
          hint="At its default price as it is now."
          choices={products.map(({ id, name }) => [id, name] as const)}
          {...bind('productId', link?.productId ?? productId)}
        />
      ) : (
        <div className="flex flex-col gap-2">
          <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-3">
            {terms === 'amount' ? (
              <AmountField label="Amount" currency={currency} {...bind('amount', link?.amount)} />
            ) : (
              <p className="self-end pb-2 text-muted">Payers type an amount in this currency.</p>
            )}
            <CurrencyField {...bind('currency', currency)} />
          </div>
          {isStateCurrency(currency) && <p className="text-muted">Payers send coins of the same worth.</p>}
        </div>
      )}
      {terms === 'open' && (
        <div className="grid gap-3 sm:grid-cols-3">
          <SuggestionFields {...{ typed, bind, currency }} names={SUGGESTIONS} first={link?.suggestedAmounts ?? null} />
        </div>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label="Can be paid"
          choices={[
            ['multiple', 'Any number of times'],
            ['one_time', 'Once'],
          ]}
          {...bind('type', link?.type ?? 'multiple')}
        />
        <SelectField
          label="The button says"
          choices={[
            ['pay', 'Pay'],
            ['book', 'Book'],
            ['donate', 'Donate'],
          ]}
          {...bind('submitType', link?.submitType ?? 'pay')}
        />
      </div>
    </FieldGroup>
  )
}
