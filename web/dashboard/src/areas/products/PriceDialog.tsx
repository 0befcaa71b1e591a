import type { Price } from '@bitstream/sdk'
import { type FormEvent, useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { refresh } from '../../data/queryClient.ts'
import { type Typed, textOf, typedIn } from '../../data/typed.ts'
import { useForm } from '../../data/useForm.ts'
import { MetadataFields, metadataOf } from '../../layout/MetadataFields.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { FormEnd } from '../../ui/FormEnd.tsx'
import { PriceTerms, typedTerms } from './PriceTerms.tsx'
import { priceSummary } from './productStatus.ts'

type Props = { onClose: () => void } & ({ productId: string; price?: undefined } | { price: Price })

/** Adds a price to a product, or changes what is noted about one. */
export function PriceDialog({ onClose, ...of }: Props) {
  const price = of.price ?? null
  const [typed, setTyped] = useState<Typed>({})
  const { form, isBusy, bind, error } = useForm(async fields => {
    const notes = {
      nickname: textOf(fields.nickname),
      metadata: metadataOf(fields),
      isPublic: fields.isPublic !== undefined,
    }
    if (of.price !== undefined) await bitstream.prices.update(of.price.id, notes)
    else await bitstream.prices.create({ productId: of.productId, ...typedTerms(fields), ...notes })
    await refresh('product', 'price')
    onClose()
  })
  const onInput = (event: FormEvent<HTMLFormElement>) => {
    form.onInput(event)
    setTyped(typedIn(event.currentTarget))
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={price === null ? 'Add a price' : 'Edit the price'}
      description={price === null ? 'Its amount and currency never change.' : `${priceSummary(price)}, which stays.`}
    >
      <form {...form} onInput={onInput} className="flex flex-col gap-4">
        {price === null && <PriceTerms bind={bind} typed={typed} />}
        <TextField
          label="Note (optional)"
          hint="Only you see it."
          autoComplete="off"
          {...bind('nickname', price?.nickname)}
        />
        <CheckField
          name="isPublic"
          label="A publishable key may sell at it, from your website"
          defaultChecked={price?.isPublic ?? false}
        />
        <MetadataFields bind={bind} first={price?.metadata} />
        <FormEnd
          error={error}
          failed="This was not saved"
          submit={price === null ? 'Add price' : 'Save'}
          isBusy={isBusy}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
