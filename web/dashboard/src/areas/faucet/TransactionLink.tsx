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
      <span className="font-sans">See the transaction</span> {shortened(hash, 6)}
      <ExternalLink aria-hidden className="size-3.5 shrink-0" />
    </a>
  )
}
