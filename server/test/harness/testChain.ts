import { join } from 'node:path'
import { openTemporaryFolder } from '../../src/dev/dataFolder.ts'
import { startLocalChain } from '../../src/dev/localChain.ts'

/** A chain of its own for one test file. */
export type TestChain = {
  readonly rpcUrl: string
  readonly chainId: number
  /** Ends the chain and removes its state. */
  stop(): Promise<void>
}

/** Starts an empty local chain on a free port, in about 60 ms; it mines when a transaction arrives, or by `anvil_mine`. */
export async function startTestChain(): Promise<TestChain> {
  const chainId = 80001
  const folder = openTemporaryFolder()
  const chain = await startLocalChain({ dataDir: join(folder.path, 'chain'), chainId })
  return {
    rpcUrl: chain.rpcUrl,
    chainId,
    stop: async () => {
      await chain.stop()
      folder.close()
    },
  }
}
