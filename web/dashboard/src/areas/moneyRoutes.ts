import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { filters } from '../data/filters.ts'
import { Failure } from '../layout/States.tsx'

/** The areas of the money that came in: payments, and where their money is. */
export function moneyRoutes<P extends AnyRoute>(parent: P) {
  const page = { getParentRoute: () => parent, validateSearch: filters, errorComponent: Failure }
  return [
    createRoute({
      ...page,
      path: '/payments',
      component: lazyRouteComponent(() => import('./payments/PaymentsPage.tsx'), 'PaymentsPage'),
    }),
    createRoute({
      ...page,
      path: '/payments/$id',
      component: lazyRouteComponent(() => import('./payments/PaymentPage.tsx'), 'PaymentPage'),
    }),
    createRoute({
      ...page,
      path: '/balances',
      component: lazyRouteComponent(() => import('./balances/BalancesPage.tsx'), 'BalancesPage'),
    }),
  ] as const
}
