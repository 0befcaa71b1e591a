import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const TONES = {
  plain: 'bg-hover text-ink',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
} as const

/** What a status means for the reader. */
type Tone = keyof typeof TONES

/** How something stands, in a word or two, and what that means. */
export type Status = readonly [tone: Tone, text: string]

/** A status as pages show it. */
export function StatusBadge({ status: [tone, text] }: { status: Status }) {
  return <Badge tone={tone}>{text}</Badge>
}

/** A word or two that stand out. */
export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classes(
        'inline-flex items-center rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  )
}
