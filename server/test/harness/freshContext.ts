import { openBareContext } from './fixtures.ts'
import { createTestDatabase } from './testDatabase.ts'

/** A context over a database of its own; `close` ends its connections and removes the database. */
export type FreshContext = Awaited<ReturnType<typeof openBareContext>>

/** Opens such a context, bare as `openBareContext` makes it. */
export async function openFreshContext(options: Parameters<typeof openBareContext>[1] = {}): Promise<FreshContext> {
  const database = await createTestDatabase()
  const ctx = await openBareContext(database.url, options)
  return {
    ...ctx,
    close: async () => {
      await ctx.close()
      await database.drop()
    },
  }
}
