import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { accountQuery } from '../../data/account.ts'
import { mayChangeSettings } from './mayChangeSettings.ts'

const SECURITY = '/settings/security'
const TABS = [
  ['/settings/organization', 'Organization'],
  ['/settings/brand', 'Brand'],
  ['/settings/addresses', 'Withdrawal addresses'],
  ['/settings/payments', 'Payments'],
  ['/settings/invoices', 'Invoices'],
  ['/settings/team', 'Team'],
  [SECURITY, 'Security'],
  ['/settings/audit', 'Audit log'],
] as const

/** The frame of all settings: where one is among them, and whether they can be changed. */
export function SettingsPage() {
  const { pathname } = useLocation()
  const mayChange = mayChangeSettings()
  const { data: account } = useQuery(accountQuery)
  const isSecurityOnly = account?.signIn?.mustHaveSecondFactor === true
  const isShown = (to: string) => (isSecurityOnly ? to === SECURITY : mayChange || to !== '/settings/audit')
  return (
    <>
      <nav aria-label="Settings" className="-mx-3 mb-6 flex flex-wrap gap-1 border-b border-line pb-2">
        {TABS.filter(([to]) => isShown(to)).map(([to, text]) => (
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
      {!mayChange && pathname !== SECURITY && (
        <p className="mb-5 text-muted">Your role sees these settings; owners and admins change them.</p>
      )}
      <Outlet />
    </>
  )
}
