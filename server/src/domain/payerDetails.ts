import { AppError, type ErrorCode, type Problem } from './errors.ts'
import type { CheckoutSession, CustomField, FullAddress, SessionOptions } from './session.ts'

/** What a payer says of himself; `customFields` are answers by the keys of the merchant's questions. */
export type PayerDetails = {
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  shippingDetails?: FullAddress | undefined
  billingDetails?: FullAddress | undefined
  customFields?: Readonly<Record<string, string>> | undefined
}

const DETAILS = ['name', 'email', 'phone', 'shippingDetails', 'billingDetails'] as const

/** What of a session says which details it asks for. */
type Asking = Pick<
  SessionOptions,
  | 'nameCollection'
  | 'emailCollection'
  | 'phoneNumberCollection'
  | 'shippingAddressCollection'
  | 'billingAddressCollection'
  | 'customerCreation'
>

/** Whether the session asks the payer for it; a customer that is always made needs an e-mail address. */
export function isAsked(detail: (typeof DETAILS)[number], options: Asking): boolean {
  switch (detail) {
    case 'name':
      return options.nameCollection
    case 'email':
      return options.emailCollection || options.customerCreation === 'always'
    case 'phone':
      return options.phoneNumberCollection
    case 'shippingDetails':
      return options.shippingAddressCollection
    case 'billingDetails':
      return options.billingAddressCollection
    default:
      return detail satisfies never
  }
}

/**
 * Whether these details try the session's promotion code with another e-mail address: what comes of it tells whether that has used the
 * code. The first one does not: no code with a limit for each customer is taken before it.
 */
export function isCodeTried({ discount, options }: CheckoutSession, { email }: PayerDetails): boolean {
  const { email: known } = options.customerDetails
  return discount !== null && known !== undefined && email !== undefined && email !== known
}

/** What the session asks for and does not know yet, as the places of `PayerDetails`. */
export function missingDetails(options: SessionOptions): string[] {
  const { customerDetails, shippingDetails, billingDetails, customFields } = options
  const { name, email, phone } = customerDetails
  const known = { name, email, phone }
  const texts = (['name', 'email', 'phone'] as const).filter(detail => isAsked(detail, options) && !known[detail])
  const addresses = [
    ...(isAsked('shippingDetails', options) ? missingLines('shippingDetails', shippingDetails) : []),
    ...(isAsked('billingDetails', options) ? missingLines('billingDetails', billingDetails) : []),
  ]
  const answers = (customFields?.fields ?? []).filter(field => !field.optional && answerOf(field) === '')
  return [...texts, ...addresses, ...answers.map(({ key }) => `customFields.${key}`)]
}

function missingLines(place: string, given: FullAddress | undefined): string[] {
  const { line1 = '', country = '' } = given?.address ?? {}
  return Object.entries({ line1, country })
    .filter(([, text]) => text.trim() === '')
    .map(([part]) => `${place}.address.${part}`)
}

/**
 * The session's options with what the payer says. Throws with every problem at once: what was not asked for, what is still missing
 * then, and answers that the merchant's rules do not allow.
 */
export function withDetails(options: SessionOptions, given: PayerDetails): SessionOptions {
  const problems = [...unasked(options, given), ...badAnswers(options, given.customFields ?? {})]
  const { name, email, phone, shippingDetails, billingDetails } = given
  const { address = options.customerDetails.address } = billingDetails ?? {}
  const after: SessionOptions = {
    ...options,
    customerDetails: { ...options.customerDetails, ...defined({ name, email, phone }), address },
    ...defined({ shippingDetails, billingDetails }),
    customFields: withAnswers(options.customFields, given.customFields ?? {}),
  }
  const missing = missingDetails(after).filter(place => !problems.some(({ param }) => param === place))
  problems.push(...missing.map(place => problem('parameter_missing', place, 'is asked for: fill it in')))
  const [first] = problems
  if (first === undefined) return after
  throw new AppError(first.code, first.message, { param: first.param, problems })
}

/** Without what is not given. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

function problem(code: ErrorCode, param: string, message: string): Problem {
  return { code, message: `${param} ${message}.`, param }
}

function unasked(options: SessionOptions, given: PayerDetails): Problem[] {
  const details = DETAILS.filter(detail => given[detail] !== undefined && !isAsked(detail, options))
  return details.map(detail => problem('parameter_invalid', detail, 'is not asked for by this session: leave it out'))
}

function badAnswers({ customFields }: SessionOptions, answers: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(answers).flatMap(([key, answer]) => {
    const field = customFields?.fields.find(each => each.key === key)
    const place = `customFields.${key}`
    if (field === undefined) return [problem('parameter_unknown', place, 'is not asked for by this session')]
    const wrong = answer === '' ? null : wrongIn(field, answer)
    return wrong === null ? [] : [problem('parameter_invalid', place, wrong)]
  })
}

/** What is wrong with an answer that is not empty. */
function wrongIn({ type, text, numeric, dropdown }: CustomField, answer: string): string | null {
  if (type === 'dropdown') {
    return dropdown?.options.some(({ value }) => value === answer) ? null : 'must be one of the options'
  }
  if (type === 'numeric' && !/^[0-9]+$/.test(answer)) return 'must be digits only'
  const { minimumLength = 0, maximumLength = 500 } = (type === 'text' ? text : numeric) ?? {}
  if (answer.length >= minimumLength && answer.length <= maximumLength) return null
  return `must have ${minimumLength} to ${maximumLength} characters`
}

function answerOf(field: CustomField): string {
  return field[field.type]?.value ?? ''
}

function withAnswers(
  customFields: SessionOptions['customFields'],
  answers: Readonly<Record<string, string>>,
): SessionOptions['customFields'] {
  if (customFields === null) return null
  const fields = customFields.fields.map((field): CustomField => {
    const value = Object.hasOwn(answers, field.key) ? answers[field.key] : undefined
    if (value === undefined) return field
    switch (field.type) {
      case 'text':
        return { ...field, text: { ...field.text, value } }
      case 'numeric':
        return { ...field, numeric: { ...field.numeric, value } }
      case 'dropdown':
        return { ...field, dropdown: { options: field.dropdown?.options ?? [], value } }
      default:
        return field.type satisfies never
    }
  })
  return { fields }
}
