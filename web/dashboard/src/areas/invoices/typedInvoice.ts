import type { CreateInvoice, Invoice } from '@bitstream/sdk'
import { allOf } from '../../data/allOf.ts'
import { requiredText, type Typed, textOf } from '../../data/typed.ts'
import { metadataOf } from '../../layout/MetadataFields.tsx'
import { keptMoment } from '../../ui/day.ts'
import { factsOf } from './InvoiceFacts.tsx'
import { settingChanged } from './PaymentFields.tsx'
import { type Line, linesChanged, wholeLines } from './typedLines.ts'

type Rates = readonly { id: string }[]

/** The body that saves what was typed. Throws a field's problem. */
export function bodyOf(typed: Typed, invoice: Invoice | null, rates: Rates): CreateInvoice {
  const { customerId, lines, setting } = allOf({
    customerId: () => (invoice === null ? requiredText(typed.customerId, 'customerId', 'Choose who pays.') : undefined),
    lines: () => linesChanged(typed, invoice),
    setting: () => settingChanged(typed, invoice),
  })
  return {
    ...shownOf(typed, invoice, rates, lines),
    ...(customerId !== undefined && { customerId }),
    ...(setting !== undefined && { paymentSetting: setting }),
    allowPromotionCodes: typed.allowPromotionCodes !== undefined,
    clientReferenceId: textOf(typed.clientReferenceId),
    metadata: metadataOf(typed),
  }
}

/** What the server shows of what was typed so far: what is not whole yet is left out. */
export function writtenOf(typed: Typed, invoice: Invoice | null, rates: Rates): object {
  const shown = shownOf(typed, invoice, rates, wholeLines(typed, invoice))
  const facts = shown.customFields?.fields.filter(({ name }) => name !== '') ?? []
  return {
    ...shown,
    customFields: facts.length === 0 ? null : { fields: facts },
    ...(invoice === null ? typed.customerId && { customerId: typed.customerId } : { draftId: invoice.id }),
  }
}

/** What payers read. */
function shownOf(typed: Typed, invoice: Invoice | null, rates: Rates, lines: Line[] | null) {
  return {
    dueDate: keptMoment(typed.dueDate, invoice?.dueDate),
    ...(lines !== null && { lineItems: { data: lines } }),
    taxRateIds: rates.flatMap(({ id }) => (typed[`tax.${id}`] === undefined ? [] : [id])),
    customFields: factsOf(typed),
    description: textOf(typed.description),
    footer: textOf(typed.footer),
  } satisfies CreateInvoice
}
