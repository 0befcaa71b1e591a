import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../../data/account.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { addPasskey, whyNoPasskeys } from '../../data/passkey.ts'
import { refresh } from '../../data/queryClient.ts'
import { useForm } from '../../data/useForm.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { FormEnd } from '../../ui/FormEnd.tsx'
import { Time } from '../../ui/Time.tsx'
import { toast } from '../../ui/Toasts.tsx'

type Passkey = { id: string; name: string; createdAt: string; lastUsedAt: string | null }

/** The passkeys of the person, with what each was called. */
export function PasskeysCard() {
  const { data: passkeys } = useSuspenseQuery({
    queryKey: ['passkey', 'list'],
    queryFn: () => ask<Passkey[]>('GET', '/passkeys'),
  })
  const [isAdding, setAdding] = useState(false)
  const confirmed = useConfirmed()
  const why = whyNoPasskeys()
  return (
    <Card
      title="Passkeys"
      actions={
        why === null && (
          <Button onClick={() => setAdding(true)}>
            <Plus aria-hidden className="size-4" />
            Add a passkey
          </Button>
        )
      }
    >
      {passkeys.length === 0 ? (
        <p className="max-w-prose text-muted">
          A passkey lets you in with your finger, face or device code, and works on this site alone: nobody can talk it
          out of you. It stands for both factors: no password is asked for.
        </p>
      ) : (
        <ul className="-my-2 divide-y divide-line">
          {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
            <li key={id} className="flex flex-wrap items-center gap-3 py-2">
              <div className="min-w-0 grow">
                <p className="font-medium break-words">{name}</p>
                <p className="text-muted">
                  Added <Time at={createdAt} />, {lastUsedAt === null ? 'not used yet' : 'used '}
                  {lastUsedAt !== null && <Time at={lastUsedAt} />}
                </p>
              </div>
              <ActionButton
                text="Remove"
                run={async () => {
                  await confirmed(() => ask('DELETE', `/passkeys/${id}`))
                  await refresh('account')
                }}
                done={`${name} lets nobody in any more`}
                changes={['passkey']}
                confirm={`${name} lets you in no more. Remove it on the device, too: it keeps its half.`}
                isDangerous
              />
            </li>
          ))}
        </ul>
      )}
      {why !== null && <p className="mt-3 max-w-prose">{why}</p>}
      {isAdding && <AddPasskey onClose={() => setAdding(false)} />}
    </Card>
  )
}

function AddPasskey({ onClose }: { onClose: () => void }) {
  const confirmed = useConfirmed()
  const { form, isBusy, errorOf, error } = useForm(async ({ name = '' }) => {
    await confirmed(() => addPasskey(name))
    toast('The passkey lets you in from now on')
    await refresh('account', 'passkey')
    onClose()
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Add a passkey"
      description="Your device or your password manager asks you to make it."
    >
      <form {...form} className="flex flex-col gap-4">
        <TextField
          label="Name"
          name="name"
          placeholder="My phone"
          autoComplete="off"
          hint="So that you know later which device it is on."
          error={errorOf('name')}
        />
        <FormEnd
          error={error}
          failed="No passkey was added"
          submit="Make the passkey"
          isBusy={isBusy}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
