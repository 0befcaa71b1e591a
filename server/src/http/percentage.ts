import { PARAM, refuse, rule } from './rules.ts'

/** A percentage from `min` (0 itself, or what lies above it) to 100 with at most `decimals` decimals, up to 4, in parts per million. */
export function percentage({ decimals, isPositive = false }: { decimals: number; isPositive?: boolean }) {
  const form = new RegExp(`^\\d{1,3}(\\.\\d{1,${decimals}})?$`)
  const range = isPositive ? 'above 0, up to 100,' : 'from 0 to 100'
  return rule(
    value => {
      if (value === undefined) throw refuse('parameter_missing', `${PARAM} is required.`)
      const isGood = typeof value === 'number' && form.test(String(value)) && value <= 100 && (value > 0 || !isPositive)
      if (isGood) return Math.round(value * 10_000)
      throw refuse('parameter_invalid', `${PARAM} must be a number ${range} with at most ${decimals} decimals.`)
    },
    { type: 'number', ...(isPositive ? { exclusiveMinimum: 0 } : { minimum: 0 }), maximum: 100 },
  )
}
