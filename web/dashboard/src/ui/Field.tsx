import { type ComponentProps, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

/** What the inputs of a form look like. */
export const INPUT =
  'w-full min-h-9 rounded-md border border-control bg-surface px-3 py-1.5 pointer-coarse:min-h-11 aria-invalid:border-bad disabled:opacity-60'

type Around = { label: string; hint?: ReactNode; error?: string | null | undefined; className?: string }

/** A labelled control with its hint and its error, which are read out with it; `render` gets the attributes that tie them. */
export function Field(
  props: Around & { render: (tied: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode },
) {
  const { label, hint, error, className, render } = props
  const id = useId()
  const describedBy = [hint !== undefined && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={classes('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {render({
        id,
        ...(describedBy !== '' && { 'aria-describedby': describedBy }),
        ...(error && { 'aria-invalid': true }),
      })}
      {hint !== undefined && (
        <div id={`${id}-hint`} className="text-muted">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-bad">
          {error}
        </p>
      )}
    </div>
  )
}

/** A line of text that is typed. */
export function TextField({
  label,
  hint,
  error,
  className,
  ...input
}: Around & Omit<ComponentProps<'input'>, 'className'>) {
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      {...(className !== undefined && { className })}
      render={tied => <input {...tied} {...input} className={INPUT} />}
    />
  )
}

/** One of a few choices. */
export function SelectField(
  props: Around &
    Omit<ComponentProps<'select'>, 'className' | 'children'> & {
      choices: readonly (readonly [value: string, text: string])[]
    },
) {
  const { label, hint, error, className, choices, ...select } = props
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      {...(className !== undefined && { className })}
      render={tied => (
        <select {...tied} {...select} className={INPUT}>
          {choices.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    />
  )
}
