import { html } from 'hono/html'
import type { PageFrame } from './layout.ts'
import { fieldSigns, formTrouble, pageForm, type RefusedForm } from './pageForm.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { Html } from './words.ts'

/** The id of what stands in the place of the code: the fold, or the button that removes it. The focus stays there. */
const PLACE = 'promotion'

/** The folded form for a promotion code; open where a code was not taken. Null where there is none to give. */
export function promotionForm(frame: PageFrame, view: PaymentPage, form: RefusedForm | null): Html | null {
  if (!view.allowPromotionCodes || !view.isChangeable || view.discounts.length > 0) return null
  const { words } = frame
  const problem = form?.problems.get('code') ?? null
  const signs = fieldSigns(words, { id: 'code', problem, isFirst: true })
  const typed = form?.typed.get('code') ?? ''
  const body = html`${formTrouble(words, form)}<div class="form-field"><label for="code">${words.say('codeLabel')}</label>
<div class="form-inline"><input id="code" class="input" name="code" type="text" maxlength="50" autocomplete="off" autocapitalize="characters" spellcheck="false" required value="${typed}"${signs.attributes}>
<button class="button form-apply" type="submit" data-busy="${words.text('formBusy')}">${words.say('codeApply')}</button></div>
${signs.below}</div>`
  return html`<details class="fold promotion" id="promotion-fold"${form === null ? null : html` open`}><summary id="${PLACE}">${words.say('codeAdd')}</summary>
${pageForm(frame, 'discount', body, { focus: PLACE, done: words.text('codeApplied') })}</details>`
}

/** The button that removes the code, beside it in the sums; null where it stays. */
export function removeCode(frame: PageFrame, view: PaymentPage): Html | null {
  const [discount] = view.discounts
  if (!view.allowPromotionCodes || !view.isChangeable || discount === undefined) return null
  const { words } = frame
  const { code } = discount.coupon
  const button = html`<input type="hidden" name="isRemoved" value="1"><button class="link-button" id="${PLACE}" type="submit" aria-label="${words.text(
    'codeRemoveLabel',
    { code },
  )}" data-busy="${words.text('formBusy')}">${words.say('codeRemove')}</button>`
  return pageForm(frame, 'discount', button, { focus: PLACE, done: words.text('codeRemoved'), className: 'remove' })
}
