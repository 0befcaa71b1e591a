// Written by npm run generate, from server/openapi.json.

/** The factories of this release, the same on every chain, with the hash of the code that they create. */
export const FACTORIES: readonly { factory: string; initCodeHash: string }[] = [
  {
    factory: '0xd526ee8d2eee4910f910c8957efb97aec934fecf',
    initCodeHash: '0xfe88641914bd68cc76d98180b76d76e630d04443b03b4e25c40d97982c2a71fb',
  },
]
