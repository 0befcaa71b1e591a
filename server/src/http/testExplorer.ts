import type { Context, TestTransaction, TestWallet } from '../context.ts'
import type { Hex } from '../domain/hex.ts'
import { renderTransactionNotFound, renderTransactionPage } from './pages/transactionPage.ts'
import { ENGLISH_WORDS } from './pages/words.ts'
import { createPayerPages } from './payerPages.ts'
import { type App, addMethodNotAllowed } from './router.ts'

const PATH = '/test/transactions/:hash'
const HASH = /^0x[0-9a-f]{64}$/

/** The block explorer of the test world: one page for each transaction of its chain. There is none where real money moves. */
export function addTestExplorer(app: App, ctx: Context): void {
  const wallet = ctx.testWallet
  if (wallet === null) return
  const pages = createPayerPages(ctx)
  app.get(PATH, async c => {
    const frame = { ...pages.frame(c, null), words: ENGLISH_WORDS }
    const transaction = await find(wallet, c.req.param('hash').toLowerCase())
    if (transaction === null) {
      return pages.answer(frame, renderTransactionNotFound(frame), { status: 404 })
    }
    const served = ctx.chains.get(transaction.chainId)
    const body = renderTransactionPage(frame, transaction, {
      network: served?.chain.name ?? `Chain ${transaction.chainId}`,
      assets: served?.assets ?? [],
    })
    return pages.answer(frame, body)
  })
  addMethodNotAllowed(app, ctx, PATH, ['GET'])
}

async function find(wallet: TestWallet, hash: string): Promise<TestTransaction | null> {
  return HASH.test(hash) ? await wallet.transaction(hash as Hex) : null
}
