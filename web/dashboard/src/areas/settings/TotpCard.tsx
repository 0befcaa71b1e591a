import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { accountQuery, ask } from '../../data/account.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { refresh } from '../../data/queryClient.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { messageOf } from '../../ui/messageOf.ts'
import { toast } from '../../ui/Toasts.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import { type TotpSecret, TotpSetup } from './TotpSetup.tsx'

/** The authenticator app and the recovery codes of the person. */
export function TotpCard() {
  const { data: account } = useQuery(accountQuery)
  const [secret, setSecret] = useState<TotpSecret | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const confirmed = useConfirmed()
  const isOn = account?.signIn?.factors.totp === true
  const begin = async () => {
    try {
      setSecret(await confirmed(() => ask<TotpSecret>('POST', '/totp')))
    } catch (error) {
      toast('The authenticator app was not set up', messageOf(error))
    }
  }
  const readAccount = () => refresh('account')
  return (
    <Card title="Authenticator app" actions={isOn ? <Badge tone="good">On</Badge> : <Badge>Off</Badge>}>
      <p className="max-w-prose text-muted">
        {isOn
          ? 'After the password you are asked for a code of the app, or for one of your recovery codes.'
          : 'An app on your phone shows a code that changes every 30 seconds; signing in then takes the password and a code.'}
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        {!isOn && (
          <Button look="primary" onClick={begin}>
            Set it up
          </Button>
        )}
        {isOn && (
          <>
            <ActionButton
              text="Make new recovery codes"
              run={async () => {
                const answer = await confirmed(() => ask<{ recoveryCodes: string[] }>('POST', '/recovery-codes'))
                setCodes(answer.recoveryCodes)
              }}
              done="New recovery codes"
              changes={['recovery_code']}
              confirm="You see ten new codes, once. The ones that you have work no more."
            />
            <ActionButton
              text="Switch it off"
              run={async () => {
                await confirmed(() => ask('DELETE', '/totp'))
                await readAccount()
              }}
              done="No code is asked for any more"
              changes={['recovery_code']}
              confirm="Your password alone lets you in, and whoever knows it. Your recovery codes end with it."
              isDangerous
            />
          </>
        )}
      </div>
      {secret !== null && (
        <TotpSetup
          secret={secret}
          onClose={() => setSecret(null)}
          onDone={async recoveryCodes => {
            setSecret(null)
            setCodes(recoveryCodes)
            await readAccount()
          }}
        />
      )}
      {codes !== null && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
    </Card>
  )
}
