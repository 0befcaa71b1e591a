import { ask } from '../../data/account.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { useForm } from '../../data/useForm.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'

/** What an authenticator app is given: the secret, the link that holds it, and that link as a QR code in SVG. */
export type TotpSecret = { secret: string; uri: string; qr: string }

/** Shows the secret to an authenticator app, and asks for its first code: only then it counts. */
export function TotpSetup(props: {
  secret: TotpSecret
  onClose: () => void
  onDone: (recoveryCodes: readonly string[]) => Promise<void>
}) {
  const { secret, onClose, onDone } = props
  const confirmed = useConfirmed()
  const { form, isBusy, errorOf, error } = useForm(async ({ code = '' }) => {
    const given = code.replaceAll(/\s/g, '')
    const answer = await confirmed(() => ask<{ recoveryCodes: string[] }>('POST', '/totp/confirm', { code: given }))
    await onDone(answer.recoveryCodes)
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Set up the authenticator app"
      description="Scan this with the app, then type the six digits that it shows."
    >
      <div className="flex flex-col gap-4">
        <img
          src={`data:image/svg+xml;utf8,${encodeURIComponent(secret.qr)}`}
          alt="QR code for the authenticator app"
          width={200}
          height={200}
          className="self-center rounded-md bg-white p-2"
        />
        <details>
          <summary className="cursor-pointer py-1 text-accent">The app cannot scan it</summary>
          <p className="mt-2">
            Type this key into the app:{' '}
            <CopyText text={secret.secret} shown={secret.secret.match(/.{1,4}/g)?.join(' ') ?? ''} label="key" />
          </p>
          <a href={secret.uri} className="mt-2 inline-block py-1 text-accent underline">
            Open the app on this device
          </a>
        </details>
        <form {...form} className="flex flex-col gap-4">
          <TextField
            label="Code of your authenticator app"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            error={errorOf('code') ?? error}
          />
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" isBusy={isBusy}>
              Switch it on
            </Button>
          </div>
        </form>
      </div>
    </Dialog>
  )
}
