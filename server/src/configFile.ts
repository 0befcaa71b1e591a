import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Hex } from './domain/hex.ts'

/** An address in a file of the operator's, as all addresses are compared. */
export const addressSchema = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/, 'must be 0x and 40 lower-case hex digits')
  .transform(text => text as Hex)

/** The JSON list in `file`, which the setting `variable` names; none with everything that is wrong with it. */
export function readConfigFile<Entry>(
  variable: string,
  file: string,
  schema: z.ZodType<Entry[]>,
): { entries: Entry[]; problems: string[] } {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return { entries: [], problems: [`${variable}: ${file} cannot be read: ${(error as Error).message}`] }
  }
  const { data: entries = [], error } = schema.safeParse(json)
  return {
    entries,
    problems: (error?.issues ?? []).map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`),
  }
}
