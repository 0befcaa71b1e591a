import { Link } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../../data/account.ts'
import { mayWrite } from '../../data/may.ts'
import { useList } from '../../data/useList.ts'
import type { Filter } from '../../layout/FilterBar.tsx'
import { FilteredList, useChosen } from '../../layout/FilteredList.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import { Facts } from '../../ui/Card.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
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

const FILTERS: readonly Filter[] = [
  { name: 'text', label: 'Find a route, such as POST /api/v1/refunds' },
  {
    name: 'status',
    label: 'Answer',
    choices: [
      ['succeeded', 'Succeeded'],
      ['failed', 'Failed'],
      ['400', '400 Bad request'],
      ['401', '401 Unauthorized'],
      ['403', '403 Forbidden'],
      ['404', '404 Not found'],
      ['409', '409 Conflict'],
      ['429', '429 Too many requests'],
      ['500', '500 Server error'],
    ],
  },
]

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
    width: 'minmax(3.5rem,2fr)',
    cell: ({ status, code }) => (
      <span className="flex items-center gap-2">
        <Answer status={status} />
        <span className="truncate text-muted max-md:hidden">{code}</span>
      </span>
    ),
  },
  {
    name: 'By',
    width: 'minmax(0,2fr)',
    isMinor: true,
    cell: ({ key, user }) => (key === null ? (user?.email ?? '—') : `${key.name} …${key.lastFour}`),
  },
  {
    name: 'Took',
    width: '5rem',
    isMinor: true,
    align: 'end',
    cell: ({ durationMs }) => `${durationMs.toLocaleString('en')} ms`,
  },
  {
    name: 'Request id',
    width: '8.5rem',
    isMinor: true,
    cell: ({ id }) => <CopyText text={id} shown={`…${id.slice(-8)}`} label="request id" />,
  },
  { name: 'When', width: '8rem', isMinor: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
]

/** What was asked of the API in the last days, as it happens; a row opens all that is known of it. */
export function RequestsPage() {
  const chosen = useChosen(FILTERS)
  const [open, setOpen] = useState<ApiRequest | null>(null)
  const list = useList<ApiRequest>(['api_request', 'list', chosen], async page => {
    const asked = Object.entries({ ...page, ...chosen }).map(([name, value]) => [name, `${value}`])
    return await ask('GET', `/requests?${new URLSearchParams(asked)}`)
  })
  return (
    <>
      <PageHeader
        title="Requests"
        description="What was asked of the API in the last 7 days, and how it went. What was sent is not kept."
      />
      <FilteredList
        {...{ list, chosen, filters: FILTERS, columns: COLUMNS, label: 'Requests', path: '/developers/requests' }}
        onOpen={setOpen}
        Icon={ScrollText}
        empty={<NothingAsked />}
      />
      <Dialog isOpen={open !== null} onClose={() => setOpen(null)} title="Request">
        {open !== null && <Opened request={open} />}
      </Dialog>
    </>
  )
}

function NothingAsked() {
  return (
    <EmptyState
      Icon={ScrollText}
      title="Nothing was asked so far"
      action={
        mayWrite('api_keys') && (
          <Link to="/developers/api-keys/new" className={buttonClasses('primary')}>
            Create API key
          </Link>
        )
      }
    >
      Create an API key and send a first request: it is listed here a second later.
    </EmptyState>
  )
}

function Opened({
  request: { id, createdAt, method, route, status, code, durationMs, key, user },
}: {
  request: ApiRequest
}) {
  return (
    <Facts
      rows={[
        ['Asked', <code key="route" className="font-mono text-[0.8125rem] wrap-anywhere">{`${method} ${route}`}</code>],
        ['Answer', <Answer key="status" status={status} />],
        code !== null && ['Error code', <ErrorCode key="code" code={code} />],
        ['Took', `${durationMs.toLocaleString('en')} ms`],
        ['By', <Asker key="by" of={key} user={user} />],
        ['When', <Time key="when" at={createdAt} />],
        ['Request id', <CopyText key="id" text={id} label="request id" />],
      ]}
    />
  )
}

function Answer({ status }: { status: number }) {
  return <Badge tone={status < 400 ? 'good' : 'bad'}>{status}</Badge>
}

function ErrorCode({ code }: { code: string }) {
  return (
    <a href={`/docs/errors#${code}`} target="_blank" rel="noreferrer" className="text-accent underline wrap-anywhere">
      {code}
      <span className="sr-only">: what it means</span>
    </a>
  )
}

function Asker({ of: key, user }: { of: ApiRequest['key']; user: ApiRequest['user'] }) {
  if (key === null) return user?.email ?? '—'
  return (
    <Link
      to="/developers/api-keys/$id"
      params={{ id: key.id }}
      className="inline-flex min-h-6 items-center text-accent underline"
    >
      {key.name} …{key.lastFour}
    </Link>
  )
}
