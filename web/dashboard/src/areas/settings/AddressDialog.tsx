import type { Chain, WithdrawalAddress } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { accountNow, ask } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { queryClient, refresh } from '../../data/queryClient.ts'
import { useForm } from '../../data/useForm.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FormEnd } from '../../ui/FormEnd.tsx'
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
  const [chosen, setChosen] = useState(chainId)
  const check = useWalletCheck(typed.trim(), chosen, address?.address ?? null)
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
    await refresh('withdrawal_address')
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
            value={String(chosen)}
            onChange={({ target }) => setChosen(Number(target.value))}
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
          error={errorOf('address') ?? check.refusal}
        />
        {check.warnings.map(warning => (
          <Notice key={warning} tone="warn" title={WARNINGS[warning][0]}>
            {WARNINGS[warning][1]}
          </Notice>
        ))}
        <p className="text-muted">
          Name no deposit address of an exchange: many exchanges do not credit what a contract sends, as every sweep is,
          and they give the address to somebody else one day. Once the wallet is saved, let it sign that it is yours;
          with one that cannot sign, pay a small amount first and sweep it, before others pay.
          {isLive &&
            ' Unless it is the first of its network, it counts in 24 hours; until then any owner can cancel it.'}
        </p>
        <FormEnd error={error} failed="This was not saved" submit="Save" isBusy={isBusy} onClose={onClose} />
      </form>
    </Dialog>
  )
}

type Warning = 'never_used' | 'sanctions_unknown' | 'chain_silent'

const WARNINGS: Readonly<Record<Warning, readonly [title: string, text: string]>> = {
  never_used: [
    'This wallet has never sent anything',
    'It may be new, or a deposit address of an exchange, which is a bad receiver. Prove by a signature that it is yours, before others pay: an exchange’s address cannot sign.',
  ],
  sanctions_unknown: [
    'Nobody could say whether it is sanctioned',
    'The list that this server asks did not answer. You can save it; look it up yourself.',
  ],
  chain_silent: [
    'The network does not answer now',
    'Whether this is a contract, or a wallet that was ever used, cannot be looked up. Check the network twice.',
  ],
}

/** What the server says of a wallet before it is saved; nothing of one that is saved already. */
function useWalletCheck(typed: string, chainId: number, known: string | null) {
  const { data, error } = useQuery({
    queryKey: ['wallet_check', chainId, typed],
    queryFn: () => ask<{ warnings: Warning[] }>('POST', '/wallet-checks', { address: typed, chainId }),
    enabled: WHOLE.test(typed) && typed.toLowerCase() !== known,
    retry: false,
  })
  return { warnings: data?.warnings ?? [], refusal: error === null ? null : error.message }
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
