import type { CreatePaymentLink, PaymentLink } from '@bitstream/sdk'
import { useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { useObject } from '../../data/useObject.ts'
import { type Bind, FormPage, type Typed, textOf } from '../../layout/FormPage.tsx'
import { AmountField, digitsOf, requiredDigits } from '../../ui/AmountField.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { type Currency, CurrencyField } from '../../ui/CurrencyField.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { ImageField } from '../../ui/ImageField.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'
import { CustomFields, customFieldsOf } from './CustomFields.tsx'
import { LinkPreview, pictureOf } from './LinkPreview.tsx'

const SUGGESTIONS = [0, 1, 2]
const COLLECTED = [
  ['emailCollection', 'E-mail address'],
  ['nameCollection', 'Name'],
  ['phoneNumberCollection', 'Phone number'],
  ['billingAddressCollection', 'Billing address'],
  ['shippingAddressCollection', 'Shipping address'],
] as const

/** Creates or changes a payment link. */
export function PaymentLinkForm() {
  const { id } = useParams({ strict: false })
  const link = useObject('payment_link', id, bitstream.paymentLinks.get)
  const { data: products } = useObject(
    'product',
    'active',
    async () => await bitstream.products.list({ isActive: true, visibility: '20', limit: 100 }),
  )
  const send = async (typed: Typed) => {
    const body = bodyOf(typed, link)
    const { id } =
      link === null ? await bitstream.paymentLinks.create(body) : await bitstream.paymentLinks.update(link.id, body)
    return `/payment-links/${id}`
  }
  return (
    <FormPage
      title={link === null ? 'New payment link' : 'Edit payment link'}
      submit={link === null ? 'Create payment link' : 'Save'}
      changes={['payment_link']}
      back={link === null ? '/payment-links' : `/payment-links/${link.id}`}
      send={send}
      preview={typed => <LinkPreview typed={typed} products={products} link={link} />}
    >
      {({ typed, bind }) => (
        <>
          <FieldGroup title="What it is for">
            <TextField label="Title" autoComplete="off" {...bind('title', link?.title)} />
            <TextAreaField label="Description (optional)" {...bind('description', link?.description)} />
            <ImageField
              label="Picture (optional)"
              name="image"
              of="payment_link_image"
              first={{ url: link?.image ?? null, shown: pictureOf(link) }}
            />
          </FieldGroup>
          <Terms {...{ typed, bind, link }} products={products.map(({ id, name }) => [id, name] as const)} />
          <FieldGroup title="What payers are asked for">
            <div className="grid sm:grid-cols-2">
              {COLLECTED.map(([name, label]) => (
                <CheckField key={name} name={name} label={label} defaultChecked={link?.[name] ?? false} />
              ))}
            </div>
            <CheckField
              name="allowPromotionCodes"
              label="They may enter a promotion code"
              defaultChecked={link?.allowPromotionCodes ?? false}
            />
            <CustomFields bind={bind} typed={typed} first={link?.customFields?.fields ?? []} />
          </FieldGroup>
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
        </>
      )}
    </FormPage>
  )
}

type TermsProps = {
  typed: Typed
  bind: Bind
  link: PaymentLink | null
  products: readonly (readonly [string, string])[]
}

function Terms({ typed, bind, link, products }: TermsProps) {
  const terms = typed.terms ?? termsOf(link)
  const currency = typed.currency ?? link?.currency ?? 'usdc'
  return (
    <FieldGroup title="What is paid">
      <SelectField
        label="Price"
        name="terms"
        defaultValue={termsOf(link)}
        choices={[
          ['amount', 'An amount'],
          ['open', 'Payers choose the amount'],
          ...(products.length > 0 || terms === 'product' ? [['product', 'A product of yours'] as const] : []),
        ]}
      />
      {terms === 'product' && (
        <SelectField label="Product" choices={products} {...bind('productId', link?.productId ?? products[0]?.[0])} />
      )}
      {terms !== 'product' && (
        <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-3">
          {terms === 'amount' ? (
            <AmountField label="Amount" currency={currency} {...bind('amount', link?.amount)} />
          ) : (
            <p className="self-end pb-2 text-muted">Payers type an amount in this currency.</p>
          )}
          <CurrencyField {...bind('currency', currency)} />
        </div>
      )}
      {terms === 'open' && (
        <div className="grid gap-3 sm:grid-cols-3">
          {SUGGESTIONS.map(index => (
            <AmountField
              key={index}
              label={`Suggestion ${index + 1}`}
              currency={currency}
              {...bind(`suggestedAmounts[${index}]`, link?.suggestedAmounts?.[index])}
            />
          ))}
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

function termsOf(link: PaymentLink | null): 'amount' | 'open' | 'product' {
  if (link?.productId) return 'product'
  return link !== null && link.amount === null ? 'open' : 'amount'
}

/** The parameters of the link. What was emptied is null, which takes it away. */
function bodyOf(typed: Typed, link: PaymentLink | null): CreatePaymentLink {
  const { terms } = typed
  const suggested = SUGGESTIONS.flatMap(
    index => digitsOf(typed[`suggestedAmounts[${index}]`], `suggestedAmounts[${index}]`) ?? [],
  )
  const isChecked = (name: string) => typed[name] !== undefined
  const isRedirect = typed.afterCompletion === 'redirect'
  return {
    type: typed.type as PaymentLink['type'],
    title: typed.title ?? '',
    description: textOf(typed.description),
    image: textOf(typed.image),
    tags: link?.tags ?? [],
    productId: terms === 'product' ? typed.productId : null,
    amount: terms === 'amount' ? requiredDigits(typed.amount, 'amount') : null,
    currency: terms === 'product' ? null : (typed.currency as Currency),
    suggestedAmounts: terms === 'open' && suggested.length > 0 ? suggested : null,
    nameCollection: isChecked('nameCollection'),
    emailCollection: isChecked('emailCollection'),
    phoneNumberCollection: isChecked('phoneNumberCollection'),
    shippingAddressCollection: isChecked('shippingAddressCollection'),
    billingAddressCollection: isChecked('billingAddressCollection'),
    customFields: customFieldsOf(typed, link?.customFields?.fields ?? []),
    submitType: typed.submitType as PaymentLink['submitType'],
    allowPromotionCodes: isChecked('allowPromotionCodes'),
    afterCompletion: typed.afterCompletion as PaymentLink['afterCompletion'],
    afterCompletionRedirectUrl: isRedirect ? textOf(typed.afterCompletionRedirectUrl) : null,
    afterCompletionConfirmMsg: isRedirect ? null : textOf(typed.afterCompletionConfirmMsg),
  }
}
