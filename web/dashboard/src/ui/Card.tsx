import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** A part of a page with its own heading. */
export function Card(props: { title?: string; actions?: ReactNode; className?: string; children: ReactNode }) {
  const { title, actions, className, children } = props
  return (
    <section className={classes('rounded-lg border border-line bg-surface', className)}>
      {title !== undefined && (
        <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-3">
          <h2 className="font-semibold">{title}</h2>
          {actions}
        </div>
      )}
      <div className="p-4">{children}</div>
    </section>
  )
}

/** A name with its value. */
export type Fact = readonly [name: string, value: ReactNode]

/** Names with their values, as the facts of an object; false stands for one that there is not. */
export function Facts({ rows }: { rows: readonly (Fact | false)[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] items-baseline gap-x-6 gap-y-2">
      {rows
        .filter(row => row !== false)
        .map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may have one name, as tax ids do.
          <div key={`${index} ${name}`} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{value ?? '—'}</dd>
          </div>
        ))}
    </dl>
  )
}
