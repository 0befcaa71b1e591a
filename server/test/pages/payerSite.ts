import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Context, TestWallet } from '../../src/context.ts'
import { invariant } from '../../src/domain/errors.ts'
import { createApp } from '../../src/http/app.ts'
import type { App } from '../../src/http/router.ts'
import { type ApiCaller, openApiCaller } from '../harness/apiCaller.ts'
import { type RecordedChain, recordChain, type TestClock, testChainConfig } from '../harness/fixtures.ts'
import { openFreshContext } from '../harness/freshContext.ts'

/** The program's pages on a loopback port, over a database and a chain of hand-made blocks of their own, and a merchant who calls the API. */
export type PayerSite = {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string
  readonly ctx: Context & { clock: TestClock }
  readonly chain: RecordedChain
  readonly api: ApiCaller
  readonly app: App
  readonly stop: () => Promise<void>
}

/** Opens a site over a chain as `chain` has it; its own test wallet is the one given; `extend` adds pages of the test's own to it. */
export async function openPayerSite(
  options: {
    chain?: ReturnType<typeof testChainConfig>
    mode?: 'test' | 'live'
    testWallet?: TestWallet
    extend?: (app: App, ctx: Context) => void
  } = {},
): Promise<PayerSite> {
  const { chain: config = testChainConfig(), mode = 'test', testWallet = null, extend } = options
  const bare = await openFreshContext({ chains: [config] })
  const ctx = { ...bare, config: { ...bare.config, mode }, testWallet }
  const app = createApp(ctx)
  extend?.(app, ctx)
  const server = createServer(getRequestListener(app.fetch))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  invariant(typeof address === 'object' && address !== null, 'the server listens on a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    ctx,
    chain: await recordChain(ctx, config.chain.id),
    api: await openApiCaller(ctx),
    app,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await ctx.close()
    },
  }
}
