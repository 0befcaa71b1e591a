import type { Event } from '@bitstream/sdk'
import { Activity } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { StatusBadge } from '../../ui/Badge.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { Time } from '../../ui/Time.tsx'
import { deliveryStatus } from './deliveryStatus.ts'
import { EVENT_TYPES } from './eventTypes.ts'

/** Everything that happened in the last 30 days. */
export function EventsPage() {
  return (
    <ListPage<Event>
      title="Events"
      description="Everything that happened in the last 30 days, as your webhook endpoints are told of it."
      path="/developers/events"
      kind="event"
      filters={[
        { name: 'type', label: 'Type', choices: EVENT_TYPES.map(type => [type, type] as const) },
        {
          name: 'deliverySuccess',
          label: 'Deliveries',
          choices: [
            ['true', 'All arrived'],
            ['false', 'Not all arrived'],
          ],
        },
      ]}
      read={(page, { type, deliverySuccess }) =>
        bitstream.events.list({
          ...page,
          ...(type && { type: type as Event['type'] }),
          ...(deliverySuccess && { deliverySuccess: deliverySuccess === 'true' }),
        })
      }
      columns={[
        { name: 'Type', width: 'minmax(0,1fr)', cell: ({ type }) => <span className="font-medium">{type}</span> },
        {
          name: 'Object',
          width: '12rem',
          isMinor: true,
          cell: ({ objectId }) => <CopyText text={objectId} shown={shortened(objectId, 8)} label="id of the object" />,
        },
        {
          name: 'Deliveries',
          width: '8rem',
          isMinor: true,
          cell: event => <StatusBadge status={deliveryStatus(event)} />,
        },
        { name: 'When', width: '7rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
      ]}
      Icon={Activity}
      empty={{ title: 'Nothing happened yet', text: 'As soon as somebody pays you, each step is listed here.' }}
    />
  )
}
