import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from './errors.ts'
import {
  canMove,
  formatInvoiceNumber,
  INVOICE_STATUSES,
  type Invoice,
  type InvoiceAct,
  moveInvoice,
} from './invoice.ts'

const ACTS = ['finalize', 'settle', 'revert', 'markAsPaid', 'markUncollectible', 'void'] as const
const NOW = new Date('2026-03-01T12:00:00.000Z')

function invoiceIn(status: Invoice['status'], paidOutOfBand = false): Invoice {
  return { status, paidOutOfBand, paidAt: null } as Invoice
}

/** What becomes of an invoice: its status, or the code of the refusal. */
function outcome(invoice: Invoice, act: InvoiceAct): string {
  try {
    return moveInvoice(invoice, act, NOW).status
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

test('each act on each status is what an accountant expects, or refused', () => {
  const table = INVOICE_STATUSES.map(status => [status, ...ACTS.map(act => outcome(invoiceIn(status), act))])
  const [draft, open] = ['invoice_not_draft', 'invoice_not_open']
  assert.deepEqual(table, [
    // finalize, settle, revert, markAsPaid, markUncollectible, void
    ['draft', 'open', open, open, open, open, open],
    ['open', draft, 'paid', open, 'paid', 'uncollectible', 'void'],
    ['paid', draft, open, 'open', open, open, open],
    ['void', draft, open, open, open, open, open],
    ['uncollectible', draft, 'paid', open, 'paid', open, 'void'],
  ])
  for (const status of INVOICE_STATUSES) {
    for (const act of ACTS) {
      const result = outcome(invoiceIn(status), act)
      assert.equal(canMove(invoiceIn(status), act), !result.startsWith('invoice_not'))
    }
  }
})

test('a reorg cannot take back what was paid out of band', () => {
  assert.equal(outcome(invoiceIn('paid', true), 'revert'), 'invoice_not_open')
  assert.equal(canMove(invoiceIn('paid', true), 'revert'), false)
})

test('a move writes its time', () => {
  assert.deepEqual(moveInvoice(invoiceIn('open'), 'markAsPaid', NOW), {
    ...{ status: 'paid', updatedAt: NOW, paidAt: NOW, paidOutOfBand: true },
  })
  assert.equal(moveInvoice(invoiceIn('open'), 'void', NOW).voidedAt, NOW)
  assert.equal(moveInvoice(invoiceIn('open'), 'markUncollectible', NOW).markedUncollectibleAt, NOW)
  assert.equal(moveInvoice(invoiceIn('draft'), 'finalize', NOW).finalizedAt, NOW)
})

test('numbers have four digits at least', () => {
  assert.deepEqual(
    [1, 42, 12345].map(each => formatInvoiceNumber('INV', each)),
    ['INV-0001', 'INV-0042', 'INV-12345'],
  )
})
