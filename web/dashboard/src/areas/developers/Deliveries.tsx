import type { Delivery } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useList } from '../../data/useList.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { FilterBar } from '../../layout/FilterBar.tsx'
import { Failure } from '../../layout/States.tsx'
import { type Status, StatusBadge } from '../../ui/Badge.tsx'
import { Facts } from '../../ui/Card.tsx'
import { Code } from '../../ui/Code.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Time } from '../../ui/Time.tsx'

const STATUSES: Readonly<Record<Delivery['status'], Status>> = {
  succeeded: ['good', 'Delivered'],
  pending: ['warn', 'Under way'],
  failed: ['bad', 'Failed'],
}
const FILTERS = [
  {
    name: 'status',
    label: 'Status',
    choices: Object.entries(STATUSES).map(([each, [, text]]) => [each, text] as const),
  },
]

const COLUMNS: readonly Column<Delivery>[] = [
  { name: 'Event', width: 'minmax(0,1fr)', cell: ({ eventType }) => <span className="font-medium">{eventType}</span> },
  {
    name: 'Answer',
    width: 'minmax(0,1fr)',
    isMinor: true,
    cell: ({ responseStatus, error }) => responseStatus ?? error ?? '—',
  },
  { name: 'Attempts', width: '5rem', isMinor: true, align: 'end', cell: ({ attempt }) => attempt },
  {
    name: 'Status',
    width: '6.5rem',
    cell: ({ status }) => <StatusBadge status={STATUSES[status]} />,
  },
  { name: 'When', width: '8rem', isMinor: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
]

/** What an endpoint was told in the last 30 days, as it happens; a row opens the request with its answer. */
export function Deliveries({ endpointId }: { endpointId: string }) {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const status = `${search.status ?? ''}`
  const [openId, setOpenId] = useState<string | null>(null)
  const { rows, isLoading, error, retry, onEnd, hasMore } = useList<Delivery>(
    ['delivery', 'list', endpointId, status],
    async page =>
      await bitstream.webhookEndpoints.deliveries.list(endpointId, {
        ...page,
        ...(status !== '' && { status: status as Delivery['status'] }),
      }),
  )
  const open = rows.find(({ id }) => id === openId)
  return (
    <section aria-label="Deliveries" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-x-3">
        <div className="mb-2">
          <h2 className="text-base font-semibold">Deliveries</h2>
          <p className="text-muted">{failuresText(rows)}</p>
        </div>
        {(status !== '' || rows.length > 0) && (
          <FilterBar
            filters={FILTERS}
            chosen={status === '' ? {} : { status }}
            path={`/developers/webhooks/${endpointId}`}
          />
        )}
      </div>
      {error !== null ? (
        <Failure error={error} reset={retry} />
      ) : rows.length === 0 && !isLoading ? (
        <p className="rounded-lg border border-dashed border-line p-6 text-center text-muted">
          {status === '' ? 'Nothing was sent so far. Send a test to see what arrives.' : 'Nothing here matches.'}
        </p>
      ) : (
        <DataTable
          label="Deliveries"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => setOpenId(id)}
          isLoading={isLoading}
          onEnd={onEnd}
          hasMore={hasMore}
        />
      )}
      <Dialog isOpen={open !== undefined} onClose={() => setOpenId(null)} title={open?.eventType ?? ''}>
        {open !== undefined && <Opened delivery={open} />}
      </Dialog>
    </section>
  )
}

function failuresText(rows: readonly Delivery[]): string {
  const failed = rows.filter(({ status }) => status === 'failed').length
  if (rows.every(({ status }) => status === 'pending')) return ''
  return failed === 0 ? 'None of the last ones failed.' : `${failed} of the last ${rows.length} failed.`
}

function Opened({ delivery }: { delivery: Delivery }) {
  const { id, eventId, webhookEndpointId, status, attempt, attemptedAt, nextAttemptAt, durationMs } = delivery
  const { data: event } = useQuery({
    queryKey: ['event', 'get', eventId],
    queryFn: () => bitstream.events.get(eventId),
  })
  return (
    <div className="flex flex-col gap-4">
      <Facts
        rows={[
          ['Status', <StatusBadge key="status" status={STATUSES[status]} />],
          ['Attempts', attempt],
          ['Last attempt', attemptedAt === null ? 'None so far' : <Time key="last" at={attemptedAt} />],
          nextAttemptAt !== null && ['Next attempt', <Time key="next" at={nextAttemptAt} />],
          ['Answer', delivery.responseStatus ?? delivery.error ?? 'None so far'],
          durationMs !== null && ['Took', `${durationMs.toLocaleString('en')} ms`],
          ['webhook-id', <CopyText key="id" text={eventId} label="webhook-id" />],
        ]}
      />
      {delivery.responseBody !== null && delivery.responseBody !== '' && (
        <Code label="What your server answered" text={delivery.responseBody} />
      )}
      {event === undefined ? <Skeleton className="h-24" /> : <Code label="What was sent" text={sentText(event)} />}
      {mayWrite('webhook_endpoints') && (
        <div>
          <ActionButton
            text="Send again"
            done="It is on its way again"
            changes={['delivery']}
            run={() => bitstream.webhookEndpoints.deliveries.resend(webhookEndpointId, id)}
          />
        </div>
      )}
    </div>
  )
}

/** The event as messages have it. */
function sentText({
  id,
  apiVersion,
  createdAt,
  sequence,
  object,
  type,
  data,
}: Awaited<ReturnType<typeof bitstream.events.get>>): string {
  return JSON.stringify({ id, apiVersion, created: Date.parse(createdAt), sequence, object, type, data }, null, 2)
}
