import { Link, Outlet } from '@tanstack/react-router'
import { mayChangeSettings } from './mayChangeSettings.ts'

const TABS = [
  ['/settings/organization', 'Organization'],
  ['/settings/brand', 'Brand'],
  ['/settings/addresses', 'Withdrawal addresses'],
  ['/settings/payments', 'Payments'],
  ['/settings/invoices', 'Invoices'],
  ['/settings/team', 'Team'],
  ['/settings/security', 'Security'],
  ['/settings/audit', 'Audit log'],
] as const

/** The frame of all settings: where one is among them, and whether they can be changed. */
export function SettingsPage() {
  return (
    <>
      <nav aria-label="Settings" className="-mx-1 mb-6 flex flex-wrap gap-1 border-b border-line px-1 pb-2">
        {TABS.filter(([to]) => to !== '/settings/audit' || mayChangeSettings()).map(([to, text]) => (
          <Link
            key={to}
            to={to}
            className="flex min-h-9 items-center rounded-md px-3 whitespace-nowrap hover:bg-hover pointer-coarse:min-h-11"
            activeProps={{ className: 'bg-hover font-semibold' }}
          >
            {text}
          </Link>
        ))}
      </nav>
      {!mayChangeSettings() && (
        <p className="mb-5 text-muted">Your role sees these settings; owners and admins change them.</p>
      )}
      <Outlet />
    </>
  )
}
