import { z } from 'zod'
import { addressSchema, readConfigFile } from './configFile.ts'
import { CRYPTO, type Currency, FIAT } from './domain/currency.ts'
import { type HttpRates, rateKey } from './domain/rate.ts'

const currency = z.enum([...CRYPTO, ...FIAT])

/** The `feeds` of a chain (see docs/operations.md). */
export const feedsSchema = z.strictObject({
  sequencer: z
    .strictObject({ address: addressSchema, graceS: z.int().min(0).max(86_400).default(3_600) })
    .nullable()
    .default(null),
  prices: z
    .array(z.strictObject({ currency, address: addressSchema, heartbeatS: z.int().min(1).max(604_800) }))
    .min(1)
    .refine(
      prices => new Set(prices.map(({ currency }) => rateKey(currency))).size === prices.length,
      'must name each currency once: the feeds of a chain are one source (matic and pol are one coin)',
    ),
})

const path = z.string().min(1).max(200)

const sourceSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9 .-]{1,40}$/, 'must be 1 to 40 letters, digits, blanks, dots and dashes'),
  url: z.url({ protocol: /^https?$/ }).refine(url => /\{ids?\}/.test(url), 'must have {id} or {ids} in it'),
  price: path,
  time: path.nullable().default(null),
  ids: z.partialRecord(currency, z.string().min(1).max(100)).transform(byKey).nullable().default(null),
})

function byKey(ids: Readonly<Partial<Record<Currency, string>>>): HttpRates['ids'] {
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [rateKey(name as Currency), id]))
}

/** The sources in the JSON file at `file` (none without one), and everything that is wrong with them. */
export function readRateSources(file: string): { sources: HttpRates[]; problems: string[] } {
  if (file === '') return { sources: [], problems: [] }
  const { entries: sources, problems } = readConfigFile('BITSTREAM_RATES_FILE', file, z.array(sourceSchema))
  const names = new Set(sources.map(({ name }) => name))
  if (names.size < sources.length) problems.push(`${file}: two sources have the same name`)
  return { sources, problems }
}
