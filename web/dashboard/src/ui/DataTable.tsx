// biome-ignore-all lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: rows that exist only near the window cannot be laid out by a table element.
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { classes } from './classes.ts'
import { countText } from './countText.ts'
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
const LINE = 'grid items-center gap-3 px-3 grid-cols-(--narrow) md:gap-4 md:px-4 md:grid-cols-(--wide)'
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
    virtual.scrollToIndex(index)
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus())
  }
  const table = (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      style={widthsOf(columns)}
      className="rounded-lg border border-line bg-surface"
    >
      <div
        role="rowgroup"
        className="sticky top-(--below-header) z-10 rounded-t-lg border-b border-line bg-surface lg:top-0"
      >
        <div role="row" aria-rowindex={1} className={classes(LINE, 'min-h-10 text-xs font-medium text-muted')}>
          <Cells columns={columns} role="columnheader" content={({ name }) => name} />
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
            <div key={name} role="row" className={classes(LINE, 'h-12')}>
              <Cells columns={columns} content={() => <Skeleton />} />
            </div>
          ))}
        {items.map(({ index, start }) => {
          const row = rows[index]
          if (row === undefined) return null
          const topPx = start - virtual.options.scrollMargin
          return <Row key={keyOf(row)} {...{ columns, row, index, topPx, onOpen, focusRow }} last={rows.length - 1} />
        })}
      </div>
    </div>
  )
  return (
    <>
      {table}
      {hasMore !== undefined && !isLoading && (
        <p role="status" className="mt-3 text-center text-xs text-muted tabular-nums">
          {hasMore ? 'Loading more …' : `${countText(rows.length)} in all`}
        </p>
      )}
    </>
  )
}

type RowProps<T> = Pick<Props<T>, 'columns'> & {
  row: T
  index: number
  last: number
  topPx: number
  onOpen: ((row: T) => void) | undefined
  focusRow: (index: number) => void
}

function Row<T>({ columns, row, index, last, topPx, onOpen, focusRow }: RowProps<T>) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const moves: Record<string, number> = {
      ArrowDown: Math.min(last, index + 1),
      ArrowUp: Math.max(0, index - 1),
      Home: 0,
      End: last,
    }
    const to = moves[event.key]
    if (to !== undefined) {
      event.preventDefault()
      focusRow(to)
    } else if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(row)
  }
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      tabIndex={index === 0 ? 0 : -1}
      onKeyDown={onKeyDown}
      onClick={event => {
        const isControl = (event.target as HTMLElement).closest('a, button, input') !== null
        if (!isControl) onOpen?.(row)
      }}
      style={{ transform: `translateY(${topPx}px)` }}
      className={classes(
        LINE,
        'absolute inset-x-0 top-0 h-12 border-b border-line last:rounded-b-lg last:border-b-0 focus-visible:-outline-offset-2',
        onOpen !== undefined && 'cursor-pointer hover:bg-hover',
      )}
    >
      <Cells columns={columns} content={({ cell }) => cell(row)} />
    </div>
  )
}

type CellsProps<T> = Pick<Props<T>, 'columns'> & {
  role?: 'cell' | 'columnheader'
  content: (column: Column<T>) => ReactNode
}

function Cells<T>({ columns, role = 'cell', content }: CellsProps<T>) {
  return columns.map(column => (
    <div
      key={column.name}
      role={role}
      className={classes('min-w-0 truncate', column.isMinor && 'max-md:hidden', column.align === 'end' && 'text-end')}
    >
      {content(column)}
    </div>
  ))
}

function widthsOf<T>(columns: readonly Column<T>[]) {
  const shown = columns.filter(({ isMinor }) => !isMinor)
  return {
    '--wide': columns.map(({ width }) => width).join(' '),
    '--narrow': shown.map(({ width, narrow }) => narrow ?? width).join(' '),
  } as Record<string, string>
}
