import type { ApiKey } from '@bitstream/sdk'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import type { Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { FormPage } from '../../layout/FormPage.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { TYPES } from './keyStatus.ts'
import { keepForNow } from './ShownOnce.tsx'
import { RESOURCES, SCOPES } from './scopes.ts'

const DAY_MS = 86_400_000
const ENDS = [
  ['', 'Never'],
  ['7', 'In 7 days'],
  ['30', 'In 30 days'],
  ['90', 'In 90 days'],
  ['365', 'In a year'],
] as const

/** Creates a key; its page shows it once. */
export function ApiKeyForm() {
  const confirmed = useConfirmed()
  const send = async (typed: Typed) => {
    const type = (typed.type ?? 'secret') as ApiKey['type']
    const scopes = type === 'restricted' ? SCOPES.filter(scope => typed[scope] !== undefined) : []
    const ends = typed.expiresAt ? { expiresAt: new Date(Date.now() + Number(typed.expiresAt) * DAY_MS) } : {}
    const key = await confirmed(() => bitstream.apiKeys.create({ name: typed.name ?? '', type, scopes, ...ends }))
    keepForNow(key.id, key.token)
    return `/developers/api-keys/${key.id}`
  }
  return (
    <FormPage title="New API key" submit="Create API key" changes={['api_key']} back="/developers/api-keys" send={send}>
      {({ typed, bind }) => <Fields typed={typed} bind={bind} />}
    </FormPage>
  )
}

function Fields({ typed, bind }: { typed: Typed; bind: Bind }) {
  return (
    <>
      <TextField label="Name" hint="So that you know later what uses it, such as “Shop”." {...bind('name')} />
      <FieldGroup title="Type">
        <div className="flex flex-col gap-2">
          {Object.entries(TYPES).map(([type, [name, meaning]]) => (
            <CheckField
              key={type}
              type="radio"
              name="type"
              value={type}
              defaultChecked={type === 'secret'}
              label={
                <>
                  {name}
                  <span className="text-muted">: {meaning}</span>
                </>
              }
            />
          ))}
        </div>
      </FieldGroup>
      {typed.type === 'restricted' && (
        <FieldGroup title="What it may do" hint="To change something includes neither to read it nor to list it.">
          <div className="flex flex-col divide-y divide-line">
            {Object.entries(RESOURCES).map(([resource, [text]]) => (
              <div key={resource} className="flex flex-wrap items-center justify-between gap-x-6">
                <span>{text}</span>
                <span className="flex gap-6">
                  <CheckField name={`${resource}:read`} label={<Verb of={text}>Read</Verb>} />
                  <CheckField name={`${resource}:write`} label={<Verb of={text}>Change</Verb>} />
                </span>
              </div>
            ))}
          </div>
        </FieldGroup>
      )}
      <SelectField label="Ends" choices={ENDS} {...bind('expiresAt')} />
    </>
  )
}

function Verb({ of, children }: { of: string; children: string }) {
  return (
    <>
      {children}
      <span className="sr-only">: {of}</span>
    </>
  )
}
