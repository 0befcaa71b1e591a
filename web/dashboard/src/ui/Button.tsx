import { LoaderCircle } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classes } from './classes.ts'

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:opacity-90',
  plain: 'border border-line bg-surface hover:bg-hover',
  quiet: 'hover:bg-hover',
  danger: 'bg-bad-soft text-bad border border-bad/40 hover:border-bad',
} as const

/** What a control looks like that is not a button itself, such as a link. */
export function buttonClasses(look: keyof typeof LOOKS = 'plain'): string {
  return classes(
    'inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3 py-1.5 font-medium whitespace-nowrap',
    'disabled:cursor-not-allowed disabled:opacity-50 pointer-coarse:min-h-11',
    LOOKS[look],
  )
}

type Props = ComponentProps<'button'> & { look?: keyof typeof LOOKS; isBusy?: boolean }

/** A button; while `isBusy` it says so and does nothing more. */
export function Button({ look = 'plain', isBusy = false, className, children, type = 'button', ...rest }: Props) {
  return (
    <button
      type={type}
      {...rest}
      aria-busy={isBusy}
      disabled={rest.disabled === true || isBusy}
      className={classes(buttonClasses(look), className)}
    >
      {isBusy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {children}
    </button>
  )
}
