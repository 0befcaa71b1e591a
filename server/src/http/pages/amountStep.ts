import { html } from 'hono/html'
import { amountField, amountSuggestions, type OpenPrice } from './amountFields.ts'
import { cancelLink } from './detailsStep.ts'
import type { PageFrame } from './layout.ts'
import { formTrouble, pageForm, type RefusedForm, submitButton } from './pageForm.ts'
import type { PaymentPage, PaymentPageLineItem } from './paymentPageView.ts'
import { isUnchosen } from './paymentState.ts'
import type { Html } from './words.ts'

const BUTTONS = { pay: 'linkPayOpen', book: 'linkBookOpen', donate: 'linkDonateOpen' } as const

/** The choice of an open amount: suggestions, of which one press goes on, and a field for any other. */
export function amountStep(
  frame: PageFrame,
  view: PaymentPage,
  { line, form }: { line: PaymentPageLineItem; form: RefusedForm | null },
): Html {
  const { words } = frame
  const isEdit = !isUnchosen(view)
  const price = openPrice(line)
  const suggestions = amountSuggestions(words, price, true)
  const amount = isEdit ? BigInt(line.amountSubtotal) / BigInt(line.quantity) : (price.open?.preset ?? null)
  const typed = form?.typed.get('amount') ?? null
  const field = amountField(words, price, { typed, amount, problem: form?.problems.get('amount') ?? null })
  const times = words.say('amountTimes', { quantity: `${line.quantity}` })
  const submit = submitButton(words, words.say(isEdit ? 'formSave' : BUTTONS[view.submitType]))
  return html`${formTrouble(words, form)}
${line.quantity > 1 ? html`<p class="form-hint">${times}</p>` : null}
${suggestions === null ? null : pageForm(frame, 'amount', suggestions)}
${pageForm(frame, 'amount', html`${field}<div class="actions">${submit}${isEdit ? cancelLink(frame) : null}</div>`)}`
}

/** The price of a line whose amount the payer chooses. */
export function openPrice({ currency, price }: PaymentPageLineItem): OpenPrice {
  const amount = (text: string | null) => (text === null ? null : BigInt(text))
  const { customUnitMin, customUnitMax, customPreset, customUnitAmountSuggestions } = price
  const bounds = { min: amount(customUnitMin), max: amount(customUnitMax), preset: amount(customPreset) }
  return { currency, open: { ...bounds, suggestions: (customUnitAmountSuggestions ?? []).map(BigInt) } }
}
