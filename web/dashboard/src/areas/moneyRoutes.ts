import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Failure } from '../layout/States.tsx'
import { pageAt } from './pageAt.ts'

/** The areas of the money that came in: payments, and where their money is. */
export function moneyRoutes<P extends AnyRoute>(parent: P) {
  const lists = createRoute({
    getParentRoute: () => parent,
    id: 'payment-lists',
    component: lazyRouteComponent(() => import('./payments/PaymentsFrame.tsx'), 'PaymentsFrame'),
    errorComponent: Failure,
  })
  return [
    lists.addChildren([
      pageAt(lists, '/payments', async () => (await import('./payments/PaymentsPage.tsx')).PaymentsPage),
      pageAt(lists, '/payments/unmatched', async () => (await import('./payments/UnmatchedPage.tsx')).UnmatchedPage),
    ]),
    pageAt(parent, '/payments/$id', async () => (await import('./payments/PaymentPage.tsx')).PaymentPage),
    pageAt(parent, '/balances', async () => (await import('./balances/BalancesPage.tsx')).BalancesPage),
  ] as const
}
