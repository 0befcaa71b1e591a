import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { queryClient } from '../../data/queryClient.ts'
import { useForm } from '../../data/useForm.ts'
import { textOf } from '../../layout/FormPage.tsx'
import { AmountField, digitsOf, requiredDigits } from '../../ui/AmountField.tsx'
import { Button } from '../../ui/Button.tsx'
import { type Currency, CurrencyField } from '../../ui/CurrencyField.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'

const BOUNDS = [
  ['customUnitMin', 'At least'],
  ['customUnitMax', 'At most'],
  ['customPreset', 'Suggested'],
] as const

/** Adds a price to a product. */
export function PriceDialog({ productId, onClose }: { productId: string; onClose: () => void }) {
  const [currency, setCurrency] = useState<Currency>('usdc')
  const [terms, setTerms] = useState('amount')
  const { form, isBusy, errorOf, error } = useForm(async typed => {
    await bitstream.prices.create({ productId, currency, ...termsOf(typed, terms) })
    await Promise.all(['product', 'price'].map(kind => queryClient.invalidateQueries({ queryKey: [kind] })))
    onClose()
  })
  return (
    <Dialog isOpen onClose={onClose} title="Add a price" description="Its amount and currency never change.">
      <form {...form} className="flex flex-col gap-4">
        <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-3">
          <SelectField
            label="Price"
            value={terms}
            onChange={({ target }) => setTerms(target.value)}
            choices={[
              ['amount', 'An amount'],
              ['open', 'Payers choose'],
            ]}
          />
          <CurrencyField
            name="currency"
            value={currency}
            onChange={({ target }) => setCurrency(target.value as Currency)}
            error={errorOf('currency')}
          />
        </div>
        {terms === 'amount' ? (
          <AmountField label="Amount" name="unitAmount" currency={currency} error={errorOf('unitAmount')} />
        ) : (
          <div className="grid gap-3 sm:grid-cols-3">
            {BOUNDS.map(([name, label]) => (
              <AmountField key={name} label={label} name={name} currency={currency} error={errorOf(name)} />
            ))}
          </div>
        )}
        <TextField
          label="Note (optional)"
          hint="Only you see it."
          name="nickname"
          autoComplete="off"
          error={errorOf('nickname')}
        />
        {error !== null && (
          <Notice tone="bad" title="This was not saved">
            {error}
          </Notice>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            Add price
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function termsOf(typed: Record<string, string>, terms: string) {
  const nickname = textOf(typed.nickname)
  if (terms === 'amount') return { unitAmount: requiredDigits(typed.unitAmount, 'unitAmount'), nickname }
  return { ...Object.fromEntries(BOUNDS.map(([name]) => [name, digitsOf(typed[name], name)])), nickname }
}
