import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { classes } from './classes.ts'

const SHOWN_MS = 2_000

/** `text`, or a `shown` part of it, which a click copies whole; `label` says what it is. */
export function CopyText(props: { text: string; shown?: string; label: string; className?: string }) {
  const { text, shown = text, label, className } = props
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <button
      type="button"
      onClick={copy}
      title={text}
      className={classes(
        'inline-flex max-w-full items-center gap-1.5 rounded font-mono text-[0.8125rem] hover:bg-hover',
        className,
      )}
    >
      <span className="truncate">{shown}</span>
      {isCopied ? (
        <Check aria-hidden className="size-3.5 shrink-0 text-good" />
      ) : (
        <Copy aria-hidden className="size-3.5 shrink-0 text-muted" />
      )}
      <span className="sr-only" role="status">
        {isCopied ? 'copied' : `copy ${label}`}
      </span>
    </button>
  )
}

/** The beginning and the end of a long text, such as an address or a hash. */
export function shortened(text: string, kept = 6): string {
  return text.length <= 2 * kept + 1 ? text : `${text.slice(0, kept)}…${text.slice(-kept + 2)}`
}
