import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useList } from '../data/useList.ts'
import { Card } from '../ui/Card.tsx'
import { type Column, DataTable } from '../ui/DataTable.tsx'

type Props<T> = {
  title: string
  kind: string
  /** What they belong to, as the API filters by it. */
  of: Readonly<Record<string, string>>
  read: (page: { limit: number; startingAfter?: string }) => PromiseLike<{ data: T[]; hasMore: boolean }>
  columns: readonly Column<T>[]
  /** A row opens `<path>/<id>`. */
  path: string
  /** Why there are none. */
  empty: string
  actions?: ReactNode
}

/** What belongs to an object, on its page; each row opens. */
export function RelatedList<T extends { id: string }>(props: Props<T>) {
  const { title, kind, of, read, columns, path, empty, actions } = props
  const router = useRouter()
  const list = useList<T>([kind, 'list', of], async page => await read(page))
  return (
    <section className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">{title}</h2>
        {actions}
      </div>
      {!list.isLoading && list.rows.length === 0 ? (
        <Card>
          <p className="text-muted">{list.error?.message ?? empty}</p>
        </Card>
      ) : (
        <DataTable
          label={title}
          columns={columns}
          rows={list.rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => router.history.push(`${path}/${id}`)}
          isLoading={list.isLoading}
          onEnd={list.onEnd}
          hasMore={list.hasMore}
        />
      )}
    </section>
  )
}
