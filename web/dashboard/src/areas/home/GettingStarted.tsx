import type { Chain } from '@bitstream/sdk'
import { CircleCheck, CircleDashed } from 'lucide-react'
import type { ReactNode } from 'react'
import { accountNow } from '../../data/account.ts'
import { Card } from '../../ui/Card.tsx'
import { Code } from '../../ui/Code.tsx'
import type { Summary } from './summary.ts'
import { TextLink } from './TextLink.tsx'

/** What one begins with, ticked off by what has happened; gone once all of it has, or real money has come. */
export function GettingStarted({ done, chains }: { done: Summary['done']; chains: readonly Chain[] }) {
  const isTest = accountNow().mode === 'test'
  if (Object.values(done).every(Boolean) || (done.payment && !isTest)) return null
  const currency = chains[0]?.assets[0]?.currency ?? 'usdc'
  const body = {
    successUrl: 'https://example.com/thanks',
    lineItems: [{ priceData: { currency, unitAmount: '2500000000', productData: { name: 'Coffee' } }, quantity: 1 }],
  }
  const curl = `curl ${location.origin}/api/v1/checkout/sessions \\
  -H "Authorization: Bearer $BITSTREAM_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body)}'`
  return (
    <Card title="Getting started">
      <ol className="flex flex-col gap-4">
        <Step isDone={done.session} title="Make a checkout session">
          <p className="mb-2">
            <TextLink to="/developers/api-keys/new">Create an API key</TextLink>, put it into BITSTREAM_KEY, and paste
            this into a terminal:
          </p>
          <Code label="Request" text={curl} />
        </Step>
        <Step isDone={done.payment} title="Watch the payment arrive">
          Open the url of the answer and pay
          {isTest && (
            <>
              , with coins from the <TextLink to="/faucet">faucet</TextLink> or the test wallet
            </>
          )}
          . It shows up in <TextLink to="/payments">Payments</TextLink> within a second.
        </Step>
        <Step isDone={done.endpoint} title="Be told by webhooks">
          <TextLink to="/developers/webhooks/new">Add an endpoint</TextLink>: your server hears of each payment.
        </Step>
        <Step isDone={done.link} title="Take payments without a line of code">
          <TextLink to="/payment-links/new">Create a payment link</TextLink> and share it.
        </Step>
        <Step isDone={done.sweep} title="Move the money to your wallet">
          <TextLink to="/balances">Sweep</TextLink> what was paid. It can go to your withdrawal addresses only.
        </Step>
      </ol>
    </Card>
  )
}

function Step({ isDone, title, children }: { isDone: boolean; title: string; children: ReactNode }) {
  const Icon = isDone ? CircleCheck : CircleDashed
  return (
    <li className="flex gap-3">
      <Icon aria-hidden className={isDone ? 'mt-0.5 size-5 shrink-0 text-good' : 'mt-0.5 size-5 shrink-0 text-muted'} />
      <div className="min-w-0 grow">
        <p className="font-medium">
          {title}
          {isDone && <span className="sr-only">: done</span>}
        </p>
        {!isDone && <div className="mt-1 leading-6 text-muted">{children}</div>}
      </div>
    </li>
  )
}
