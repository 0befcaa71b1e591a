import { cors } from 'hono/cors'
import type { App } from './router.ts'

const anyPage = cors({
  origin: '*',
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
  exposeHeaders: ['request-id', 'retry-after', 'idempotent-replayed'],
  maxAge: 86_400,
})

/** Lets pages of any origin call `path` from the browser (the Fetch standard's CORS): without cookies, which nothing there reads. */
export function allowPages(app: App, path: string): void {
  app.use(path, (c, next) => (c.req.header('origin') === undefined ? next() : anyPage(c, next)))
}
