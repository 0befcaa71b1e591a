import type { Chain, WithdrawalAddress } from '@bitstream/sdk'
import { useState } from 'react'
import { accountNow } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { queryClient } from '../../data/queryClient.ts'
import { useForm } from '../../data/useForm.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { toast } from '../../ui/Toasts.tsx'
import { addressChangesQuery } from './settingsQueries.ts'

type Props = {
  chains: readonly Chain[]
  chainId: number
  /** The one to change; null for another one. */
  address: WithdrawalAddress | null
  onClose: () => void
}

/** Asks for a wallet, and says what can go wrong with one before it does. */
export function AddressDialog({ chains, chainId, address, onClose }: Props) {
  const [typed, setTyped] = useState(address?.address ?? '')
  const confirmed = useConfirmed()
  const isLive = accountNow().mode === 'live'
  const { form, isBusy, errorOf, error } = useForm(async ({ name = '', address: wallet = '', chainId: chain }) => {
    const { create, update } = bitstream.organization.withdrawalAddresses
    const asked = { name: name.trim(), address: wallet.trim() }
    const saved = await confirmed(async () =>
      address === null ? await create({ ...asked, chainId: Number(chain) }) : await update(address.id, asked),
    )
    const waiting = isLive ? await queryClient.fetchQuery({ ...addressChangesQuery, staleTime: 0 }) : []
    const isWaiting = waiting.some(({ after }) => after?.id === saved.id)
    toast(isWaiting ? 'Asked for: it counts in 24 hours' : 'Saved')
    await queryClient.invalidateQueries({ queryKey: ['withdrawal_address'] })
    onClose()
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={address === null ? 'Add a withdrawal address' : `Change ${address.name}`}
      description="A wallet that you hold the key to. Money that goes to a wrong address is lost: nobody can bring it back."
    >
      <form {...form} className="flex flex-col gap-4">
        {address === null && (
          <SelectField
            label="Network"
            name="chainId"
            defaultValue={String(chainId)}
            choices={chains.map(({ id, name }) => [String(id), name] as const)}
            hint="A wallet that is a contract, such as a Safe, may exist on one network alone."
            error={errorOf('chainId')}
          />
        )}
        <TextField
          label="Name"
          name="name"
          defaultValue={address?.name ?? ''}
          placeholder="Treasury"
          hint="For you alone."
          error={errorOf('name')}
        />
        <TextField
          label="Address"
          name="address"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="0x…"
          hint={<AddressHint typed={typed.trim()} />}
          error={errorOf('address')}
        />
        <p className="text-muted">
          Nothing here proves that the key is yours: pay a small amount first and sweep it, before others pay.
          {isLive &&
            ' Unless it is the first of its network, it counts in 24 hours; until then any owner can cancel it.'}
        </p>
        {error !== null && (
          <Notice tone="bad" title="This was not saved">
            {error}
          </Notice>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

const WHOLE = /^0x[0-9a-f]{40}$/i
const GROUP = /.{1,4}/g

function AddressHint({ typed }: { typed: string }) {
  if (typed === '')
    return 'Copy it from your wallet, with its capital letters: they tell a mistyped one from a right one.'
  if (!WHOLE.test(typed)) {
    const missing = 42 - typed.length
    if (!/^0x[0-9a-f]*$/i.test(typed)) return 'An address begins with 0x; after it come digits and letters from a to f.'
    return missing > 0 ? `${missing} characters are missing.` : `${-missing} characters are too many.`
  }
  const hasCase = /[a-f]/.test(typed) && /[A-F]/.test(typed.slice(2))
  return (
    <>
      Compare it with your wallet: <span className="font-mono text-ink">{typed.match(GROUP)?.join(' ')}</span>
      {!hasCase && '. All its letters are of one case, so that a mistyped one cannot be told.'}
    </>
  )
}
