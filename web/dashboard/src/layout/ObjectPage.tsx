import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Status, StatusBadge } from '../ui/Badge.tsx'
import { Card, type Fact, Facts } from '../ui/Card.tsx'
import { CopyText } from '../ui/CopyText.tsx'
import { PageHeader } from '../ui/PageHeader.tsx'
import { Time } from '../ui/Time.tsx'

type Props = {
  object: { id: string; createdAt: string; metadata?: Record<string, string> | null }
  /** The list that it is in. */
  list: { path: string; text: string }
  title: string
  status?: Status
  description?: ReactNode
  actions?: ReactNode
  /** Names with their values; false stands for one that this object has not. */
  facts: readonly (Fact | false)[]
  /** What comes before the facts. */
  top?: ReactNode
  children?: ReactNode
}

/** The page of one object: what it is and how it stands, what can be done, its facts with its id, and what belongs to it. */
export function ObjectPage(props: Props) {
  const { object, list, title, status, description, actions, facts, top, children } = props
  const metadata = Object.entries(object.metadata ?? {})
  return (
    <>
      <Link to={list.path as '/'} className="mb-3 inline-flex min-h-6 items-center gap-1.5 text-muted hover:text-ink">
        <ArrowLeft aria-hidden className="size-4" />
        {list.text}
      </Link>
      <PageHeader
        title={title}
        description={
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {status !== undefined && <StatusBadge status={status} />}
            {description != null && <div className="min-w-0 wrap-anywhere">{description}</div>}
          </div>
        }
        actions={actions}
      />
      <div className="flex flex-col gap-5">
        {top}
        <Card>
          <Facts
            rows={[
              ...facts,
              ...metadata,
              ['Created', <Time key="created" at={object.createdAt} />],
              ['Id', <CopyText key="id" text={object.id} label="id" />],
            ]}
          />
        </Card>
        {children}
      </div>
    </>
  )
}
