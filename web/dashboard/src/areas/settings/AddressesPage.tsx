import type { Chain, WithdrawalAddress } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { accountNow } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'
import { addressesQuery, chainsQuery } from '../../data/chains.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { refresh } from '../../data/queryClient.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Time } from '../../ui/Time.tsx'
import { toast } from '../../ui/Toasts.tsx'
import { AddressDialog } from './AddressDialog.tsx'
import { isOwner } from './mayChangeSettings.ts'
import { PendingChanges } from './PendingChanges.tsx'
import { ProveDialog } from './ProveDialog.tsx'

/** What is open over the page: a wallet that is added to a network or changed, or asked about. */
type Open =
  | { kind: 'add'; chainId: number }
  | { kind: 'change' | 'delete' | 'make_default' | 'prove'; address: WithdrawalAddress }
  | null

/** The wallets that money is swept to, by network. */
export function AddressesPage() {
  const { data: chains } = useSuspenseQuery(chainsQuery)
  const { data: addresses } = useSuspenseQuery(addressesQuery)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const isLive = accountNow().mode === 'live'
  return (
    <>
      <PageHeader
        title="Withdrawal addresses"
        description={
          <>
            The wallets that your money goes to: this server holds no key to them. Sessions that are open keep the
            wallet that they began with.
            {isLive &&
              ' What replaces or adds to a wallet counts 24 hours after it was asked for; all owners are told by e-mail, and can cancel it.'}
          </>
        }
      />
      <div className="flex flex-col gap-6">
        {isLive && <PendingChanges chains={chains} />}
        {chains.map(chain => (
          <Network
            key={chain.id}
            chain={chain}
            addresses={addresses.filter(({ chainId }) => chainId === chain.id)}
            onOpen={setOpen}
          />
        ))}
      </div>
      {open?.kind === 'add' && <AddressDialog chains={chains} chainId={open.chainId} address={null} onClose={close} />}
      {open?.kind === 'change' && (
        <AddressDialog chains={chains} chainId={open.address.chainId} address={open.address} onClose={close} />
      )}
      {open?.kind === 'prove' && <ProveDialog address={open.address} onClose={close} />}
      {(open?.kind === 'delete' || open?.kind === 'make_default') && (
        <Question kind={open.kind} address={open.address} chains={chains} onClose={close} />
      )}
    </>
  )
}

function Network(props: { chain: Chain; addresses: readonly WithdrawalAddress[]; onOpen: (open: Open) => void }) {
  const { chain, addresses, onOpen } = props
  const mayChange = isOwner()
  return (
    <Card
      title={chain.name}
      actions={
        mayChange && (
          <Button onClick={() => onOpen({ kind: 'add', chainId: chain.id })}>
            <Plus aria-hidden className="size-4" />
            Add<span className="sr-only"> a wallet on {chain.name}</span>
          </Button>
        )
      }
    >
      {addresses.length === 0 ? (
        <p className="text-muted">Nobody can pay on {chain.name} until you save a wallet here.</p>
      ) : (
        <ul className="-my-2 divide-y divide-line">
          {addresses.map(address => (
            <li key={address.id} className="flex items-start gap-3 py-3">
              <div className="flex min-w-0 grow flex-col gap-1">
                <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
                  <span className="font-medium break-words">{address.name}</span>
                  <CopyText text={address.address} shown={shortened(address.address, 10)} label="address" />
                  {address.isDefault && <Badge>New sessions pay here</Badge>}
                  {address.provedAt !== null && <Badge tone="good">Proved</Badge>}
                </div>
                <Proof address={address} onProve={mayChange ? () => onOpen({ kind: 'prove', address }) : null} />
              </div>
              {mayChange && (
                <Menu
                  label={`Change ${address.name}`}
                  trigger="Change"
                  entries={[
                    { text: 'Change name or address', run: () => onOpen({ kind: 'change', address }) },
                    ...(address.isDefault
                      ? []
                      : [{ text: 'Let new sessions pay here', run: () => onOpen({ kind: 'make_default', address }) }]),
                    ...(address.provedAt === null
                      ? []
                      : [{ text: 'Prove it anew', run: () => onOpen({ kind: 'prove', address }) }]),
                    { text: 'Delete', isDangerous: true, run: () => onOpen({ kind: 'delete', address }) },
                  ]}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

/** Whether the wallet has signed that it is the merchant's, and what that means. */
function Proof({ address: { name, provedAt }, onProve }: { address: WithdrawalAddress; onProve: (() => void) | null }) {
  if (provedAt !== null) {
    return (
      <p className="text-muted">
        Signed <Time at={provedAt} /> that your payments go there, so that its key is in your hands.
      </p>
    )
  }
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-muted">
      Not proved by a signature; that is not required.
      {onProve !== null && (
        <button type="button" onClick={onProve} className="min-h-6 rounded text-accent underline">
          Prove that {name} is yours
        </button>
      )}
    </p>
  )
}

function Question(props: {
  kind: 'delete' | 'make_default'
  address: WithdrawalAddress
  chains: readonly Chain[]
  onClose: () => void
}) {
  const { kind, address, chains, onClose } = props
  const confirmed = useConfirmed()
  const network = chains.find(({ id }) => id === address.chainId)?.name ?? `chain ${address.chainId}`
  const isDelete = kind === 'delete'
  const run = async () => {
    const { delete: remove, markAsDefault } = bitstream.organization.withdrawalAddresses
    const { message } = await confirmed(async () => await (isDelete ? remove(address.id) : markAsDefault(address.id)))
    toast(message)
    await refresh('withdrawal_address')
  }
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={isDelete ? `Delete ${address.name}?` : `Let new sessions pay to ${address.name}?`}
      action={isDelete ? 'Delete the address' : 'Let new sessions pay here'}
      isDangerous={isDelete}
      run={run}
    >
      <p className="mb-2 font-mono text-[0.8125rem] break-all">{address.address}</p>
      {isDelete ? (
        <p>
          {address.isDefault
            ? `New sessions on ${network} pay to the oldest of your other wallets there; without one, nobody can pay on ${network}.`
            : `No new session on ${network} can name it.`}{' '}
          Sessions that are open still pay to it.
        </p>
      ) : (
        <p>New sessions on {network} pay to this wallet. Sessions that are open keep theirs.</p>
      )}
    </Confirm>
  )
}
