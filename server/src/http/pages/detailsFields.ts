import { isAsked } from '../../domain/payerDetails.ts'
import type { CustomField, FullAddress } from '../../domain/session.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { MessageKey } from './words.ts'

/**
 * A field for what a payer is asked. `place` names it in the form, and in a request to …/details; `label` is a sentence of ours or
 * the merchant's question; `known` is what was given so far, empty if nothing.
 */
export type DetailsField = {
  readonly place: string
  readonly id: string
  readonly label: { readonly key: MessageKey } | { readonly text: string }
  readonly kind: 'text' | 'name' | 'email' | 'tel' | 'digits' | 'country' | 'choice'
  readonly isRequired: boolean
  /** Whether the label says that it may be left out; where an address has it, people know. */
  readonly isOptionalTold: boolean
  readonly autocomplete: string
  readonly known: string
  /** The most characters that it takes. */
  readonly max: number
  /** The bounds of an answer's length, where the merchant set any. */
  readonly length?: { readonly min: number; readonly max: number } | undefined
  readonly options?: readonly { readonly label: string; readonly value: string }[] | undefined
}

/** Fields that belong together. */
export type DetailsGroup = {
  readonly name: 'contact' | 'shipping' | 'billing' | 'questions'
  readonly legend: MessageKey | null
  readonly fields: readonly DetailsField[]
}

/** The longest answer to a question of the merchant's. */
const ANSWER_MAX = 500

/** Everything that the merchant asks the payer for, in the order of the form. */
export function detailsGroups(view: PaymentPage): DetailsGroup[] {
  const { shippingDetails, billingDetails } = view
  const groups: DetailsGroup[] = [
    { name: 'contact', legend: null, fields: contactFields(view) },
    {
      name: 'shipping',
      legend: 'shippingAddress',
      fields: isAsked('shippingDetails', view) ? addressFields('shipping', shippingDetails, !view.nameCollection) : [],
    },
    {
      name: 'billing',
      legend: 'billingAddress',
      fields: isAsked('billingDetails', view) ? addressFields('billing', billingDetails, false) : [],
    },
    { name: 'questions', legend: null, fields: (view.customFields?.fields ?? []).map(questionField) },
  ]
  return groups.filter(({ fields }) => fields.length > 0)
}

/** Whether the payer may say that the bill goes to where the parcel goes. */
export function canBillToShipping(view: PaymentPage): boolean {
  return isAsked('shippingDetails', view) && isAsked('billingDetails', view)
}

/** Whether the bill goes to where the parcel goes, as far as is known: it does until another address is given. */
export function isBilledToShipping({ shippingDetails, billingDetails }: PaymentPage): boolean {
  const { address } = billingDetails
  return address === undefined || JSON.stringify(address) === JSON.stringify(shippingDetails.address)
}

const CONTACT = {
  name: { label: 'detailName', kind: 'name', autocomplete: 'name', max: 250 },
  email: { label: 'detailEmail', kind: 'email', autocomplete: 'email', max: 254 },
  phone: { label: 'detailPhone', kind: 'tel', autocomplete: 'tel', max: 50 },
} as const

function contactFields(view: PaymentPage): DetailsField[] {
  return (['email', 'name', 'phone'] as const)
    .filter(place => isAsked(place, view))
    .map(place => {
      const { label, ...rest } = CONTACT[place]
      const known = view.customerDetails[place] ?? ''
      return {
        ...rest,
        place,
        id: `detail-${place}`,
        label: { key: label },
        isRequired: true,
        isOptionalTold: false,
        known,
      }
    })
}

const ADDRESS = [
  { part: 'country', label: 'addressCountry', autocomplete: 'country', isRequired: true, max: 2 },
  { part: 'line1', label: 'addressLine1', autocomplete: 'address-line1', isRequired: true, max: 250 },
  { part: 'line2', label: 'addressLine2', autocomplete: 'address-line2', isRequired: false, max: 250 },
  { part: 'postalCode', label: 'addressPostalCode', autocomplete: 'postal-code', isRequired: false, max: 50 },
  { part: 'city', label: 'addressCity', autocomplete: 'address-level2', isRequired: false, max: 250 },
  { part: 'state', label: 'addressState', autocomplete: 'address-level1', isRequired: false, max: 250 },
] as const

function addressFields(whose: 'shipping' | 'billing', given: FullAddress, withName: boolean): DetailsField[] {
  const name: DetailsField = {
    ...{ place: `${whose}Details.name`, id: `detail-${whose}-name`, label: { key: 'addressName' }, kind: 'name' },
    ...{ isRequired: false, isOptionalTold: true, autocomplete: `${whose} name`, known: given.name ?? '', max: 250 },
  }
  const parts = ADDRESS.map(
    ({ part, label, autocomplete, ...rest }): DetailsField => ({
      ...rest,
      ...{ place: `${whose}Details.address.${part}`, id: `detail-${whose}-${part}`, label: { key: label } },
      ...{ kind: part === 'country' ? 'country' : 'text', autocomplete: `${whose} ${autocomplete}` },
      isOptionalTold: part === 'line2' || part === 'state',
      known: given.address?.[part] ?? '',
    }),
  )
  return withName ? [name, ...parts] : parts
}

function questionField({ key, type, label, optional, ...rest }: CustomField, index: number): DetailsField {
  const { minimumLength, maximumLength } = (type === 'dropdown' ? undefined : rest[type]) ?? {}
  const hasBounds = minimumLength !== undefined || maximumLength !== undefined
  return {
    ...{ place: `customFields.${key}`, id: `detail-question-${index}`, label: { text: label.custom } },
    kind: ({ text: 'text', numeric: 'digits', dropdown: 'choice' } as const)[type],
    isRequired: !optional,
    isOptionalTold: optional,
    autocomplete: 'off',
    known: rest[type]?.value ?? '',
    max: ANSWER_MAX,
    length: hasBounds ? { min: minimumLength ?? 0, max: maximumLength ?? ANSWER_MAX } : undefined,
    options: rest.dropdown?.options,
  }
}
