import { ExternalLink } from 'lucide-react'
import { CopyText, shortened } from '../../ui/CopyText.tsx'

/** A transaction that a click copies, with where its network's explorer shows it; null where that is not known. */
export function TransactionLink({ hash, url }: { hash: string; url: string | null }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <CopyText text={hash} shown={shortened(hash, 10)} label="transaction" className="min-h-6" />
      {url !== null && (
        <a
          href={url}
          target="_blank"
          rel="noreferrer"
          className="inline-flex min-h-6 items-center gap-1 text-accent underline"
        >
          Explorer
          <ExternalLink aria-hidden className="size-3.5" />
        </a>
      )}
    </span>
  )
}
