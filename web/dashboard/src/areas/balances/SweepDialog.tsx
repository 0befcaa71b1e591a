import type { Balance, Chain, Sweep } from '@bitstream/sdk'
import { useState } from 'react'
import { SendButtons } from '../../layout/SendButtons.tsx'
import { StatusBadge } from '../../ui/Badge.tsx'
import { Facts } from '../../ui/Card.tsx'
import { Code } from '../../ui/Code.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { countText } from '../../ui/countText.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'
import { FAILURES, STATUSES, sweepText } from './sweepText.ts'

type Props = { sweep: Sweep; chain: Chain | null; balances: readonly Balance[]; onClose: () => void }

/** One sweep: how far it is, and where a wallet is to send it, a button for each that this browser has. */
export function SweepDialog({ sweep, chain, balances, onClose }: Props) {
  const [sent, setSent] = useState<string | null>(null)
  const { status, failure, call, createdAt, deposits } = sweep
  const isPlanned = call !== null && status === 'planned'
  const isToSend = isPlanned && sent === null
  const hash = sweep.transactionHash ?? sent
  const shown = isPlanned && sent !== null ? 'submitted' : status
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={isToSend ? 'Send this with your wallet' : 'Sweep'}
      description={
        isToSend
          ? 'Any wallet may send it: the money can go to your withdrawal addresses only. Whoever sends it pays the gas.'
          : undefined
      }
    >
      <div className="flex flex-col gap-5">
        <Facts
          rows={[
            ['Amount', sweepText(sweep, balances)],
            ['From', `${countText(deposits.length)} ${deposits.length === 1 ? 'payment' : 'payments'}`],
            ['Network', chain?.name ?? `Network ${sweep.chainId}`],
            ['Status', <StatusBadge key="status" status={STATUSES[shown]} />],
            ['Made', <Time key="made" at={createdAt} />],
            hash !== null && ['Transaction', <Transaction key="hash" hash={hash} chain={chain} />],
          ]}
        />
        {failure !== null && <Notice tone={status === 'failed' ? 'bad' : 'warn'} title={FAILURES[failure]} />}
        {isPlanned && sent !== null && (
          <Notice tone="good" title="Your wallet has sent it">
            It is swept once the network has it in a block: this page shows that by itself.
          </Notice>
        )}
        {isToSend && (
          <SendButtons
            call={call}
            onSent={setSent}
            otherwise="Open this page where your wallet is, or send the call below with another one."
          />
        )}
        {call !== null && (
          <details>
            <summary className="min-h-6 cursor-pointer text-accent">The call, for any other wallet</summary>
            <div className="mt-3">
              <Code label="Call" text={JSON.stringify(call, null, 2)} />
            </div>
          </details>
        )}
      </div>
    </Dialog>
  )
}

function Transaction({ hash, chain }: { hash: string; chain: Chain | null }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <CopyText text={hash} shown={shortened(hash, 8)} label="transaction" />
      {chain !== null && (
        <a
          href={`${chain.blockExplorerTransactionUrl}${hash}`}
          target="_blank"
          rel="noreferrer"
          className="inline-flex min-h-6 items-center text-accent underline"
        >
          {chain.blockExplorerName}
        </a>
      )}
    </span>
  )
}
