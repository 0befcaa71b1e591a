import type { Event } from '@bitstream/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { Code } from '../../ui/Code.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { deliveryStatus } from './deliveryStatus.ts'

/** Where pages show the objects that events tell of. */
const PATHS: Readonly<Record<string, string>> = {
  checkoutSession: '/payments',
  invoice: '/invoices',
  customer: '/customers',
  product: '/products',
  webhookEndpoint: '/developers/webhooks',
}

/** An event, with the object as it was then. */
export function EventPage() {
  const { id = '' } = useParams({ strict: false })
  const event = useObject('event', id, bitstream.events.get)
  return (
    <ObjectPage
      object={event}
      list={{ path: '/developers/events', text: 'Events' }}
      title={event.type}
      status={deliveryStatus(event)}
      actions={
        mayWrite('events') && (
          <ActionButton
            text="Send again"
            done="It is on its way again"
            changes={['event', 'delivery']}
            run={() => bitstream.events.resend(id)}
            confirm="Each endpoint that asks for such events is told once more, with the same webhook-id."
          />
        )
      }
      facts={[
        ['Object', <EventObject key="object" of={event} />],
        ['Number', `${event.sequence} of this object`],
      ]}
    >
      <Code label={`The ${event.object} as it was then`} text={JSON.stringify(event.data.object, null, 2)} />
    </ObjectPage>
  )
}

function EventObject({ of: { object, objectId } }: { of: Event }) {
  const path = PATHS[object]
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <CopyText text={objectId} label="id of the object" />
      {path !== undefined && (
        <Link to={`${path}/${objectId}` as '/'} className="inline-flex min-h-6 items-center text-accent underline">
          As it is now
        </Link>
      )}
    </span>
  )
}
