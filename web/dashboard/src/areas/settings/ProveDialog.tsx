import type { WithdrawalAddress } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../data/account.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { refresh } from '../../data/queryClient.ts'
import { useForm } from '../../data/useForm.ts'
import { signWith } from '../../data/wallets.ts'
import { WalletButtons } from '../../layout/WalletButtons.tsx'
import { Button } from '../../ui/Button.tsx'
import { Code } from '../../ui/Code.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { messageOf } from '../../ui/messageOf.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { toast } from '../../ui/Toasts.tsx'

type Props = { address: WithdrawalAddress; onClose: () => void }

/** Lets a wallet sign that it is the merchant's: a wallet of this browser, or any other, whose signature is pasted. */
export function ProveDialog({ address: { id, name, address }, onClose }: Props) {
  const confirmed = useConfirmed()
  const path = `/withdrawal-addresses/${id}`
  const challenge = useQuery({
    // Not by what changes: another question would make the one that is being signed worthless.
    queryKey: ['wallet_challenge', id],
    queryFn: () => confirmed(() => ask<{ message: string }>('POST', `${path}/challenge`)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const prove = async (signature: string) => {
    await confirmed(() => ask('POST', `${path}/proof`, { signature }))
    toast(`Proved: ${name} is yours`)
    await refresh('withdrawal_address')
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Prove that ${name} is yours`}
      description="The wallet signs the text below. That costs nothing, moves no money and allows nothing: it shows that you hold the key, so that no mistyped address or exchange can receive your money."
    >
      <div className="flex flex-col gap-5">
        {challenge.isPending && <Skeleton className="h-40" />}
        {challenge.error !== null && (
          <Notice tone="bad" title="There is nothing to sign yet">
            {messageOf(challenge.error)}
          </Notice>
        )}
        {challenge.data !== undefined && (
          <>
            <Code label="What is signed" text={challenge.data.message} />
            <WalletButtons
              verb="Sign with"
              run={async wallet => await prove(await signWith(wallet, address, challenge.data.message))}
              otherwise="Open this page where your wallet is, or sign the text there and paste the signature."
            />
            <PasteForm prove={prove} />
          </>
        )}
      </div>
    </Dialog>
  )
}

function PasteForm({ prove }: { prove: (signature: string) => Promise<void> }) {
  const { form, isBusy, errorOf, error } = useForm(({ signature = '' }) => prove(signature.trim()))
  return (
    <details>
      <summary className="min-h-6 cursor-pointer text-accent">Sign elsewhere, and paste the signature</summary>
      <form {...form} className="mt-3 flex flex-col gap-3">
        <TextField
          label="Signature"
          name="signature"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="0x…"
          hint="Of the text above as a message, as wallets sign it (personal_sign). It counts once, for 15 minutes."
          error={errorOf('signature') ?? error}
        />
        <div>
          <Button type="submit" isBusy={isBusy}>
            Check the signature
          </Button>
        </div>
      </form>
    </details>
  )
}
