import { html } from 'hono/html'
import { COUNTRIES, countryList } from './countries.ts'
import {
  canBillToShipping,
  type DetailsField,
  type DetailsGroup,
  detailsGroups,
  isBilledToShipping,
} from './detailsFields.ts'
import { hrefOf, type PageFrame } from './layout.ts'
import { fieldSigns, formTrouble, pageForm, type RefusedForm, submitButton } from './pageForm.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { Html, Words } from './words.ts'

/** The name of the checkbox by which the bill goes to where the parcel goes. */
export const BILLING_SAME = 'billingSame'

type Filling = {
  readonly form: RefusedForm | null
  /** The country that is chosen where none is known. */
  readonly country: string | null
}

/** What the merchant asks the payer for, as one form with what is known filled in. */
export function detailsStep(frame: PageFrame, view: PaymentPage, filling: Filling): Html {
  const { words } = frame
  const isEdit = view.missingDetails.length === 0
  const groups = detailsGroups(view)
  const body = html`${formTrouble(words, filling.form)}
${groups.map(group => groupOf(words, view, group, filling))}
<div class="actions">${submitButton(words, words.say(isEdit ? 'formSave' : 'formContinue'))}${isEdit ? cancelLink(frame) : null}</div>`
  return pageForm(frame, 'details', body)
}

/** The link back to the page as it is without the form. */
export function cancelLink(frame: PageFrame): Html {
  return html`<a class="button" href="${hrefOf(frame)}" data-inline>${frame.words.say('formCancel')}</a>`
}

function groupOf(words: Words, view: PaymentPage, { name, legend, fields }: DetailsGroup, filling: Filling): Html {
  const canBeSame = name === 'billing' && canBillToShipping(view)
  const rows = fields.map(field => fieldOf(words, field, filling, !canBeSame))
  const list = html`<div class="form-rows">${rows}</div>`
  if (legend === null) return list
  return html`<fieldset class="form-group"><legend>${words.say(legend)}</legend>
${canBeSame ? sameBox(words, view, filling.form) : null}${list}</fieldset>`
}

/** While it is ticked the style sheet hides the fields after it, and the server does not read them. */
function sameBox(words: Words, view: PaymentPage, form: RefusedForm | null): Html {
  const isSame = form === null ? isBilledToShipping(view) : form.typed.has(BILLING_SAME)
  return html`<label class="form-check"><input id="billing-same" type="checkbox" name="${BILLING_SAME}" value="1"${isSame ? html` checked` : null}><span>${words.say('billingSame')}</span></label>`
}

function fieldOf(words: Words, field: DetailsField, { form, country }: Filling, canBeRequired: boolean): Html {
  const { id, place, isRequired, autocomplete } = field
  const problem = form?.problems.get(place) ?? null
  const isFirst = form?.problems.keys().next().value === place
  const signs = fieldSigns(words, { id, problem, hint: hintOf(words, field), isFirst })
  // A field that the style sheet hides must not keep a form from being sent.
  const required = isRequired && canBeRequired ? html` required` : null
  const attributes = html`id="${id}" name="${place}" autocomplete="${autocomplete}"${required}${signs.attributes}`
  const value =
    form === null ? field.known || (field.kind === 'country' ? (country ?? '') : '') : (form.typed.get(place) ?? '')
  return html`<div class="form-field${field.place.endsWith('.postalCode') || field.place.endsWith('.city') ? ' form-half' : ''}"><label for="${id}">${labelOf(words, field)}</label>
${controlOf(words, field, attributes, value)}
${signs.below}</div>`
}

function labelOf(words: Words, field: DetailsField): Html {
  const { label, isOptionalTold } = field
  if (!isOptionalTold) return labelText(words, field)
  return words.say('optionalField', { label: 'key' in label ? words.text(label.key) : label.text })
}

/** A street with its number keeps its order in pages from right to left. */
const INPUTS = {
  text: html`type="text" dir="auto"`,
  name: html`type="text" dir="auto"`,
  email: html`type="email" dir="ltr" inputmode="email" autocapitalize="none" spellcheck="false"`,
  tel: html`type="tel" dir="ltr" inputmode="tel"`,
  digits: html`type="text" dir="ltr" inputmode="numeric" pattern="[0-9]*"`,
} as const

function controlOf(words: Words, field: DetailsField, attributes: Html, value: string): Html {
  const { kind, isRequired, options = [] } = field
  if (kind === 'country') {
    const list = countryList(words).map(({ code, name }) => ({ value: code, label: name }))
    return select({ attributes, list, value, none: words.say('chooseCountry') })
  }
  if (kind === 'choice') {
    return select({ attributes, list: options, value, none: isRequired ? words.say('chooseOption') : html`–` })
  }
  return html`<input class="input" ${attributes} ${INPUTS[kind]} maxlength="${field.max}" value="${value}">`
}

function select(of: {
  attributes: Html
  list: readonly { readonly value: string; readonly label: string }[]
  value: string
  none: Html
}): Html {
  return html`<select class="input" ${of.attributes}><option value="">${of.none}</option>${of.list.map(
    option =>
      html`<option value="${option.value}"${option.value === of.value ? html` selected` : null}>${option.label}</option>`,
  )}</select>`
}

function hintOf(words: Words, { kind, length }: DetailsField): Html | null {
  const digits = kind === 'digits' ? words.say('hintDigits') : null
  if (length === undefined) return digits
  const values = { min: `${length.min}`, max: `${length.max}` }
  const bounds = words.say(
    ({ exact: 'hintLengthExact', max: 'hintLengthMax', both: 'hintLength' } as const)[boundsOf(length)],
    values,
  )
  return digits === null ? bounds : html`${digits} ${bounds}`
}

/** How the bounds of a length are told: one number, the upper one, or both. */
export function boundsOf({ min, max }: { min: number; max: number }): 'exact' | 'max' | 'both' {
  return min === max ? 'exact' : min < 2 ? 'max' : 'both'
}

/** What the payer gave, in short, with the way to change it; null where nothing was asked for. */
export function givenDetails(frame: PageFrame, view: PaymentPage): Html | null {
  const { words } = frame
  const lines = detailsGroups(view).flatMap(group => givenLines(words, view, group))
  if (lines.length === 0) return null
  const edit = hrefOf(frame, { edit: 'details' })
  return html`<div class="given"><ul class="given-lines">${lines.map(line => html`<li>${line}</li>`)}</ul>
<a class="given-edit" id="edit-details" href="${edit}" data-inline aria-label="${words.text('editDetails')}">${words.say('edit')}</a></div>`
}

function givenLines(words: Words, view: PaymentPage, { name, legend, fields }: DetailsGroup): Html[] {
  const given = fields.filter(({ known }) => known !== '')
  if (name === 'contact') {
    return given.length === 0
      ? []
      : [html`${given.map(({ known }, index) => html`${index === 0 ? null : ', '}<bdi>${known}</bdi>`)}`]
  }
  if (legend === null) {
    return given.map(
      field => html`<span class="given-label">${labelText(words, field)}</span> <bdi>${answerText(field)}</bdi>`,
    )
  }
  if (given.length === 0 || (name === 'billing' && canBillToShipping(view) && isBilledToShipping(view))) return []
  const country = given.find(({ kind }) => kind === 'country')?.known ?? ''
  const parts = [
    ...given.filter(({ kind }) => kind !== 'country').map(({ known }) => known),
    COUNTRIES.has(country) ? words.country(country) : country,
  ]
  return [html`<span class="given-label">${words.say(legend)}</span> <bdi>${parts.join(', ')}</bdi>`]
}

function labelText(words: Words, { label }: DetailsField): Html {
  return 'key' in label ? words.say(label.key) : html`<bdi>${label.text}</bdi>`
}

function answerText({ options, known }: DetailsField): string {
  return options?.find(({ value }) => value === known)?.label ?? known
}
