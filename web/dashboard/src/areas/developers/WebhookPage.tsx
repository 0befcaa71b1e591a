import type { WebhookEndpoint } from '@bitstream/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import { Code } from '../../ui/Code.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Deliveries } from './Deliveries.tsx'
import { endpointStatus } from './endpointStatus.ts'
import { keepForNow, ShownOnce } from './ShownOnce.tsx'

const VERIFY = `import { verifyWebhook } from '@bitstream/sdk'

const event = await verifyWebhook(body, headers, process.env.BITSTREAM_WEBHOOK_SECRET)`

const CHANGES = ['webhook_endpoint', 'delivery']

/** An endpoint: how it stands and what it was told; once, right after it was made, the secret of its signatures. */
export function WebhookPage() {
  const { id = '' } = useParams({ strict: false })
  const endpoint = useObject('webhook_endpoint', id, bitstream.webhookEndpoints.get)
  const { url, description, enabledEvents } = endpoint
  return (
    <ObjectPage
      object={endpoint}
      list={{ path: '/developers/webhooks', text: 'Webhook endpoints' }}
      title={description}
      status={endpointStatus(endpoint)}
      actions={mayWrite('webhook_endpoints') && <Actions of={endpoint} />}
      top={
        <ShownOnce id={id} what="signing secret">
          {() => (
            <>
              <p>
                Your server knows by the signature of each message that it is from here. It follows Standard Webhooks,
                for which most languages have a library; in JavaScript:
              </p>
              <Code label="On your server" text={VERIFY} />
            </>
          )}
        </ShownOnce>
      }
      facts={[
        ['Address', <CopyText key="url" text={url} label="address" />],
        ['Events', enabledEvents.events.includes('*') ? 'All' : enabledEvents.events.join(', ')],
      ]}
    >
      <Deliveries endpointId={id} />
    </ObjectPage>
  )
}

function Actions({ of: { id, url, isDisabled } }: { of: WebhookEndpoint }) {
  const { update, regenerate, test } = bitstream.webhookEndpoints
  return (
    <>
      <ActionButton
        text="Send a test"
        look="primary"
        done="A test is on its way"
        changes={CHANGES}
        run={() => test(id)}
      />
      <Link to="/developers/webhooks/$id/edit" params={{ id }} className={buttonClasses()}>
        Edit
      </Link>
      {isDisabled ? (
        <ActionButton text="Turn on" done="It is on" changes={CHANGES} run={() => update(id, { isDisabled: false })} />
      ) : (
        <ActionButton
          text="Turn off"
          done="It is off"
          changes={CHANGES}
          run={() => update(id, { isDisabled: true })}
          confirm={`${url} is told nothing more until you turn it on again. What happens meanwhile can be sent again for 30 days.`}
        />
      )}
      <ActionButton
        text="New secret"
        done="There is a new secret"
        changes={CHANGES}
        run={async () => keepForNow(id, (await regenerate(id)).secret)}
        confirm="Messages are signed with both the old secret and the new one for 24 hours, then with the new one alone."
      />
      <ActionButton
        text="Delete"
        done="The endpoint is deleted"
        changes={[]}
        isDangerous
        run={() => bitstream.webhookEndpoints.delete(id)}
        goTo="/developers/webhooks"
        confirm={`${url} is told nothing more, and what it was told can no longer be seen here.`}
      />
    </>
  )
}
