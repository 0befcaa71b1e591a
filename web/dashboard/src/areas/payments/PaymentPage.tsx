import type { CheckoutSession } from '@bitstream/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { useObject } from '../../data/useObject.ts'
import { useRefreshed } from '../../data/useRefreshed.ts'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { amountText } from '../../ui/amount.ts'
import { buttonClasses } from '../../ui/Button.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'
import { LinesCard } from './LinesCard.tsx'
import { PaymentActions } from './PaymentActions.tsx'
import { RefundsCard } from './RefundsCard.tsx'
import { EXCEPTIONS, sessionStatus } from './sessionStatus.ts'
import { TimelineCard } from './TimelineCard.tsx'
import { TransfersCard } from './TransfersCard.tsx'

const CONFIRMING_MS = 2_000
const RESTING_MS = 60_000
/** More ways to pay than these are told when they are asked for. */
const SHOWN_MAX = 4

/** A payment: what was asked, everything that happened, and what can be done about it. */
export function PaymentPage() {
  const { id = '' } = useParams({ strict: false })
  const session = useObject('checkout_session', id, bitstream.checkout.sessions.get)
  // Confirmations grow with each block, of which no event tells.
  useRefreshed('checkout_session', session.paymentIntent.status === 'processing' ? CONFIRMING_MS : RESTING_MS)
  const { currency, amountTotal, customerDetails, customerId, paymentIntent, addresses, status } = session
  const received = paymentIntent.amountReceived
  const difference = differenceOf(session)
  return (
    <ObjectPage
      object={session}
      list={{ path: '/payments', text: 'Payments' }}
      title={amountText(amountTotal, currency)}
      status={sessionStatus(session)}
      description={customerDetails.email ?? customerDetails.name ?? <Time at={session.createdAt} />}
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
          <Exceptions session={session} />
          <TransfersCard session={session} />
          <RefundsCard session={session} />
          <LinesCard session={session} />
        </>
      }
      facts={[
        ['Asked for', amountText(amountTotal, currency)],
        ['Received', received === null ? 'Nothing' : amountText(received, currency)],
        difference !== null && difference,
        ['Address', addresses[0] && <CopyText key="to" text={addresses[0].paymentAddress} label="deposit address" />],
        status === 'open' && ['May be paid in', <Coins key="coins" addresses={addresses} />],
        status === 'open' && ['Ends', <Time key="ends" at={session.expiresAt} />],
        ['Payer', customerDetails.email ?? customerDetails.name ?? null],
        customerId !== null && [
          'Customer',
          <Link key="customer" to="/customers/$id" params={{ id: customerId }} className="text-accent underline">
            Open
          </Link>,
        ],
        session.clientReferenceId !== null && ['Your reference', session.clientReferenceId],
        ['Payment intent', <CopyText key="intent" text={paymentIntent.id} label="payment intent" />],
      ]}
    >
      <TimelineCard session={session} />
    </ObjectPage>
  )
}

type Difference = readonly [name: string, amount: string]

/** How much is missing of what was asked for, or is too much, once something came. */
function differenceOf({ amountTotal, currency, paymentIntent }: CheckoutSession): Difference | null {
  const { amountReceived } = paymentIntent
  if (amountReceived === null || amountReceived === amountTotal) return null
  const more = BigInt(amountReceived) - BigInt(amountTotal)
  return more > 0n ? ['Too much', amountText(`${more}`, currency)] : ['Missing', amountText(`${-more}`, currency)]
}

function Exceptions({ session }: { session: CheckoutSession }) {
  const difference = differenceOf(session)
  return session.exceptions.map(name => (
    <Notice key={name} tone="warn" title={EXCEPTIONS[name][0]}>
      {(name === 'underpaid' || name === 'overpaid') && difference !== null && `${difference.join(': ')}. `}
      {EXCEPTIONS[name][1]}
    </Notice>
  ))
}

function Coins({ addresses }: Pick<CheckoutSession, 'addresses'>) {
  if (addresses.length === 0) return 'Not known yet'
  const list = (
    <ul>
      {addresses.map(({ id, amount, asset }) => (
        <li key={id} className="tabular-nums">
          {amountText(amount, asset.symbol)} on {asset.chain.name}
        </li>
      ))}
    </ul>
  )
  if (addresses.length <= SHOWN_MAX) return list
  const networks = new Set(addresses.map(({ asset }) => asset.chainId)).size
  return (
    <details>
      <summary className="min-h-6 cursor-pointer text-accent">
        {addresses.length} ways on {networks} {networks === 1 ? 'network' : 'networks'}
      </summary>
      {list}
    </details>
  )
}
