import { Link, useSearch } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { List } from '../data/useList.ts'
import { buttonClasses } from '../ui/Button.tsx'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { type Chosen, type Filter, FilterBar } from './FilterBar.tsx'
import { Failure } from './States.tsx'

type Props<T extends { id: string }> = {
  list: List<T>
  /** What the table lists, for those who do not see it. */
  label: string
  columns: readonly Column<T>[]
  onOpen: (row: T) => void
  filters: readonly Filter[]
  chosen: Chosen
  /** Where the list is with all that is in it. */
  path: string
  Icon: LucideIcon
  /** What is shown while there is nothing at all. */
  empty: ReactNode
  /** What is said where nothing matches the filters. */
  noMatch?: string
  /** What stands beside the filters, such as views that were kept. */
  views?: ReactNode
}

/** A list under its filters: its rows, or why there are none. */
export function FilteredList<T extends { id: string }>(props: Props<T>) {
  const { list, label, columns, onOpen, filters, chosen, path, Icon, empty, views } = props
  const { noMatch = 'Nothing here matches' } = props
  const isFiltered = Object.keys(chosen).length > 0
  const showAll = (
    <Link to={path as '/'} className={buttonClasses()}>
      Show all
    </Link>
  )
  return (
    <>
      {(isFiltered || !list.isEmpty) && (
        <FilterBar filters={filters} chosen={chosen} path={path}>
          {views}
        </FilterBar>
      )}
      {list.error !== null && <Failure error={list.error} reset={list.retry} />}
      {list.isEmpty && (isFiltered ? <EmptyState Icon={Icon} title={noMatch} action={showAll} /> : empty)}
      {list.error === null && !list.isEmpty && (
        <DataTable
          label={label}
          columns={columns}
          rows={list.rows}
          keyOf={({ id }) => id}
          onOpen={onOpen}
          isLoading={list.isLoading}
          onEnd={list.onEnd}
          hasMore={list.hasMore}
        />
      )}
    </>
  )
}

/** The filters that the URL says are in force. */
export function useChosen(filters: readonly Filter[]): Chosen {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  return Object.fromEntries(filters.flatMap(({ name }) => (search[name] ? [[name, String(search[name])]] : [])))
}
