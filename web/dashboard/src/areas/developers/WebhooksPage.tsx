import { Webhook } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { StatusBadge } from '../../ui/Badge.tsx'
import { Time } from '../../ui/Time.tsx'
import { endpointStatus } from './endpointStatus.ts'

/** The addresses of the merchant that are told what happens. */
export function WebhooksPage() {
  return (
    <ListPage
      title="Webhook endpoints"
      description="Addresses of your server that are told what happens, each message signed, until your server says that it got it."
      path="/developers/webhooks"
      kind="webhook_endpoint"
      filters={[
        {
          name: 'isDisabled',
          label: 'Status',
          choices: [
            ['false', 'On'],
            ['true', 'Off'],
          ],
        },
      ]}
      read={(page, { isDisabled }) =>
        bitstream.webhookEndpoints.list({ ...page, ...(isDisabled && { isDisabled: isDisabled === 'true' }) })
      }
      columns={[
        { name: 'Address', width: 'minmax(0,1fr)', cell: ({ url }) => <span className="font-medium">{url}</span> },
        { name: 'Description', width: 'minmax(0,0.5fr)', isMinor: true, cell: ({ description }) => description },
        {
          name: 'Events',
          width: '7rem',
          isMinor: true,
          cell: ({ enabledEvents: { events } }) => (events.includes('*') ? 'All' : `${events.length} types`),
        },
        { name: 'Created', width: '8rem', isMinor: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
        {
          name: 'Status',
          width: '4rem',
          cell: endpoint => <StatusBadge status={endpointStatus(endpoint)} />,
        },
      ]}
      Icon={Webhook}
      empty={{
        title: 'No webhook endpoints yet',
        text: 'Name an address of your server, and it hears of each payment the moment it is seen and when it is final.',
      }}
      create={mayWrite('webhook_endpoints') && 'Add endpoint'}
    />
  )
}
