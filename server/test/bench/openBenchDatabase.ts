import { join } from 'node:path'
import type { Context } from '../../src/context.ts'
import { openTemporaryFolder } from '../../src/dev/dataFolder.ts'
import { startPostgres } from '../../src/dev/embeddedPostgres.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import { closeContext, openContext } from '../../src/openContext.ts'
import { migrate } from '../../src/store/migrate.ts'
import { benchConfig } from './benchContext.ts'

/** A context on a durable database of its own, and nothing else: blocks are made by hand. `stop` removes both. */
export async function openBenchDatabase(chains: ChainConfig[]): Promise<{ ctx: Context; stop: () => Promise<void> }> {
  const folder = openTemporaryFolder()
  const postgres = await startPostgres({ dataDir: join(folder.path, 'postgres'), durable: true })
  await migrate(postgres.url)
  const ctx = await openContext(benchConfig(postgres.url, chains))
  return {
    ctx,
    stop: async () => {
      await closeContext(ctx)
      await postgres.stop()
      folder.close()
    },
  }
}
