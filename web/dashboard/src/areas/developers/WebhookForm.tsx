import type { WebhookEndpoint } from '@bitstream/sdk'
import { useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import type { Typed } from '../../data/typed.ts'
import { useObject } from '../../data/useObject.ts'
import { FormPage } from '../../layout/FormPage.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { EVENT_GROUPS, EVENT_TYPES } from './eventTypes.ts'
import { keepForNow } from './ShownOnce.tsx'

/** Adds an endpoint, whose page shows its secret once, or changes one. */
export function WebhookForm() {
  const { id } = useParams({ strict: false })
  const endpoint = useObject('webhook_endpoint', id, bitstream.webhookEndpoints.get)
  const send = async (typed: Typed) => {
    const body = {
      url: typed.url?.trim() ?? '',
      description: typed.description?.trim() ?? '',
      enabledEvents: {
        events: typed.which === 'all' ? ['*' as const] : EVENT_TYPES.filter(type => typed[type] !== undefined),
      },
    }
    const answer =
      endpoint === null
        ? await bitstream.webhookEndpoints.create(body)
        : await bitstream.webhookEndpoints.update(endpoint.id, body)
    keepForNow(answer.id, answer.secret)
    return `/developers/webhooks/${answer.id}`
  }
  return (
    <FormPage
      title={endpoint === null ? 'New webhook endpoint' : 'Edit webhook endpoint'}
      submit={endpoint === null ? 'Add endpoint' : 'Save'}
      changes={['webhook_endpoint']}
      back={endpoint === null ? '/developers/webhooks' : `/developers/webhooks/${endpoint.id}`}
      send={send}
    >
      {({ typed, bind }) => (
        <>
          <TextField
            label="Address"
            type="url"
            placeholder="https://shop.example/webhooks"
            hint="Where your server takes POST requests."
            autoComplete="off"
            {...bind('url', endpoint?.url)}
          />
          <TextField
            label="Description"
            hint="For you, such as “Shop”."
            autoComplete="off"
            {...bind('description', endpoint?.description)}
          />
          <Events typed={typed} endpoint={endpoint} />
        </>
      )}
    </FormPage>
  )
}

function Events({ typed, endpoint }: { typed: Typed; endpoint: WebhookEndpoint | null }) {
  const chosen: ReadonlySet<string> = new Set(endpoint?.enabledEvents.events ?? ['*'])
  return (
    <FieldGroup title="Which events">
      <div>
        <CheckField
          type="radio"
          name="which"
          value="all"
          defaultChecked={chosen.has('*')}
          label="All, also those that are added later"
        />
        <CheckField type="radio" name="which" value="some" defaultChecked={!chosen.has('*')} label="Only these" />
      </div>
      {typed.which === 'some' &&
        Object.entries(EVENT_GROUPS).map(([group, types]) => (
          <fieldset key={group}>
            <legend className="font-medium">{group}</legend>
            <div className="grid gap-x-6 sm:grid-cols-2">
              {types.map(type => (
                <CheckField
                  key={type}
                  name={type}
                  defaultChecked={chosen.has(type)}
                  label={<code className="font-mono text-[0.8125rem] wrap-anywhere">{type}</code>}
                />
              ))}
            </div>
          </fieldset>
        ))}
    </FieldGroup>
  )
}
