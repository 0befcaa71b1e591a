import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError } from './errors.ts'
import { missingDetails, type PayerDetails, withDetails } from './payerDetails.ts'
import type { CustomField, SessionOptions } from './session.ts'

const NOTHING: SessionOptions = {
  ...{ submitType: 'pay', customerCreation: 'if_required', customerUpdate: null, customFields: null },
  ...{ nameCollection: false, emailCollection: false, phoneNumberCollection: false },
  ...{ shippingAddressCollection: false, billingAddressCollection: false },
  ...{ afterCompletion: null, afterCompletionConfirmMsg: null, allowPromotionCodes: false, defaultPromotionCode: null },
  customerDetails: { address: {} },
}
const label = { type: 'custom' as const, custom: 'Field' }
const asking = (field: Partial<CustomField>): SessionOptions => {
  return { ...NOTHING, customFields: { fields: [{ key: 'field', type: 'text', label, optional: false, ...field }] } }
}
const answered = (options: SessionOptions, answer: string) => {
  const { customFields } = withDetails(options, { customFields: { field: answer } })
  const [field] = customFields?.fields ?? []
  return field?.[field.type]?.value
}

test('what was once given stays, and is enough', () => {
  const asked = { ...NOTHING, nameCollection: true, emailCollection: true }
  const first = withDetails(asked, { name: 'Ada', email: 'ada@example.com' })
  assert.deepEqual(missingDetails(first), [])
  assert.equal(withDetails(first, { email: 'b@example.com' }).customerDetails.name, 'Ada')
  assert.deepEqual(withDetails(NOTHING, {}), NOTHING)
})

test('an answer is within its lengths, of digits only, or one of the options', () => {
  const text = asking({ text: { minimumLength: 2, maximumLength: 3, value: '' } })
  for (const answer of ['ab', 'abc']) assert.equal(answered(text, answer), answer)
  for (const answer of ['a', 'abcd']) assert.throws(() => answered(text, answer), { param: 'customFields.field' })
  const numeric = asking({ type: 'numeric', numeric: { maximumLength: 3, value: '' } })
  assert.equal(answered(numeric, '007'), '007')
  for (const answer of ['1.5', '-1', '1234', '１'])
    assert.throws(() => answered(numeric, answer), { code: 'parameter_invalid' })
  const dropdown = asking({ type: 'dropdown', dropdown: { options: [{ label: 'Red', value: 'red' }], value: '' } })
  assert.equal(answered(dropdown, 'red'), 'red')
  assert.throws(() => answered(dropdown, 'Red'), { code: 'parameter_invalid' })
})

test('an empty answer takes back an optional one, and is missing where it is not', () => {
  const optional = withDetails(asking({ optional: true }), { customFields: { field: 'yes' } })
  assert.equal(answered(optional, ''), '')
  assert.throws(() => answered(asking({}), ''), { code: 'parameter_missing', param: 'customFields.field' })
})

test('whatever is given, the options then lack nothing, or every problem has its place', () => {
  const flag = fc.boolean()
  const options = fc
    .record({
      nameCollection: flag,
      emailCollection: flag,
      phoneNumberCollection: flag,
      shippingAddressCollection: flag,
      billingAddressCollection: flag,
      customerCreation: fc.constantFrom('if_required' as const, 'always' as const),
    })
    .map((switches): SessionOptions => ({ ...NOTHING, ...switches }))
  const text = fc.option(fc.constantFrom('', 'x'), { nil: undefined })
  const address = fc.option(fc.record({ address: fc.record({ line1: text, country: text }) }), { nil: undefined })
  const details = fc.record({ name: text, email: text, phone: text, shippingDetails: address, billingDetails: address })
  fc.assert(
    fc.property(options, details, (asked, given: PayerDetails) => {
      try {
        assert.deepEqual(missingDetails(withDetails(asked, given)), [])
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        assert.ok(error.problems.length > 0 && error.problems.every(({ param }) => param !== null))
      }
    }),
  )
})
