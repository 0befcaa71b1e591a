import type { Context, TestTransaction, TestWallet } from '../context.ts'
import type { Hex } from '../domain/hex.ts'
import { loadAssets } from './pages/assets.ts'
import { pageHeaders } from './pages/securityHeaders.ts'
import { renderTransactionNotFound, renderTransactionPage } from './pages/transactionPage.ts'
import { type App, addMethodNotAllowed } from './router.ts'

const PATH = '/test/transactions/:hash'
const HASH = /^0x[0-9a-f]{64}$/

/** The block explorer of the test world: one page for each transaction of its chain. There is none where real money moves. */
export function addTestExplorer(app: App, ctx: Context): void {
  const wallet = ctx.testWallet
  if (wallet === null) return
  const { script, style } = loadAssets()
  const headers = pageHeaders({ mode: ctx.config.mode, scriptIntegrity: script.integrity })
  app.get(PATH, async c => {
    const transaction = await find(wallet, c.req.param('hash').toLowerCase())
    if (transaction === null) {
      return new Response(renderTransactionNotFound({ styleUrl: style.path }), { status: 404, headers })
    }
    const served = ctx.chains.get(transaction.chainId)
    const body = renderTransactionPage(transaction, {
      styleUrl: style.path,
      network: served?.chain.name ?? `Chain ${transaction.chainId}`,
      assets: served?.assets ?? [],
    })
    return new Response(body, { headers })
  })
  addMethodNotAllowed(app, ctx, PATH, ['GET'])
}

async function find(wallet: TestWallet, hash: string): Promise<TestTransaction | null> {
  return HASH.test(hash) ? await wallet.transaction(hash as Hex) : null
}
