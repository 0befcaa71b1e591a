import { Bitstream } from '@bitstream/sdk'
import { guardedFetch } from './account.ts'

/** The public API in the name of whoever is signed in. */
export const bitstream = new Bitstream(null, { baseUrl: location.origin, fetch: guardedFetch })
