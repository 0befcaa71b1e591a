import type { ApiKey } from '@bitstream/sdk'
import { Link, useParams, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { Code } from '../../ui/Code.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { Time } from '../../ui/Time.tsx'
import { curlFor } from './curl.ts'
import { KeyMaker } from './KeyMaker.tsx'
import { keyStatus, TYPES } from './keyStatus.ts'
import { keepForNow, ShownOnce } from './ShownOnce.tsx'
import { RESOURCES } from './scopes.ts'

const HOUR_MS = 3_600_000
const OVERLAPS = [
  ['0', 'At once'],
  [`${HOUR_MS}`, 'After an hour'],
  [`${24 * HOUR_MS}`, 'After a day'],
  [`${7 * 24 * HOUR_MS}`, 'After 7 days'],
] as const

/** A key: what it may do and whether it is used; once, right after its creation, the key itself with a first request. */
export function ApiKeyPage() {
  const { id = '' } = useParams({ strict: false })
  const key = useObject('api_key', id, readKey)
  const status = keyStatus(key)
  const works = key.revokedAt === null && status[1] !== 'Ended'
  return (
    <ObjectPage
      object={key}
      list={{ path: '/developers/api-keys', text: 'API keys' }}
      title={key.name}
      status={status}
      actions={works && mayWrite('api_keys') && <Actions of={key} />}
      top={
        <ShownOnce id={id} what={`${key.type} key`}>
          {token => <FirstRequest of={key} token={token} />}
        </ShownOnce>
      }
      facts={[
        ['Key', <code key="key" className="font-mono">{`${key.prefix}…${key.lastFour}`}</code>],
        ['Type', `${TYPES[key.type][0]}: ${TYPES[key.type][1]}`],
        key.type === 'restricted' && ['May', <Allowed key="may" scopes={key.scopes} />],
        ['Made by', <KeyMaker key="by" of={key} />],
        ['Last used', key.lastUsedAt === null ? 'Never' : <Time key="used" at={key.lastUsedAt} />],
        ['Ends', key.expiresAt === null ? 'Never' : <Time key="ends" at={key.expiresAt} />],
        key.revokedAt !== null && ['Revoked', <Time key="revoked" at={key.revokedAt} />],
      ]}
    />
  )
}

async function readKey(id: string): Promise<ApiKey> {
  const { data } = await bitstream.apiKeys.list({ ids: [id] })
  if (data[0] === undefined) throw new Error('There is no such API key.')
  return data[0]
}

function FirstRequest({ of: key, token }: { of: ApiKey; token: string }) {
  const curl = curlFor(key, token)
  if (curl === null) return null
  const isSession = curl.includes('/checkout/sessions')
  return (
    <>
      <Code label="A first request, for your terminal" text={curl} />
      {isSession && (
        <p>
          It asks for 1.00 USDC: amounts have 8 decimals. Open the <code className="font-mono">url</code> of its answer
          to pay as your payer would, and watch the payment under{' '}
          <Link to="/payments" className="text-accent underline">
            Payments
          </Link>
          .
        </p>
      )}
    </>
  )
}

function Allowed({ scopes }: { scopes: ApiKey['scopes'] }) {
  if (scopes.includes('*')) return 'Everything'
  const verbsOf = (resource: string) =>
    [
      scopes.some(scope => scope === `${resource}:read`) && 'read',
      scopes.some(scope => scope === `${resource}:write`) && 'change',
    ]
      .filter(Boolean)
      .join(' and ')
  return (
    <ul>
      {Object.entries(RESOURCES).map(([resource, [text]]) => {
        const verbs = verbsOf(resource)
        return (
          verbs !== '' && (
            <li key={resource}>
              {text}: {verbs}
            </li>
          )
        )
      })}
    </ul>
  )
}

function Actions({ of: { id, name } }: { of: ApiKey }) {
  const router = useRouter()
  const confirmed = useConfirmed()
  const [overlap, setOverlap] = useState('0')
  const roll = async () => {
    const made = await confirmed(() => bitstream.apiKeys.roll(id, { overlapMs: Number(overlap) }))
    keepForNow(made.id, made.token)
    router.history.push(`/developers/api-keys/${made.id}`)
  }
  return (
    <>
      <ActionButton
        text="Roll the key"
        done="There is a new key"
        changes={['api_key']}
        run={roll}
        confirm={
          <div className="flex flex-col gap-4">
            <p>A new key with the same rights takes the place of “{name}”. Give your server time to change over.</p>
            <SelectField
              label="The old key ends"
              choices={OVERLAPS}
              value={overlap}
              onChange={({ target }) => setOverlap(target.value)}
            />
          </div>
        }
      />
      <ActionButton
        text="Revoke the key"
        done="The key is revoked"
        changes={['api_key']}
        isDangerous
        run={() => confirmed(() => bitstream.apiKeys.delete(id))}
        confirm={`Whatever uses “${name}” is refused within 5 seconds, for ever.`}
      />
    </>
  )
}
