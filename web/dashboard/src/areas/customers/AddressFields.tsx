import type { AddressDetail } from '@bitstream/sdk'
import { type Typed, textOf } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { TextField } from '../../ui/Field.tsx'

const PARTS = [
  ['line1', 'Street and number'],
  ['line2', 'Flat, floor'],
  ['postalCode', 'Postal code'],
  ['city', 'City'],
  ['state', 'State or region'],
  ['country', 'Country'],
] as const
const regions = new Intl.DisplayNames(undefined, { type: 'region' })

type Props = { bind: Bind; name: string; first: AddressDetail | null | undefined }

/** A postal address; the names of its fields begin with `name`. */
export function AddressFields({ bind, name, first }: Props) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      {PARTS.map(([part, label]) => (
        <TextField key={part} label={label} autoComplete="off" {...bind(`${name}.${part}`, first?.[part])} />
      ))}
    </div>
  )
}

/** The address that was typed; null for none. */
export function typedAddress(typed: Typed, name: string): AddressDetail | null {
  const parts = PARTS.flatMap(([part]) => {
    const text = textOf(typed[`${name}.${part}`])
    return text === null ? [] : [[part, text] as const]
  })
  return parts.length === 0 ? null : Object.fromEntries(parts)
}

/** An address in one line; null without one. What payers chose as a code reads as the country's name. */
export function addressText(address: AddressDetail | null | undefined): string | null {
  if (!address) return null
  const { line1, line2, postalCode, city, state, country = '' } = address
  const place = [postalCode, city].filter(Boolean).join(' ')
  const land = /^[A-Z]{2}$/.test(country) ? regions.of(country) : country
  return [line1, line2, place, state, land].filter(Boolean).join(', ') || null
}
