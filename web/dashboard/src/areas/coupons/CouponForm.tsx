import type { Coupon } from '@bitstream/sdk'
import { useParams } from '@tanstack/react-router'
import { allOf } from '../../data/allOf.ts'
import { bitstream } from '../../data/bitstream.ts'
import { numberOf, requiredDigits, requiredNumber, requiredText, type Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { useObject } from '../../data/useObject.ts'
import { FormPage } from '../../layout/FormPage.tsx'
import { MetadataFields, metadataOf } from '../../layout/MetadataFields.tsx'
import { AmountField } from '../../ui/AmountField.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { type Currency, CurrencyField } from '../../ui/CurrencyField.tsx'
import { dayOf, endOfDay, keptMoment } from '../../ui/day.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'

const CODE = 'promotionCodeData.data[0]'

/** Creates a coupon with its code, or changes its name and limits. */
export function CouponForm() {
  const { id } = useParams({ strict: false })
  const coupon = useObject('coupon', id, bitstream.coupons.get)
  const send = async (typed: Typed) => {
    const saved =
      coupon === null ? await create(typed) : await bitstream.coupons.update(coupon.id, limitsOf(typed, coupon))
    return `/coupons/${saved.id}`
  }
  return (
    <FormPage
      title={coupon === null ? 'New coupon' : 'Edit coupon'}
      submit={coupon === null ? 'Create coupon' : 'Save'}
      changes={['coupon']}
      back={coupon === null ? '/coupons' : `/coupons/${coupon.id}`}
      send={send}
    >
      {({ typed, bind }) => (
        <>
          <FieldGroup title="The discount" hint="What it takes off, and its code, cannot be changed later.">
            <TextField label="Name" hint="Payers read it, too." autoComplete="off" {...bind('name', coupon?.name)} />
            {coupon === null && <Discount typed={typed} bind={bind} />}
          </FieldGroup>
          <FieldGroup title="Limits">
            <div className="grid items-start gap-3 sm:grid-cols-2">
              <TextField
                label="Times in all (optional)"
                inputMode="numeric"
                {...bind('maxRedemptions', coupon?.maxRedemptions?.toString())}
              />
              <TextField
                label="Times for each customer (optional)"
                inputMode="numeric"
                {...bind('maxRedemptionsPerCustomer', coupon?.maxRedemptionsPerCustomer?.toString())}
              />
            </div>
            <TextField
              label="Last day (optional)"
              type="date"
              className="sm:w-1/2"
              {...bind('redeemBy', dayOf(coupon?.redeemBy))}
            />
            {coupon === null && <CodeLimits bind={bind} />}
            {coupon === null && <CheckField name="isEnable" label="It can be used at once" defaultChecked />}
          </FieldGroup>
          <MetadataFields bind={bind} first={coupon?.metadata} />
        </>
      )}
    </FormPage>
  )
}

function Discount({ typed, bind }: { typed: Typed; bind: Bind }) {
  return (
    <>
      <TextField
        label="Promotion code"
        hint="What payers type: 2 to 20 characters without spaces."
        autoComplete="off"
        placeholder="SPRING10"
        {...bind(`${CODE}.code`)}
      />
      <SelectField
        label="Takes off"
        name="kind"
        defaultValue="percent"
        choices={[
          ['percent', 'A share of the sum'],
          ['amount', 'An amount'],
        ]}
      />
      {typed.kind === 'amount' ? (
        <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-3">
          <AmountField label="Amount" currency={typed.currency ?? 'usdc'} {...bind('amountOff')} />
          <CurrencyField {...bind('currency', 'usdc')} />
        </div>
      ) : (
        <TextField
          label="Percent"
          inputMode="decimal"
          placeholder="10"
          autoComplete="off"
          className="sm:w-1/2"
          {...bind('percentOff')}
        />
      )}
    </>
  )
}

/** What the code alone is limited by, beside the limits of the coupon. */
function CodeLimits({ bind }: { bind: Bind }) {
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2">
      <TextField
        label="Times with this code (optional)"
        inputMode="numeric"
        autoComplete="off"
        {...bind(`${CODE}.maxRedemptions`)}
      />
      <TextField label="Last day of this code (optional)" type="date" {...bind(`${CODE}.expiredAt`)} />
    </div>
  )
}

async function create(typed: Typed): Promise<Coupon> {
  const { limits, discount } = allOf({ limits: () => limitsOf(typed, null), discount: () => discountOf(typed) })
  const { code, expiredAt, maxRedemptions, ...off } = discount
  const promotionCodeData = { data: [{ code, expiredAt, maxRedemptions }] }
  return await bitstream.coupons.create({
    ...limits,
    ...off,
    promotionCodeData,
    isEnable: typed.isEnable !== undefined,
  })
}

function limitsOf(typed: Typed, coupon: Coupon | null) {
  const count = (param: string) => () => numberOf(typed[param], param)
  return {
    ...allOf({
      name: () => requiredText(typed.name, 'name', 'Give it a name.'),
      maxRedemptions: count('maxRedemptions'),
      maxRedemptionsPerCustomer: count('maxRedemptionsPerCustomer'),
    }),
    redeemBy: keptMoment(typed.redeemBy, coupon?.redeemBy),
    metadata: metadataOf(typed),
  }
}

function discountOf(typed: Typed) {
  const isAmount = typed.kind === 'amount'
  return {
    ...allOf({
      code: () => requiredText(typed[`${CODE}.code`], `${CODE}.code`, 'Choose what payers type.'),
      maxRedemptions: () => numberOf(typed[`${CODE}.maxRedemptions`], `${CODE}.maxRedemptions`),
      amountOff: () => (isAmount ? requiredDigits(typed.amountOff, 'amountOff') : undefined),
      percentOff: () => (isAmount ? undefined : requiredNumber(typed.percentOff, 'percentOff')),
    }),
    ...(isAmount && { currency: typed.currency as Currency }),
    expiredAt: endOfDay(typed[`${CODE}.expiredAt`]),
  }
}
