import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { pageAt } from '../pageAt.ts'

/** All settings, each a page of its own below the tabs. */
export function settingsRoutes<P extends AnyRoute>(inside: P) {
  const frame = createRoute({
    getParentRoute: () => inside,
    path: '/settings',
    component: lazyRouteComponent(() => import('./SettingsPage.tsx'), 'SettingsPage'),
  })
  const first = createRoute({
    getParentRoute: () => frame,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/settings/organization', replace: true })
    },
  })
  return frame.addChildren([
    first,
    pageAt(frame, '/organization', async () => (await import('./OrganizationPage.tsx')).OrganizationPage),
    pageAt(frame, '/brand', async () => (await import('./BrandPage.tsx')).BrandPage),
    pageAt(frame, '/addresses', async () => (await import('./AddressesPage.tsx')).AddressesPage),
    pageAt(frame, '/payments', async () => (await import('./PaymentsPage.tsx')).PaymentsPage),
    pageAt(frame, '/invoices', async () => (await import('./InvoiceSettingsPage.tsx')).InvoiceSettingsPage),
    pageAt(frame, '/team', async () => (await import('./TeamPage.tsx')).TeamPage),
    pageAt(frame, '/security', async () => (await import('./SecurityPage.tsx')).SecurityPage),
    pageAt(frame, '/audit', async () => (await import('./AuditPage.tsx')).AuditPage),
  ])
}
