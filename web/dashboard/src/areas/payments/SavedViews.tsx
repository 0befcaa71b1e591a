import { useRouter, useSearch } from '@tanstack/react-router'
import { Bookmark, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'

type View = { name: string; query: string }

/** Filters of the area that were kept under a name, in this browser. */
export function SavedViews({ area }: { area: string }) {
  const key = `views:${area}`
  const router = useRouter()
  const query = new URLSearchParams(useSearch({ strict: false }) as Record<string, string>).toString()
  const [views, setViews] = useState(() => readViews(key))
  const [isNaming, setNaming] = useState(false)
  const keep = (all: View[]) => {
    setViews(all)
    localStorage.setItem(key, JSON.stringify(all))
  }
  if (views.length === 0 && query === '') return null
  return (
    <>
      {views.map(view => (
        <span key={view.name} className="inline-flex items-center rounded-md border border-line bg-surface">
          <button
            type="button"
            aria-pressed={view.query === query}
            onClick={() => router.history.push(`${area}?${view.query}`)}
            className="min-h-9 rounded px-2.5 hover:bg-hover aria-pressed:font-semibold pointer-coarse:min-h-11"
          >
            {view.name}
          </button>
          <button
            type="button"
            aria-label={`Forget ${view.name}`}
            onClick={() => keep(views.filter(({ name }) => name !== view.name))}
            className="min-h-9 rounded px-2 hover:bg-hover pointer-coarse:min-h-11"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      {query !== '' && !views.some(view => view.query === query) && (
        <Button look="quiet" onClick={() => setNaming(true)}>
          <Bookmark aria-hidden className="size-4" />
          Save this view
        </Button>
      )}
      <Dialog isOpen={isNaming} onClose={() => setNaming(false)} title="Save this view">
        <form
          className="flex flex-col gap-4"
          onSubmit={event => {
            event.preventDefault()
            const name = String(new FormData(event.currentTarget).get('name')).trim().slice(0, 40)
            if (name === '') return
            keep([...views.filter(view => view.name !== name), { name, query }])
            setNaming(false)
          }}
        >
          <TextField label="Name" name="name" required maxLength={40} hint="It is kept in this browser." />
          <Button type="submit" look="primary">
            Save
          </Button>
        </form>
      </Dialog>
    </>
  )
}

function readViews(key: string): View[] {
  try {
    const views = JSON.parse(localStorage.getItem(key) ?? '[]') as View[]
    return Array.isArray(views) ? views : []
  } catch {
    return []
  }
}
