import type { ComponentProps, ReactNode } from 'react'
import { Field, INPUT } from './Field.tsx'

type Props = Omit<ComponentProps<'textarea'>, 'className'> & { label: string; hint?: ReactNode; error?: string | null }

/** Text of a few lines that is typed. */
export function TextAreaField({ label, hint, error, ...area }: Props) {
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      render={tied => <textarea rows={3} {...tied} {...area} className={INPUT} />}
    />
  )
}
