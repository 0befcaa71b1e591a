import type { Context } from '../context.ts'
import { createApp } from './app.ts'
import { openApiDocument } from './docs.ts'

/** The OpenAPI document as committed in openapi.json: of the test world, which has every operation. */
export function printOpenApi(): string {
  // Routes are only described here, never called: nothing of the world is touched.
  const nothing = {
    config: {
      mode: 'test',
      publicUrl: null,
      rateLimitPerS: null,
      payerRateLimitPerS: null,
      trustedProxies: 0,
      chains: [],
    },
    chains: new Map(),
    known: { chains: new Map(), assets: new Map() },
    testWallet: {},
  } as unknown as Context
  return `${JSON.stringify(openApiDocument(createApp(nothing), ''), null, 2)}\n`
}
