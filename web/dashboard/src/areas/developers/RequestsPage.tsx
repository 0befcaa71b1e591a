import { useRouter, useSearch } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import { ask } from '../../data/account.ts'
import { useList } from '../../data/useList.ts'
import { useRefreshed } from '../../data/useRefreshed.ts'
import { Failure } from '../../layout/States.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Time } from '../../ui/Time.tsx'

type ApiRequest = {
  id: string
  createdAt: string
  method: string
  route: string
  status: number
  code: string | null
  durationMs: number
  key: { id: string; name: string; lastFour: string } | null
  user: { id: string; email: string } | null
}

const CHOICES = [
  ['', 'All'],
  ['failed', 'Refused'],
] as const

const COLUMNS: readonly Column<ApiRequest>[] = [
  {
    name: 'Request',
    width: 'minmax(0,3fr)',
    cell: ({ method, route }) => (
      <code className="font-mono text-[0.8125rem]">
        {method} {route.replace('/api/v1', '')}
      </code>
    ),
  },
  {
    name: 'Answer',
    width: 'minmax(3.5rem,1fr)',
    cell: ({ status, code }) => (
      <span className="flex items-center gap-2">
        <Badge tone={status < 400 ? 'good' : 'bad'}>{status}</Badge>
        {code !== null && (
          <a
            href={`/docs/errors#${code}`}
            target="_blank"
            rel="noreferrer"
            className="truncate underline max-md:hidden"
          >
            {code}
          </a>
        )}
      </span>
    ),
  },
  {
    name: 'By',
    width: 'minmax(0,1fr)',
    isMinor: true,
    cell: ({ key, user }) => (key === null ? (user?.email ?? '—') : `${key.name} …${key.lastFour}`),
  },
  { name: 'Took', width: '4.5rem', isMinor: true, align: 'end', cell: ({ durationMs }) => `${durationMs} ms` },
  {
    name: 'Request id',
    width: '8.5rem',
    isMinor: true,
    cell: ({ id }) => <CopyText text={id} shown={`…${id.slice(-8)}`} label="request id" />,
  },
  { name: 'When', width: '8rem', isMinor: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
]

/** What was asked of the API in the last days, as it happens. */
export function RequestsPage() {
  const router = useRouter()
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const outcome = search.outcome === 'failed' ? 'failed' : ''
  useRefreshed('api_request')
  const { rows, isLoading, error, retry, onEnd } = useList<ApiRequest>(['api_request', 'list', outcome], async page => {
    const query = new URLSearchParams(
      Object.entries({ ...page, ...(outcome && { outcome }) }).map(([k, v]) => [k, `${v}`]),
    )
    return await ask('GET', `/requests?${query}`)
  })
  const isEmpty = rows.length === 0 && !isLoading && error === null
  return (
    <>
      <PageHeader
        title="Requests"
        description="What your programs asked of the API in the last 7 days, and how it went. What they said is not kept."
      />
      <div className="mb-4 flex">
        <SelectField
          label="Answer"
          choices={CHOICES}
          value={outcome}
          onChange={({ target: { value } }) =>
            router.history.push(`/developers/requests${value && `?outcome=${value}`}`)
          }
          className="w-40"
        />
      </div>
      {error !== null && <Failure error={error} reset={retry} />}
      {isEmpty && (
        <EmptyState Icon={ScrollText} title={outcome === '' ? 'Nothing was asked so far' : 'Nothing was refused'}>
          {outcome === '' && 'Create an API key and send a first request: it is listed here a second later.'}
        </EmptyState>
      )}
      {error === null && !isEmpty && (
        <DataTable
          label="Requests"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          onEnd={onEnd}
        />
      )}
    </>
  )
}
