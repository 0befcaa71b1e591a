import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { Failure } from '../../layout/States.tsx'

/** All settings, each a page of its own below the tabs. */
export function settingsRoutes<P extends AnyRoute>(inside: P) {
  const frame = createRoute({
    getParentRoute: () => inside,
    path: '/settings',
    component: lazyRouteComponent(() => import('./SettingsPage.tsx'), 'SettingsPage'),
  })
  const tab = <const A extends string>(path: A, load: () => Promise<ComponentType>) =>
    createRoute({
      getParentRoute: () => frame,
      path,
      component: lazyRouteComponent(async () => ({ default: await load() })),
      errorComponent: Failure,
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
    tab('/organization', async () => (await import('./OrganizationPage.tsx')).OrganizationPage),
    tab('/brand', async () => (await import('./BrandPage.tsx')).BrandPage),
    tab('/addresses', async () => (await import('./AddressesPage.tsx')).AddressesPage),
    tab('/payments', async () => (await import('./PaymentsPage.tsx')).PaymentsPage),
    tab('/invoices', async () => (await import('./InvoiceSettingsPage.tsx')).InvoiceSettingsPage),
    tab('/team', async () => (await import('./TeamPage.tsx')).TeamPage),
    tab('/security', async () => (await import('./SecurityPage.tsx')).SecurityPage),
    tab('/audit', async () => (await import('./AuditPage.tsx')).AuditPage),
  ])
}
