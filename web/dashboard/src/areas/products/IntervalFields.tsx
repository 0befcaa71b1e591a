import type { CreatePrice } from '@bitstream/sdk'
import { numberOf, type Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'

type Recurrence = Pick<CreatePrice, 'type' | 'interval' | 'intervalCount'>

const INTERVALS = [
  ['day', 'Days'],
  ['week', 'Weeks'],
  ['month', 'Months'],
  ['year', 'Years'],
] as const

/** Whether a price is paid once or at each interval; names of fields begin with `prefix`. */
export function IntervalFields({ bind, typed, prefix = '' }: { bind: Bind; typed: Typed; prefix?: string }) {
  return (
    <>
      <SelectField
        label="How often"
        choices={[
          ['one_time', 'Once'],
          ['recurring', 'At each interval'],
        ]}
        {...bind(`${prefix}type`, 'one_time')}
      />
      {typed[`${prefix}type`] === 'recurring' && (
        <div className="flex flex-col gap-2">
          <div className="grid grid-cols-2 items-start gap-3">
            <TextField label="Every" inputMode="numeric" autoComplete="off" {...bind(`${prefix}intervalCount`, '1')} />
            <SelectField label="Interval" choices={INTERVALS} {...bind(`${prefix}interval`, 'month')} />
          </div>
          <p className="text-muted">Nothing is charged again by itself yet: it is kept for subscriptions.</p>
        </div>
      )}
    </>
  )
}

/** How often the price that was typed is paid. */
export function typedInterval(typed: Typed, prefix = ''): Recurrence {
  if (typed[`${prefix}type`] !== 'recurring') return { type: 'one_time' }
  const param = `${prefix}intervalCount`
  return {
    type: 'recurring',
    interval: typed[`${prefix}interval`] as NonNullable<Recurrence['interval']>,
    intervalCount: numberOf(typed[param], param) ?? 1,
  }
}
