import type { WorldDescription } from './testWorld.ts'

/** What a newcomer sees when the world is ready: where things are, a key, a first request to paste, and what to do next. */
export function welcome(world: WorldDescription): string {
  const chain = Object.keys(world.chains)[0] ?? ''
  const post = (path: string, body: object) => `  curl ${world.apiUrl}/api/v1${path} \\
    -H 'Authorization: Bearer ${world.apiKey}' \\
    -H 'Content-Type: application/json' \\
    -d '${JSON.stringify(body)}'`
  return `
Bitstream's test world is ready.

  Dashboard  ${world.dashboardUrl}
  API        ${world.apiUrl}/api/v1
  Reference  ${world.docsUrl}
  E-mail     ${world.apiUrl}/test/inbox
  API key    ${world.apiKey}
  Chain      ${world.chains[chain]?.rpcUrl} (chain id ${chain})

1. Create a checkout session over 1.00 USDC:

${post('/checkout/sessions', SESSION)}

2. Open the "url" of the answer in a browser and choose "Pay with the test wallet".

3. To be told of payments, name an address of your server, on this machine too. The answer holds the secret of its signatures:

${post('/webhook-endpoints', ENDPOINT)}

Ctrl-C stops everything.
`
}

const SESSION = {
  successUrl: 'https://example.com/success?cid={CHECKOUT_SESSION_ID}',
  lineItems: {
    data: [{ priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: 'Basic' } } }],
  },
}

const ENDPOINT = {
  url: 'http://127.0.0.1:4000/webhooks',
  description: 'My server',
  enabledEvents: { events: ['*'] },
}
