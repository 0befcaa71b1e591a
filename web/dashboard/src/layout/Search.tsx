import { Search as Icon } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'

const SearchDialog = lazy(async () => ({ default: (await import('./SearchDialog.tsx')).SearchDialog }))
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Opens, by its button or by ⌘K and Ctrl+K anywhere, the window that finds pages and payments; loaded when it is first used. */
export function Search({ onOpen }: { onOpen: () => void }) {
  const [state, setState] = useState<'unused' | 'open' | 'closed'>('unused')
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(isMac ? event.metaKey : event.ctrlKey) || event.shiftKey || event.altKey)
        return
      event.preventDefault()
      setState('open')
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <>
      <button
        type="button"
        aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
        onClick={() => {
          onOpen()
          setState('open')
        }}
        className="flex min-h-9 shrink-0 items-center gap-3 rounded-md border border-line px-3 text-muted hover:bg-hover pointer-coarse:min-h-11"
      >
        <Icon aria-hidden className="size-4" />
        Search
        <kbd aria-hidden className="ms-auto font-sans text-xs">
          {isMac ? '⌘K' : 'Ctrl K'}
        </kbd>
      </button>
      {state !== 'unused' && (
        <Suspense>
          <SearchDialog isOpen={state === 'open'} onClose={() => setState('closed')} />
        </Suspense>
      )}
    </>
  )
}
