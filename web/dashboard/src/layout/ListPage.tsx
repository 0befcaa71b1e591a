import { Link, useRouter, useSearch } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useList } from '../data/useList.ts'
import { Button, buttonClasses } from '../ui/Button.tsx'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { SelectField, TextField } from '../ui/Field.tsx'
import { PageHeader } from '../ui/PageHeader.tsx'
import { Failure } from './States.tsx'

/** What narrows a list, as the URL says it: one of few values, a day, or a text that is sent with Enter. */
export type Filter = {
  name: string
  label: string
  choices?: readonly (readonly [value: string, text: string])[]
  type?: 'date'
}

type Page = { limit: number; startingAfter?: string }

type Props<T> = {
  title: string
  description: ReactNode
  /** Where the list is; a row opens `<path>/<id>`, and `<path>/new` makes another one. */
  path: string
  kind: string
  filters: readonly Filter[]
  read: (page: Page, filters: Readonly<Record<string, string>>) => PromiseLike<{ data: T[]; hasMore: boolean }>
  columns: readonly Column<T>[]
  Icon: LucideIcon
  /** Why there is nothing yet, and what it would be good for. */
  empty: { title: string; text: string }
  /** The verb of the button that makes one, where that is allowed. */
  create?: string | false
  /** What else can be done with the list. */
  actions?: ReactNode
  /** What stands between the filters and the rows. */
  below?: ReactNode
}

/** A page with a list of the API: filters that the URL holds, rows that open, and what to do where there are none. */
export function ListPage<T extends { id: string }>(props: Props<T>) {
  const { title, description, path, kind, filters, read, columns, Icon, empty, create, actions, below } = props
  const router = useRouter()
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const chosen = Object.fromEntries(
    filters.flatMap(({ name }) => (search[name] ? [[name, String(search[name])] as const] : [])),
  )
  const list = useList<T>([kind, 'list', chosen], async page => await read(page, chosen))
  const isFiltered = Object.keys(chosen).length > 0
  const action = create ? (
    <Link to={`${path}/new` as '/'} className={buttonClasses('primary')}>
      {create}
    </Link>
  ) : null
  const isEmpty = !list.isLoading && list.error === null && list.rows.length === 0
  return (
    <>
      <PageHeader
        title={title}
        description={description}
        actions={
          isEmpty && !isFiltered ? undefined : (
            <>
              {actions}
              {action}
            </>
          )
        }
      />
      {(isFiltered || !isEmpty) && <Filters filters={filters} chosen={chosen} path={path} />}
      {below}
      {list.error !== null && <Failure error={list.error} reset={list.retry} />}
      {isEmpty &&
        (isFiltered ? (
          <EmptyState
            Icon={Icon}
            title="Nothing here matches"
            action={
              <Link to={path as '/'} className={buttonClasses()}>
                Show all
              </Link>
            }
          />
        ) : (
          <EmptyState Icon={Icon} title={empty.title} action={action}>
            {empty.text}
          </EmptyState>
        ))}
      {list.error === null && !isEmpty && (
        <DataTable
          label={title}
          columns={columns}
          rows={list.rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => router.history.push(`${path}/${id}`)}
          isLoading={list.isLoading}
          onEnd={list.onEnd}
        />
      )}
    </>
  )
}

function Filters(props: { filters: readonly Filter[]; chosen: Readonly<Record<string, string>>; path: string }) {
  const { filters, chosen, path } = props
  const router = useRouter()
  if (filters.length === 0) return null
  const choose = (name: string, value: string) => {
    const query = new URLSearchParams(
      Object.entries({ ...chosen, [name]: value.trim() }).filter(([, each]) => each !== ''),
    )
    router.history.push(query.size === 0 ? path : `${path}?${query}`)
  }
  return (
    <div className="mb-4 grid grid-cols-1 items-end gap-3 min-[26rem]:grid-cols-2 sm:flex sm:flex-wrap">
      {filters.map(({ name, label, choices, type }) =>
        type === 'date' ? (
          <TextField
            key={name}
            label={label}
            type="date"
            value={chosen[name] ?? ''}
            onChange={({ target }) => choose(name, target.value)}
            className="sm:w-40"
          />
        ) : choices === undefined ? (
          <TextFilter key={name} label={label} value={chosen[name] ?? ''} onChoose={value => choose(name, value)} />
        ) : (
          <SelectField
            key={name}
            label={label}
            value={chosen[name] ?? ''}
            choices={[['', 'All'], ...choices]}
            onChange={({ target }) => choose(name, target.value)}
            className="sm:w-44"
          />
        ),
      )}
    </div>
  )
}

function TextFilter({ label, value, onChoose }: { label: string; value: string; onChoose: (value: string) => void }) {
  const [typed, setTyped] = useState(value)
  return (
    <form
      aria-label={label}
      className="flex items-end gap-2 sm:w-80"
      onSubmit={event => {
        event.preventDefault()
        onChoose(typed)
      }}
    >
      <TextField
        label={label}
        type="search"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        className="grow"
      />
      <Button type="submit">Find</Button>
    </form>
  )
}
