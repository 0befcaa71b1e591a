import { CopyText } from './CopyText.tsx'

/** Text for machines, such as a request or JSON, whole and copied by a click; `label` says what it is. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <figure className="min-w-0 rounded-md border border-line bg-page">
      <figcaption className="flex items-center justify-between gap-3 border-b border-line px-3 py-1.5 text-xs text-muted">
        {label}
        <CopyText text={text} shown="Copy" label={label} className="min-h-6 px-1" />
      </figcaption>
      <pre className="p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere">{text}</pre>
    </figure>
  )
}
