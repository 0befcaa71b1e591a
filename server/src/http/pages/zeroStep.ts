import { html } from 'hono/html'
import { givenDetails } from './detailsStep.ts'
import type { PageFrame } from './layout.ts'
import { formTrouble, pageForm, type RefusedForm, submitButton } from './pageForm.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { Html } from './words.ts'

/** A total of zero: nothing is sent, and one button takes it. */
export function zeroStep(frame: PageFrame, view: PaymentPage, form: RefusedForm | null): Html {
  const { words } = frame
  const label = words.say(view.submitType === 'book' ? 'zeroBook' : 'zeroPay')
  return html`${formTrouble(words, form)}
<p class="lead">${words.say('zeroLead')}</p>
${givenDetails(frame, view)}
${pageForm(frame, 'confirm', html`<div class="actions">${submitButton(words, label, html` id="confirm"`)}</div>`)}`
}
