import type { CheckoutSessionSlim, Simulate, Simulation } from '@bitstream/sdk'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { useForm } from '../../data/useForm.ts'
import { useList } from '../../data/useList.ts'
import { Failure } from '../../layout/States.tsx'
import { amountText } from '../../ui/amount.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { TransactionLink } from './TransactionLink.tsx'

const OUTCOMES: Readonly<Record<Simulate['outcome'], string>> = {
  paid: 'It is paid in full',
  underpaid: 'Too little is paid',
  overpaid: 'Too much is paid',
  late: 'It is paid after its end',
  wrong_token: 'Another coin is sent',
  wrong_chain: 'It is paid on another network',
  reorged: 'The payment is undone by the network, and comes back',
  replaced: 'The payer replaces the transaction by another one',
  batch: 'Several payments in one transaction',
}

/** Lets an open session turn out as payments do, on the local network. */
export function PlayOutcome() {
  const list = useList<CheckoutSessionSlim>(
    ['checkout_session', 'list', 'open'],
    async page => await bitstream.checkout.sessions.list({ ...page, limit: 20, status: 'open' }),
  )
  const [played, setPlayed] = useState<Simulation | null>(null)
  const { form, isBusy, errorOf, error } = useForm(async ({ checkoutSessionId = '', outcome }) => {
    setPlayed(null)
    setPlayed(await bitstream.test.simulate({ checkoutSessionId, outcome: outcome as Simulate['outcome'] }))
  })
  if (list.error !== null) return <Failure error={list.error} reset={list.retry} />
  return (
    <Card title="Play a payment">
      {list.isLoading ? (
        <Skeleton />
      ) : list.rows.length === 0 ? (
        <p className="text-muted">
          No session is open.{' '}
          <Link to="/developers/api-keys/new" className="text-accent underline">
            Create an API key
          </Link>
          , whose page shows a request that opens one, or{' '}
          <Link to="/payment-links/new" className="text-accent underline">
            create a payment link
          </Link>{' '}
          and open it.
        </p>
      ) : (
        <form {...form} className="flex flex-col gap-4">
          <SelectField
            label="Open session"
            name="checkoutSessionId"
            choices={list.rows.map(({ id, amountTotal, currency }) => [
              id,
              `${amountText(amountTotal ?? '0', currency)} · …${id.slice(-8)}`,
            ])}
            error={errorOf('checkoutSessionId')}
          />
          <SelectField
            label="What happens"
            name="outcome"
            choices={Object.entries(OUTCOMES)}
            error={errorOf('outcome') ?? error}
          />
          <Button type="submit" look="primary" isBusy={isBusy} className="self-start">
            Play it
          </Button>
        </form>
      )}
      {played !== null && (
        <div role="status">
          <Notice tone="good" title={OUTCOMES[played.outcome]} className="mt-4">
            <Link
              to="/payments/$id"
              params={{ id: played.checkoutSessionId }}
              className="inline-flex min-h-6 items-center text-accent underline"
            >
              Watch the payment
            </Link>
            <ul>
              {played.transactionHashes.map(hash => (
                <li key={hash}>
                  <TransactionLink hash={hash} />
                </li>
              ))}
            </ul>
          </Notice>
        </div>
      )}
    </Card>
  )
}
