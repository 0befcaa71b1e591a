import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { filters } from '../data/filters.ts'
import { Failure } from '../layout/States.tsx'

/** The areas of the money that came in: payments, and where their money is. */
export function moneyRoutes<P extends AnyRoute>(parent: P) {
  const search = { validateSearch: filters, errorComponent: Failure }
  const page = { ...search, getParentRoute: () => parent }
  const lists = createRoute({
    getParentRoute: () => parent,
    id: 'payment-lists',
    component: lazyRouteComponent(() => import('./payments/PaymentsFrame.tsx'), 'PaymentsFrame'),
    errorComponent: Failure,
  })
  const list = { ...search, getParentRoute: () => lists }
  return [
    lists.addChildren([
      createRoute({
        ...list,
        path: '/payments',
        component: lazyRouteComponent(() => import('./payments/PaymentsPage.tsx'), 'PaymentsPage'),
      }),
      createRoute({
        ...list,
        path: '/payments/unmatched',
        component: lazyRouteComponent(() => import('./payments/UnmatchedPage.tsx'), 'UnmatchedPage'),
      }),
    ]),
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
