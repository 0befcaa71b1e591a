import { useQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../../data/account.ts'
import { useList } from '../../data/useList.ts'
import { Failure } from '../../layout/States.tsx'
import { Button } from '../../ui/Button.tsx'
import { Facts } from '../../ui/Card.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { countText } from '../../ui/countText.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Time } from '../../ui/Time.tsx'
import { auditSubject, auditText } from './auditTexts.ts'

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })

type Entry = {
  id: string
  nth: number
  createdAt: string
  user: { email: string } | null
  key: { name: string } | null
  address: string | null
  action: string
  objectId: string | null
  detail: Record<string, unknown>
}

const COLUMNS: readonly Column<Entry>[] = [
  { name: 'When', width: '6.5rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { name: 'What', width: 'minmax(0,1.6fr)', cell: entry => <What entry={entry} /> },
  { name: 'Who', width: 'minmax(0,1fr)', cell: entry => whoOf(entry), isMinor: true },
  { name: 'From', width: '9rem', cell: ({ address }) => address ?? '—', isMinor: true },
]

/** What was done that decides who may do what, or where money goes, newest first. */
export function AuditPage() {
  const { rows, onEnd, hasMore, isLoading, isEmpty, error, retry } = useList<Entry>(['audit', 'list'], page =>
    ask('GET', `/audit?${new URLSearchParams(Object.entries(page).map(([name, value]) => [name, String(value)]))}`),
  )
  const [open, setOpen] = useState<Entry | null>(null)
  if (error !== null) return <Failure error={error} reset={retry} />
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Who did what that decides about rights or money. Entries are never changed or deleted, and each holds the hash of the one before it."
      />
      <Check />
      {isEmpty ? (
        <EmptyState Icon={ScrollText} title="Nothing was done yet">
          Signing in, keys, roles, addresses and settings leave their entries here.
        </EmptyState>
      ) : (
        <DataTable
          label="Audit log"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ id }) => id}
          onOpen={setOpen}
          isLoading={isLoading}
          onEnd={onEnd}
          hasMore={hasMore}
        />
      )}
      {open !== null && <EntryDialog entry={open} onClose={() => setOpen(null)} />}
    </>
  )
}

function Check() {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['audit', 'check'],
    queryFn: () => ask<{ isIntact: boolean; entries: number; brokenAt: number | null }>('GET', '/audit/check'),
    enabled: false,
  })
  return (
    <div className="mb-5 flex flex-col items-start gap-3">
      <Button isBusy={isFetching} onClick={() => void refetch()}>
        Check that nothing is missing or changed
      </Button>
      {error !== null && (
        <Notice tone="bad" title="The log could not be checked">
          {error.message}
        </Notice>
      )}
      {data !== undefined && !isFetching && (
        <div role="status">
          {data.isIntact ? (
            <Notice tone="good" title={`${countOf(data.entries)} there, as written`} />
          ) : (
            <Notice
              tone="bad"
              title={`Entry ${data.brokenAt === null ? '?' : countText(data.brokenAt)} was changed, or is missing`}
            >
              Only somebody who can write to the database could do that. Keep what the log shows now, and compare it
              with a backup from this entry on.
            </Notice>
          )}
        </div>
      )}
    </div>
  )
}

function countOf(entries: number): string {
  return entries === 1 ? 'The one entry is' : `All ${countText(entries)} entries are`
}

function EntryDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const { nth, createdAt, address, action, objectId, detail } = entry
  const subject = auditSubject(detail)
  return (
    <Dialog isOpen onClose={onClose} title={auditText(action)} description={`Entry ${countText(nth)}`}>
      <Facts
        rows={[
          ['When', exact.format(new Date(createdAt))],
          ['Who', whoOf(entry)],
          ['From', address],
          ['About', subject],
          ['Its id', objectId && <CopyText text={objectId} shown={shortened(objectId, 8)} label="id" />],
        ]}
      />
      {Object.keys(detail).length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <pre tabIndex={0} className="mt-4 max-h-80 overflow-auto rounded-md bg-hover p-3 text-xs">
          {JSON.stringify(detail, null, 2)}
        </pre>
      )}
    </Dialog>
  )
}

function What({ entry: { action, detail } }: { entry: Entry }) {
  const subject = auditSubject(detail)
  return (
    <>
      {auditText(action)}
      {subject !== null && <span className="text-muted"> · {subject}</span>}
    </>
  )
}

function whoOf({ user, key }: Entry): string {
  return user?.email ?? (key === null ? 'The server' : `API key ${key.name}`)
}
