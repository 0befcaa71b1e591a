import { Link, Outlet } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'

const PAGES = [
  ['/developers/api-keys', 'API keys'],
  ['/developers/webhooks', 'Webhooks'],
  ['/developers/events', 'Events'],
  ['/developers/requests', 'Requests'],
] as const

const TAB =
  'inline-flex min-h-9 items-center gap-1.5 rounded-md px-3 font-medium text-muted hover:bg-hover pointer-coarse:min-h-11'

/** What is around each page for developers: the others, and the reference of the API. */
export function DevelopersFrame() {
  return (
    <>
      <nav aria-label="Developers" className="mb-6 flex flex-wrap gap-1 border-b border-line pb-2">
        {PAGES.map(([to, text]) => (
          <Link key={to} to={to} className={TAB} activeProps={{ className: 'bg-hover text-ink' }}>
            {text}
          </Link>
        ))}
        <a href="/docs" target="_blank" rel="noreferrer" className={TAB}>
          API reference
          <ExternalLink aria-hidden className="size-3.5" />
        </a>
      </nav>
      <Outlet />
    </>
  )
}
