import type { CheckoutSession } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../data/account.ts'
import { amountText } from '../../ui/amount.ts'
import { Card } from '../../ui/Card.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { classes } from '../../ui/classes.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'

type Moment = {
  at: string
  what: string
  assetId: string | null
  amountRaw: string | null
  transactionHash: string | null
}

const TEXTS: Readonly<Record<string, string>> = {
  'session.created': 'Asked for',
  'transfer.seen': 'Money was seen',
  'transfer.final': 'Money became final',
  'transfer.lost': 'The network took money back',
  'transfer.replaced': 'The transaction was replaced',
  'decision.expire': 'Ended by the merchant',
  'decision.accept_partial': 'Accepted for what came',
  'decision.accept_transfer': 'Accepted although it did not count',
  'decision.refund_transfer': 'Marked as given back',
  'decision.sweep_transfer': 'Kept without counting',
  'decision.confirm_zero': 'Confirmed: nothing to pay',
  'decision.payer_cancel': 'The payer left the page',
  'swept.out': 'Left the address',
  'swept.back': 'A share came to its fallback',
  'refund.prepared': 'A refund was prepared',
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** Every fact and event of a payment with its exact time, the newest first. */
export function TimelineCard({ session: { id, addresses, paymentIntent } }: { session: CheckoutSession }) {
  const { data } = useQuery({
    queryKey: ['checkout_session', 'timeline', id],
    queryFn: () => ask<{ data: Moment[] }>('GET', `/payments/${id}/timeline`),
  })
  // What came in another coin than those asked for is told of, too.
  const assets = new Map([...addresses, ...paymentIntent.transactions].map(({ asset }) => [asset.id, asset]))
  return (
    <Card title="What happened">
      {data === undefined && <Skeleton className="w-1/2" />}
      <ol className="ms-1.5 flex flex-col">
        {data?.data.toReversed().map(({ at, what, assetId, amountRaw, transactionHash }, index) => {
          const asset = assetId === null ? undefined : assets.get(assetId)
          const isEvent = what.startsWith('event.')
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a history only grows at its beginning, and its parts have no state.
              key={`${what} ${at} ${index}`}
              className="relative grid gap-x-4 gap-y-0.5 border-s border-line ps-5 pb-4 last:border-transparent last:pb-0 sm:grid-cols-[13rem_1fr]"
            >
              <span
                aria-hidden
                className={classes(
                  'absolute top-1.5 rounded-full',
                  isEvent ? '-start-[3.5px] size-1.5 bg-control' : '-start-[5.5px] size-2.5 bg-accent',
                )}
              />
              <time dateTime={at} className="text-muted tabular-nums">
                {exact.format(new Date(at))}
              </time>
              <span className="flex min-w-0 flex-wrap items-center gap-x-3">
                {isEvent ? (
                  <span className="text-muted">
                    Event <span className="font-mono text-xs">{what.slice('event.'.length)}</span>
                  </span>
                ) : (
                  <span className="font-medium">{TEXTS[what] ?? what}</span>
                )}
                {amountRaw !== null && asset !== undefined && (
                  <span className="tabular-nums">{amountText(amountRaw, asset.symbol, asset.decimals)}</span>
                )}
                {transactionHash !== null && (
                  <CopyText text={transactionHash} shown={shortened(transactionHash, 8)} label="transaction" />
                )}
              </span>
            </li>
          )
        })}
      </ol>
    </Card>
  )
}
