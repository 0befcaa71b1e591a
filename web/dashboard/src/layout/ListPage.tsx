import { Link, useRouter } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useList } from '../data/useList.ts'
import { buttonClasses } from '../ui/Button.tsx'
import type { Column } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { PageHeader } from '../ui/PageHeader.tsx'
import type { Chosen, Filter } from './FilterBar.tsx'
import { FilteredList, useChosen } from './FilteredList.tsx'

type Page = { limit: number; startingAfter?: string }

type Props<T> = {
  title: string
  description: ReactNode
  /** Where the list is; a row opens `<path>/<id>`, and `<path>/new` makes another one. */
  path: string
  kind: string
  filters: readonly Filter[]
  read: (page: Page, filters: Chosen) => PromiseLike<{ data: T[]; hasMore: boolean }>
  columns: readonly Column<T>[]
  Icon: LucideIcon
  /** Why there is nothing yet, and what it would be good for. */
  empty: { title: string; text: string }
  /** The verb of the button that makes one, where that is allowed. */
  create?: string | false
  /** What else can be done with the list. */
  actions?: ReactNode
  /** What stands beside the filters, such as views that were kept. */
  views?: ReactNode
}

/** A page with a list of the API: filters that the URL holds, rows that open, and what to do where there are none. */
export function ListPage<T extends { id: string }>(props: Props<T>) {
  const { title, description, path, kind, filters, read, columns, Icon, empty, create, actions, views } = props
  const router = useRouter()
  const chosen = useChosen(filters)
  const list = useList<T>([kind, 'list', chosen], async page => await read(page, chosen))
  const isFiltered = Object.keys(chosen).length > 0
  const action = create ? (
    <Link to={`${path}/new` as '/'} className={buttonClasses('primary')}>
      {create}
    </Link>
  ) : null
  return (
    <>
      <PageHeader
        title={title}
        description={description}
        actions={
          list.isEmpty && !isFiltered ? undefined : (
            <>
              {actions}
              {action}
            </>
          )
        }
      />
      <FilteredList
        {...{ list, label: title, columns, filters, chosen, path, Icon, views }}
        onOpen={({ id }) => router.history.push(`${path}/${id}`)}
        empty={
          <EmptyState Icon={Icon} title={empty.title} action={action}>
            {empty.text}
          </EmptyState>
        }
      />
    </>
  )
}
