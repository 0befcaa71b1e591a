import { type ReactNode, useEffect, useRef } from 'react'
import { useTitle } from '../../ui/useTitle.ts'

/** What frames a page before somebody is signed in: its heading, and the first field has the focus. Another `title` is another step. */
export function Outside({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useTitle(title)
  const main = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its first field.
  useEffect(() => {
    const field = main.current?.querySelector<HTMLElement>('input:not([type="hidden"])')
    const heading = main.current?.querySelector<HTMLElement>('h1')
    ;(field ?? heading)?.focus()
  }, [title])
  return (
    <main ref={main} className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-5 p-4 sm:p-6">
      <p className="px-1 font-semibold text-muted">Bitstream</p>
      <div className="flex flex-col gap-5 rounded-xl border border-line bg-surface p-5 sm:p-7">
        <header>
          <h1 tabIndex={-1} className="text-xl font-semibold outline-none">
            {title}
          </h1>
          {lead !== undefined && <div className="mt-1 break-words text-muted">{lead}</div>}
        </header>
        {children}
      </div>
    </main>
  )
}
