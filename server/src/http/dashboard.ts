import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context } from '../context.ts'
import { serveFile } from './compressed.ts'
import { ASSET_HEADERS } from './pages/assets.ts'
import { pageHeaders } from './pages/securityHeaders.ts'
import type { App } from './router.ts'

const FOLDER = fileURLToPath(new URL('../../../web/dashboard/dist', import.meta.url))
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

/** The first part of the path of each page of the dashboard; the page itself finds what comes after it. */
export const DASHBOARD_PATHS = [
  'sign-in',
  'setup',
  'reset',
  'invite',
  'payments',
  'payment-links',
  'products',
  'customers',
  'invoices',
  'subscriptions',
  'coupons',
  'tax-rates',
  'balances',
  'developers',
  'faucet',
  'settings',
] as const

/** Serves the dashboard, which is built before the server starts; without it the root leads to the documentation. */
export function addDashboard(app: App, { config: { mode } }: Context): void {
  const index = join(FOLDER, 'index.html')
  if (!existsSync(index)) return void app.get('/', c => c.redirect('/docs'))
  const headers = pageHeaders({ mode, scriptIntegrities: [], embedder: null })
  const page = serveFile(readFileSync(index, 'utf8'), headers)
  app.get('/', page)
  for (const path of DASHBOARD_PATHS) {
    app.get(`/${path}`, page)
    app.get(`/${path}/*`, page)
  }
  for (const name of globSync('*.{js,css}', { cwd: FOLDER })) {
    const type = TYPES[name.split('.').at(-1) ?? ''] ?? ''
    app.get(
      `/assets/${name}`,
      serveFile(readFileSync(join(FOLDER, name), 'utf8'), { ...ASSET_HEADERS, 'Content-Type': type }),
    )
  }
}
