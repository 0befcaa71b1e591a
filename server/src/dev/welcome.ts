import type { WorldDescription } from './testWorld.ts'

/** What a newcomer sees when the world is ready: where things are, a key, and a first request to paste. */
export function welcome(world: WorldDescription): string {
  const chain = Object.keys(world.chains)[0] ?? ''
  return `
Bitstream's test world is ready.

  API        ${world.apiUrl}/api/v1
  Reference  ${world.docsUrl}
  API key    ${world.apiKey}
  Chain      ${world.chains[chain]?.rpcUrl} (chain id ${chain})

Create a checkout session:

  curl ${world.apiUrl}/api/v1/checkout/sessions \\
    -H 'Authorization: Bearer ${world.apiKey}' \\
    -H 'Content-Type: application/json' \\
    -d '{"successUrl":"https://example.com/success?cid={CHECKOUT_SESSION_ID}","lineItems":{"data":[{"priceData":{"currency":"usdc","unitAmount":"100000000","productData":{"name":"Basic"}}}]}}'

Then open the "url" of the answer in a browser and choose "Pay with the test wallet". Ctrl-C stops everything.
`
}
