import type { Context as HonoContext } from 'hono'
import type { Context } from '../context.ts'
import { isUuid } from '../domain/uuid.ts'
import { walletNetworks } from '../domain/walletNetwork.ts'
import { serveFile } from './compressed.ts'
import { ASSET_HEADERS, loadAssets } from './pages/assets.ts'
import type { PageAssets, PageFrame } from './pages/layout.ts'
import { renderNotFoundPage } from './pages/notFoundPage.ts'
import { pageHeaders } from './pages/securityHeaders.ts'
import { THEME_PATH, themedStyle } from './pages/theme.ts'
import type { WalletOptions } from './pages/walletPanel.ts'
import { chosenLanguage, preferredLanguage } from './pages/words/languages.ts'
import { wordsIn } from './pages/words.ts'
import type { App } from './router.ts'

/** What all pages for payers are made and answered with. */
export type PayerPages = {
  readonly assets: PageAssets
  readonly wallets: WalletOptions
  /**
   * What a page at `path` is made with: in the language of `?lang`, else in the one that the browser prefers. `?embed` is believed
   * only if it is one of `embedOrigins`, the sites that the merchant listed.
   */
  frame(c: HonoContext, path: string | null, embedOrigins?: readonly string[]): PageFrame
  /** A page with its exact headers. There is no `Vary`: pages are `no-store`, so none is kept that another browser could be given. */
  answer(frame: PageFrame, body: string, init?: { status?: number; headers?: Record<string, string> }): Response
  /** The page for what does not exist. */
  notFound(c: HonoContext): Response
}

/** The pages of this process. */
export function createPayerPages({ config, chains }: Context): PayerPages {
  const { script, walletScript, style } = loadAssets()
  const scriptIntegrities = [script.integrity, walletScript.integrity]
  const isTest = config.mode === 'test'
  const frame: PayerPages['frame'] = (c, path, embedOrigins = []) => {
    const chosen = chosenLanguage(c.req.query('lang'))
    const language = chosen ?? preferredLanguage(c.req.header('accept-language'))
    const asset = c.req.query('asset')
    const embedder = embedOrigins.find(origin => origin === c.req.query('embed')) ?? null
    const query = {
      ...(asset !== undefined && isUuid(asset) && { asset }),
      ...(chosen !== null && { lang: chosen }),
      ...(embedder !== null && { embed: embedder }),
    }
    return { words: wordsIn(language), styleUrl: style.path, isTest, path, query, embedder }
  }
  const answer: PayerPages['answer'] = ({ embedder }, body, init = {}) => {
    const headers = pageHeaders({ mode: config.mode, scriptIntegrities, embedder })
    return new Response(body, { ...init, headers: { ...headers, ...init.headers } })
  }
  return {
    assets: { script },
    wallets: { walletScript, ...walletNetworks(chains.values()) },
    frame,
    answer,
    notFound: c => {
      const nowhere = frame(c, null)
      return answer(nowhere, renderNotFoundPage(nowhere), { status: 404 })
    },
  }
}

/** Serves the files that pages load; the style sheet of a merchant's colour follows from the colour alone. */
export function addPageAssets(app: App): void {
  const { script, walletScript, style } = loadAssets()
  for (const { path, body, contentType } of [script, walletScript, style]) {
    app.get(path, serveFile(body, { ...ASSET_HEADERS, 'Content-Type': contentType }))
  }
  app.get(`${THEME_PATH}/:color{[0-9a-f]{6}\\.css}`, c => {
    const sheet = themedStyle(`#${c.req.param('color').slice(0, 6)}`)
    const headers = { ...ASSET_HEADERS, 'Content-Type': style.contentType, Vary: 'Accept-Encoding' }
    return new Response(sheet, { headers })
  })
}
