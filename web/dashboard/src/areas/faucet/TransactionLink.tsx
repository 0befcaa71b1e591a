import { ExternalLink } from 'lucide-react'
import { shortened } from '../../ui/CopyText.tsx'

/** A transaction in the explorer of the test world. */
export function TransactionLink({ hash }: { hash: string }) {
  return (
    <a
      href={`/test/transactions/${hash}`}
      target="_blank"
      rel="noreferrer"
      className="inline-flex min-h-6 items-center gap-1.5 font-mono text-[0.8125rem] text-accent underline"
    >
      {shortened(hash, 10)}
      <ExternalLink aria-hidden className="size-3.5" />
      <span className="sr-only">See the transaction</span>
    </a>
  )
}
