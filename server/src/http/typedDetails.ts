import { AppError, type Problem } from '../domain/errors.ts'
import { type PayerDetails, withDetails } from '../domain/payerDetails.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { detailsBody } from './detailsBody.ts'
import { checkTexts } from './json.ts'
import { COUNTRIES } from './pages/countries.ts'
import { canBillToShipping, type DetailsField, detailsGroups } from './pages/detailsFields.ts'
import { BILLING_SAME, boundsOf } from './pages/detailsStep.ts'
import type { FieldProblem } from './pages/pageForm.ts'
import type { PaymentPage } from './pages/paymentPageView.ts'
import { toAppError } from './problems.ts'

/** What a payer typed of himself, as the session takes it, and everything that is wrong with it, by field. */
export type TypedDetails = { given: PayerDetails; problems: Map<string, FieldProblem> }

/** Reads the form of a session's details: what it asks for and nothing else. A blank field that may be blank is nothing. */
export function readDetails(session: CheckoutSession, view: PaymentPage, form: URLSearchParams): TypedDetails {
  const isBilledToShipping = canBillToShipping(view) && form.has(BILLING_SAME)
  const fields = detailsGroups(view)
    .filter(({ name }) => !(name === 'billing' && isBilledToShipping))
    .flatMap(group => group.fields)
  const texts = new Map(fields.map(field => [field, (form.get(field.place) ?? '').trim()]))
  const given = detailsOf(texts)
  if (isBilledToShipping) given.billingDetails = given.shippingDetails
  const problems = new Map<string, FieldProblem>()
  const found = [...missingIn(texts), ...problemsOf(session, given)]
  for (const field of fields) {
    const problem = found.find(({ param }) => param === field.place)
    if (problem !== undefined) problems.set(field.place, sentenceOf(field, problem, texts.get(field) ?? ''))
  }
  return { given, problems }
}

/** What is wrong with one field of the details that `error` names, or null where it is about something else. */
export function detailsProblems(view: PaymentPage, error: AppError): Map<string, FieldProblem> | null {
  const fields = detailsGroups(view).flatMap(group => group.fields)
  const field = fields.find(({ place }) => place === error.param)
  return field === undefined ? null : new Map([[field.place, sentenceOf(field, error, '')]])
}

function detailsOf(texts: ReadonlyMap<DetailsField, string>): PayerDetails {
  const details: Record<string, unknown> = {}
  const answers: [string, string][] = []
  for (const [{ place }, text] of texts) {
    const question = QUESTION.exec(place)?.[1]
    if (question !== undefined) answers.push([question, text])
    else if (text !== '') put(details, place.split('.'), text)
  }
  return { ...details, ...(answers.length > 0 && { customFields: Object.fromEntries(answers) }) }
}

const QUESTION = /^customFields\.(.*)$/s

function put(into: Record<string, unknown>, [part = '', ...rest]: string[], text: string): void {
  if (rest.length === 0) {
    into[part] = text
    return
  }
  const inner = (into[part] ?? {}) as Record<string, unknown>
  into[part] = inner
  put(inner, rest, text)
}

function missingIn(texts: ReadonlyMap<DetailsField, string>): Pick<Problem, 'code' | 'param'>[] {
  const fields = [...texts]
  const missing = fields.filter(([{ isRequired }, text]) => isRequired && text === '')
  const unknown = fields.filter(([{ kind }, text]) => kind === 'country' && text !== '' && !COUNTRIES.has(text))
  return [
    ...missing.map(([{ place }]) => ({ code: 'parameter_missing' as const, param: place })),
    ...unknown.map(([{ place }]) => ({ code: 'parameter_invalid' as const, param: place })),
  ]
}

/** What the API would say of it, all at once. */
function problemsOf({ options }: CheckoutSession, given: PayerDetails): readonly Problem[] {
  const parsed = detailsBody.safeParse(given)
  return [
    ...(parsed.success ? [] : toAppError(parsed.error, detailsBody).problems),
    ...problemsIn(() => checkTexts(given)),
    ...problemsIn(() => withDetails(options, given)),
  ]
}

function problemsIn(check: () => void): readonly Problem[] {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof AppError) return error.problems
    throw error
  }
}

function sentenceOf(field: DetailsField, { code }: Pick<Problem, 'code'>, text: string): FieldProblem {
  switch (code) {
    case 'parameter_missing':
      return { key: field.kind === 'country' || field.kind === 'choice' ? 'fieldUnchosen' : 'fieldEmpty' }
    case 'email_invalid':
      return { key: 'fieldEmail' }
    case 'name_invalid':
      return { key: 'fieldName' }
    case 'too_long':
      return { key: 'fieldLengthMax', values: { max: `${field.max}` } }
    case 'promotion_code_invalid':
      return { key: 'fieldEmailUsed' }
    case 'parameter_invalid':
      return answerSentence(field, text)
    default:
      return { key: 'fieldCharacter' }
  }
}

function answerSentence({ kind, length }: DetailsField, text: string): FieldProblem {
  if (kind === 'choice' || kind === 'country') return { key: 'fieldOption' }
  if (kind === 'digits' && !/^[0-9]*$/.test(text)) return { key: 'fieldDigits' }
  if (length === undefined) return { key: 'fieldCharacter' }
  const key = ({ exact: 'fieldLengthExact', max: 'fieldLengthMax', both: 'fieldLength' } as const)[boundsOf(length)]
  return { key, values: { min: `${length.min}`, max: `${length.max}` } }
}
