import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { developerRoutes } from './areas/developerRoutes.ts'
import { moneyRoutes } from './areas/moneyRoutes.ts'
import { sellingRoutes } from './areas/sellingRoutes.ts'
import { settingsRoutes } from './areas/settings/settingsRoutes.ts'
import { accountQuery } from './data/account.ts'
import { hearChanges } from './data/changes.ts'
import { filters } from './data/filters.ts'
import { queryClient } from './data/queryClient.ts'
import { Shell } from './layout/Shell.tsx'
import { Failure, NotFound, Waiting } from './layout/States.tsx'

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failure })

/** The pages before somebody is signed in. */
const outside = createRoute({ getParentRoute: () => rootRoute, id: 'outside' })

/** The pages of whoever is signed in; who is not goes to the page for that, and comes back. */
const inside = createRoute({
  getParentRoute: () => rootRoute,
  id: 'inside',
  component: Shell,
  errorComponent: Failure,
  beforeLoad: async ({ location }) => {
    const { signIn } = await queryClient.ensureQueryData(accountQuery)
    if (signIn?.stage !== 'whole') throw redirect({ to: '/sign-in', search: { next: location.href } })
    hearChanges()
    // Nothing else answers to an owner where real money moves, until there is a second factor.
    const isSecurity = location.pathname === '/settings/security'
    if (signIn.mustHaveSecondFactor && !isSecurity) throw redirect({ to: '/settings/security' })
  },
})

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

const signInRoute = createRoute({
  getParentRoute: () => outside,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = text(search.next)
    // A path of ours, nothing else: whoever sends a link must not choose where it ends.
    return next !== undefined && /^\/(?![/\\])/.test(next) ? { next } : {}
  },
  component: lazyRouteComponent(() => import('./areas/signIn/SignInPage.tsx'), 'SignInPage'),
})

const setupRoute = createRoute({
  getParentRoute: () => outside,
  path: '/setup/{-$token}',
  component: lazyRouteComponent(() => import('./areas/signIn/SetupPage.tsx'), 'SetupPage'),
})

const resetRoute = createRoute({
  getParentRoute: () => outside,
  path: '/reset/{-$token}',
  component: lazyRouteComponent(() => import('./areas/signIn/ResetPage.tsx'), 'ResetPage'),
})

const inviteRoute = createRoute({
  getParentRoute: () => outside,
  path: '/invite/{-$token}',
  component: lazyRouteComponent(() => import('./areas/signIn/InvitePage.tsx'), 'InvitePage'),
})

const homeRoute = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: filters,
  component: lazyRouteComponent(() => import('./areas/home/HomePage.tsx'), 'HomePage'),
})

const routeTree = rootRoute.addChildren([
  outside.addChildren([signInRoute, setupRoute, resetRoute, inviteRoute]),
  inside.addChildren([
    homeRoute,
    ...moneyRoutes(inside),
    ...sellingRoutes(inside),
    ...developerRoutes(inside),
    settingsRoutes(inside),
  ]),
])

/** Where the dashboard's pages are; each area is loaded when it is first visited. */
export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: Waiting,
  defaultPendingMs: 150,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
