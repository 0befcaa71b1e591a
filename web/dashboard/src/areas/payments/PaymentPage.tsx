import type { CheckoutSession } from '@bitstream/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { useObject } from '../../data/useObject.ts'
import { useRefreshed } from '../../data/useRefreshed.ts'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { amountText } from '../../ui/amount.ts'
import { buttonClasses } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'
import { PaymentActions } from './PaymentActions.tsx'
import { RefundsCard } from './RefundsCard.tsx'
import { EXCEPTIONS, sessionStatus } from './sessionStatus.ts'
import { TimelineCard } from './TimelineCard.tsx'
import { TransfersCard } from './TransfersCard.tsx'

const CONFIRMING_MS = 2_000
const RESTING_MS = 60_000

/** A payment: what was asked, everything that happened, and what can be done about it. */
export function PaymentPage() {
  const { id = '' } = useParams({ strict: false })
  const session = useObject('checkout_session', id, bitstream.checkout.sessions.get)
  // Confirmations grow with each block, of which no event tells.
  useRefreshed('checkout_session', session.paymentIntent.status === 'processing' ? CONFIRMING_MS : RESTING_MS)
  const { currency, amountTotal, customerDetails, customerId, paymentIntent, addresses } = session
  const received = paymentIntent.amountReceived
  return (
    <ObjectPage
      object={session}
      list={{ path: '/payments', text: 'Payments' }}
      title={amountText(amountTotal, currency)}
      status={sessionStatus(session)}
      description={<span>{session.lineItems.data.map(({ price }) => price.product.name).join(', ')}</span>}
      actions={
        <>
          <a href={session.url} target="_blank" rel="noreferrer" className={buttonClasses()}>
            The payer's page
            <ExternalLink aria-hidden className="size-4" />
          </a>
          <PaymentActions session={session} />
        </>
      }
      top={
        <>
          <Exceptions exceptions={session.exceptions} />
          <TransfersCard session={session} />
          <RefundsCard session={session} />
        </>
      }
      facts={[
        ['Asked for', amountText(amountTotal, currency)],
        ['Received', received === null ? 'Nothing' : amountText(received, currency)],
        ['Address', addresses[0] && <CopyText key="to" text={addresses[0].paymentAddress} label="deposit address" />],
        ['May be paid in', <Coins key="coins" addresses={addresses} />],
        ['Payer', customerDetails.email ?? customerDetails.name ?? null],
        ...(customerId === null
          ? []
          : [
              [
                'Customer',
                <Link key="customer" to={`/customers/${customerId}` as '/'} className="text-accent underline">
                  Open
                </Link>,
              ] as const,
            ]),
        ['Ends', <Time key="ends" at={session.expiresAt} />],
        ...(session.clientReferenceId === null ? [] : [['Your reference', session.clientReferenceId] as const]),
        ['Payment intent', <CopyText key="intent" text={paymentIntent.id} label="payment intent" />],
      ]}
    >
      <TimelineCard session={session} />
    </ObjectPage>
  )
}

function Exceptions({ exceptions }: Pick<CheckoutSession, 'exceptions'>) {
  return exceptions.map(name => (
    <Notice key={name} tone="warn" title={EXCEPTIONS[name][0]}>
      {EXCEPTIONS[name][1]}
    </Notice>
  ))
}

function Coins({ addresses }: Pick<CheckoutSession, 'addresses'>) {
  if (addresses.length === 0) return <Card>Not known yet</Card>
  return (
    <ul>
      {addresses.map(({ id, amount, asset }) => (
        <li key={id} className="tabular-nums">
          {amountText(amount, asset.symbol)} on {asset.chain.name}
        </li>
      ))}
    </ul>
  )
}
