import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { pageAt } from './pageAt.ts'

/** What is for those who program against the API, and the faucet of the test world. */
export function developerRoutes<P extends AnyRoute>(parent: P) {
  const frame = createRoute({
    getParentRoute: () => parent,
    path: '/developers',
    component: lazyRouteComponent(() => import('./developers/DevelopersFrame.tsx'), 'DevelopersFrame'),
  })
  const index = createRoute({
    getParentRoute: () => frame,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/developers/api-keys', replace: true })
    },
  })
  const keyForm = async () => (await import('./developers/ApiKeyForm.tsx')).ApiKeyForm
  const webhookForm = async () => (await import('./developers/WebhookForm.tsx')).WebhookForm
  return [
    frame.addChildren([
      index,
      pageAt(frame, '/api-keys', async () => (await import('./developers/ApiKeysPage.tsx')).ApiKeysPage),
      pageAt(frame, '/api-keys/new', keyForm),
      pageAt(frame, '/api-keys/$id', async () => (await import('./developers/ApiKeyPage.tsx')).ApiKeyPage),
      pageAt(frame, '/webhooks', async () => (await import('./developers/WebhooksPage.tsx')).WebhooksPage),
      pageAt(frame, '/webhooks/new', webhookForm),
      pageAt(frame, '/webhooks/$id', async () => (await import('./developers/WebhookPage.tsx')).WebhookPage),
      pageAt(frame, '/webhooks/$id/edit', webhookForm),
      pageAt(frame, '/events', async () => (await import('./developers/EventsPage.tsx')).EventsPage),
      pageAt(frame, '/events/$id', async () => (await import('./developers/EventPage.tsx')).EventPage),
      pageAt(frame, '/requests', async () => (await import('./developers/RequestsPage.tsx')).RequestsPage),
    ]),
    pageAt(parent, '/faucet', async () => (await import('./faucet/FaucetPage.tsx')).FaucetPage),
  ] as const
}
