import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const TONES = {
  info: { look: 'border-line bg-surface', mark: 'text-accent', Icon: Info },
  good: { look: 'border-good/30 bg-good-soft', mark: 'text-good', Icon: CircleCheck },
  warn: { look: 'border-warn/30 bg-warn-soft', mark: 'text-warn', Icon: TriangleAlert },
  bad: { look: 'border-bad/30 bg-bad-soft', mark: 'text-bad', Icon: CircleAlert },
} as const

/** Something that must be known, with what to do about it; `bad` is read out at once. */
export function Notice(props: { tone: keyof typeof TONES; title: string; children?: ReactNode; className?: string }) {
  const { tone, title, children, className } = props
  const { look, mark, Icon } = TONES[tone]
  return (
    <div
      role={tone === 'bad' ? 'alert' : undefined}
      className={classes('flex gap-3 rounded-lg border p-4', look, className)}
    >
      <Icon aria-hidden className={classes('mt-0.5 size-5 shrink-0', mark)} />
      <div className="min-w-0">
        <p className="font-semibold">{title}</p>
        {children !== undefined && <div className="mt-1 break-words">{children}</div>}
      </div>
    </div>
  )
}
