// biome-ignore-all lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: rows that exist only near the window cannot be laid out by a table element.
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { classes } from './classes.ts'
import { Skeleton } from './Skeleton.tsx'

/** A column: `width` is one of CSS grid, such as `8rem` or `minmax(0,1fr)`, `narrow` that on a phone, where `isMinor` ones are left out. */
export type Column<T> = {
  name: string
  width: string
  narrow?: string
  cell: (row: T) => ReactNode
  isMinor?: boolean
  align?: 'end'
}

type Props<T> = {
  /** What the table lists, for those who do not see it. */
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  /** Opens a row, by a click or Enter. */
  onOpen?: (row: T) => void
  isLoading?: boolean
  /** Called as the end comes near, while there is more. */
  onEnd?: (() => void) | undefined
  /** Whether there are more rows than these; where it is told, the end says so. */
  hasMore?: boolean
}

const ROW_PX = 48
const count = new Intl.NumberFormat()
const SKELETONS = ['first', 'second', 'third', 'fourth', 'fifth']

/**
 * Rows of which only those near the window exist, so that 10,000 cost what 30 do. Works by keyboard: arrows, Home and End move,
 * Enter opens.
 */
export function DataTable<T>({ label, columns, rows, keyOf, onOpen, isLoading = false, onEnd, hasMore }: Props<T>) {
  const body = useRef<HTMLDivElement>(null)
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 20) onEnd?.()
  }, [last, rows.length, onEnd])

  const focusRow = (index: number) => {
    const wanted = Math.max(0, Math.min(rows.length - 1, index))
    virtual.scrollToIndex(wanted)
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-index="${wanted}"]`)?.focus())
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>, index: number, row: T) => {
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: rows.length - 1,
    }
    const to = moves[event.key]
    if (to !== undefined) {
      event.preventDefault()
      focusRow(to)
    } else if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(row)
  }
  const wide = columns.map(({ width }) => width).join(' ')
  const narrow = columns
    .filter(({ isMinor }) => !isMinor)
    .map(({ width, narrow }) => narrow ?? width)
    .join(' ')
  const layout = { '--wide': wide, '--narrow': narrow } as Record<string, string>
  const line = 'grid items-center gap-3 px-3 grid-cols-(--narrow) md:gap-4 md:px-4 md:grid-cols-(--wide)'
  const place = ({ isMinor, align }: Column<T>) =>
    classes('min-w-0 truncate', isMinor && 'max-md:hidden', align === 'end' && 'text-end')
  const table = (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      style={layout}
      className="rounded-lg border border-line bg-surface"
    >
      <div
        role="rowgroup"
        className="sticky top-(--below-header) z-10 rounded-t-lg border-b border-line bg-surface lg:top-0"
      >
        <div role="row" aria-rowindex={1} className={classes(line, 'min-h-10 text-xs font-medium text-muted')}>
          {columns.map(column => (
            <div key={column.name} role="columnheader" className={place(column)}>
              {column.name}
            </div>
          ))}
        </div>
      </div>
      <div
        ref={body}
        role="rowgroup"
        className="relative"
        style={{ height: isLoading ? undefined : virtual.getTotalSize() }}
      >
        {isLoading &&
          SKELETONS.map(name => (
            <div key={name} role="row" className={classes(line, 'h-12')}>
              {columns.map(column => (
                <div key={column.name} role="cell" className={place(column)}>
                  <Skeleton />
                </div>
              ))}
            </div>
          ))}
        {items.map(({ index, start }) => {
          const row = rows[index]
          if (row === undefined) return null
          return (
            <div
              key={keyOf(row)}
              role="row"
              aria-rowindex={index + 2}
              data-index={index}
              tabIndex={index === 0 ? 0 : -1}
              onKeyDown={event => onKeyDown(event, index, row)}
              onClick={event => {
                const isControl = (event.target as HTMLElement).closest('a, button, input') !== null
                if (!isControl) onOpen?.(row)
              }}
              style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
              className={classes(
                line,
                'absolute inset-x-0 top-0 h-12 border-b border-line last:rounded-b-lg last:border-b-0 focus-visible:-outline-offset-2',
                onOpen !== undefined && 'cursor-pointer hover:bg-hover',
              )}
            >
              {columns.map(column => (
                <div key={column.name} role="cell" className={place(column)}>
                  {column.cell(row)}
                </div>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
  return (
    <>
      {table}
      {hasMore !== undefined && !isLoading && (
        <p role="status" className="mt-3 text-center text-xs text-muted tabular-nums">
          {hasMore ? 'Loading more …' : `${count.format(rows.length)} in all`}
        </p>
      )}
    </>
  )
}
