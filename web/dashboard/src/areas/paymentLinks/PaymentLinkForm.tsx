import type { PaymentLink, Product } from '@bitstream/sdk'
import { useParams, useSearch } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import type { Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { useObject } from '../../data/useObject.ts'
import { FormPage } from '../../layout/FormPage.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { ImageField } from '../../ui/ImageField.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'
import { CoinFields } from './CoinFields.tsx'
import { CustomFields } from './CustomFields.tsx'
import { LinkPreview, pictureOf } from './LinkPreview.tsx'
import { TermsFields } from './TermsFields.tsx'
import { ASKED, isSellable, typedLink } from './typedLink.ts'

/** Creates or changes a payment link; `?from` begins with a copy of another one, `?productId` with a product. */
export function PaymentLinkForm() {
  const { id } = useParams({ strict: false })
  const { from, productId = null } = useSearch({ strict: false })
  const link = useObject('payment_link', id ?? from, bitstream.paymentLinks.get)
  const isNew = id === undefined
  const products = useProducts(link?.productId ?? productId)
  const send = async (typed: Typed) => {
    const body = typedLink(typed, link)
    const saved = isNew ? await bitstream.paymentLinks.create(body) : await bitstream.paymentLinks.update(id, body)
    return `/payment-links/${saved.id}`
  }
  return (
    <FormPage
      title={isNew ? 'New payment link' : 'Edit payment link'}
      submit={isNew ? 'Create payment link' : 'Save'}
      changes={['payment_link']}
      back={link === null ? '/payment-links' : `/payment-links/${link.id}`}
      send={send}
      preview={typed => <LinkPreview typed={typed} products={products} link={link} />}
    >
      {({ typed, bind }) => (
        <>
          <FieldGroup title="What it is for">
            <TextField
              label="Title"
              autoComplete="off"
              {...bind('title', link?.title ?? products.find(each => each.id === productId)?.name)}
            />
            <TextAreaField label="Description (optional)" {...bind('description', link?.description)} />
            <ImageField
              label="Picture (optional)"
              name="image"
              of="payment_link_image"
              first={{ url: link?.image ?? null, shown: pictureOf(link) }}
            />
          </FieldGroup>
          <TermsFields {...{ typed, bind, link, products, productId }} />
          <AskedFields {...{ typed, bind, link }} />
          <AfterFields {...{ typed, bind, link }} />
          <FieldGroup title="How it can be paid">
            <CoinFields {...{ typed, bind, link }} />
          </FieldGroup>
          <FieldGroup title="For you">
            <TextField
              label="Tags (optional)"
              hint="Words of your own, with commas between them. Payers do not see them."
              autoComplete="off"
              {...bind('tags', link?.tags.join(', '))}
            />
          </FieldGroup>
        </>
      )}
    </FormPage>
  )
}

type Props = { typed: Typed; bind: Bind; link: PaymentLink | null }

function AskedFields({ typed, bind, link }: Props) {
  return (
    <FieldGroup title="What payers are asked for">
      <div className="grid sm:grid-cols-2">
        {ASKED.map(([name, label]) => (
          <CheckField key={name} name={name} label={label} defaultChecked={link?.[name] ?? false} />
        ))}
      </div>
      <CustomFields bind={bind} typed={typed} first={link?.customFields?.fields ?? []} />
    </FieldGroup>
  )
}

function AfterFields({ typed, bind, link }: Props) {
  return (
    <FieldGroup title="After payment">
      <SelectField
        label="Payers see"
        choices={[
          ['hosted_confirmation', 'A confirmation with your message'],
          ['redirect', 'Your own page'],
        ]}
        {...bind('afterCompletion', link?.afterCompletion ?? 'hosted_confirmation')}
      />
      {typed.afterCompletion === 'redirect' ? (
        <TextField
          label="Address of your page"
          type="url"
          placeholder="https://"
          {...bind('afterCompletionRedirectUrl', link?.afterCompletionRedirectUrl)}
        />
      ) : (
        <TextAreaField
          label="Message (optional)"
          {...bind('afterCompletionConfirmMsg', link?.afterCompletionConfirmMsg)}
        />
      )}
    </FieldGroup>
  )
}

/** The newest products that a link can sell, with the one that is asked for, whatever became of it. */
function useProducts(wanted: string | null): readonly Product[] {
  const asked = useObject('product', wanted ?? undefined, bitstream.products.get)
  const { data } = useObject(
    'product',
    'active',
    async () => await bitstream.products.list({ isActive: true, visibility: '20', limit: 100 }),
  )
  const listed = data.filter(each => isSellable(each) && each.id !== wanted)
  return asked === null ? listed : [asked, ...listed]
}
