import { join } from 'node:path'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { leadChain } from '../../src/actions/leadChain.ts'
import { openChain } from '../../src/chain/openChain.ts'
import type { Context } from '../../src/context.ts'
import { openTemporaryFolder } from '../../src/dev/dataFolder.ts'
import { startPostgres } from '../../src/dev/embeddedPostgres.ts'
import { startLocalChain } from '../../src/dev/localChain.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import { closeContext, openContext } from '../../src/openContext.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openChainWallet } from '../harness/chainWallet.ts'
import { createOrganization, createSession, testChainConfig } from '../harness/fixtures.ts'
import { databaseUrl, execute } from '../harness/testDatabase.ts'
import { benchConfig } from './benchContext.ts'

/** A chain that was mined ahead of what the database knows of it. */
export type CatchUpWorld = {
  config: ChainConfig
  /** The last block that is recorded, and the last that is mined. */
  from: bigint
  to: bigint
  payments: number
  /** A context on a copy of the database as it was before the catch-up; `close` removes the copy. */
  openCopy: () => Promise<{ ctx: Context; close: () => Promise<void> }>
  stop: () => Promise<void>
}

const CHAIN_ID = 80_001
/**
 * So many that what begins and ends a round is little of it. With each block the local chain takes longer for the next: a day of them
 * takes half an hour.
 */
const BLOCKS = 15_000
const BLOCKS_PER_PAYMENT = 100

/** Starts a durable database and a chain, with sessions that are paid in one block of a hundred of those not recorded yet. */
export async function startCatchUpWorld(): Promise<CatchUpWorld> {
  const folder = openTemporaryFolder()
  const postgres = await startPostgres({ dataDir: join(folder.path, 'postgres'), durable: true })
  const chain = await startLocalChain({ dataDir: join(folder.path, 'chain'), chainId: CHAIN_ID })
  const wallet = await openChainWallet(chain.rpcUrl)
  const config = testChainConfig({ rpcUrl: chain.rpcUrl, tokens: { usdc: testUsdcAddress } })
  await migrate(postgres.url)
  const ctx = await openContext(benchConfig(postgres.url, [config]))
  const { known } = await leadChain(ctx, CHAIN_ID, () => openChain(config).head())
  const caller = await createOrganization(ctx)
  await wallet.mintUsdc(wallet.accounts[0], 10n ** 15n)
  for (let mined = 0; mined < BLOCKS; mined += BLOCKS_PER_PAYMENT) {
    const { deposit, assets } = await createSession(ctx, caller)
    await wallet.transferUsdc(deposit.address, assets[0]?.amountRaw ?? 0n)
    await wallet.call('anvil_mine', `0x${(BLOCKS_PER_PAYMENT - 1).toString(16)}`)
  }
  await closeContext(ctx)
  // A copy is made of a database that nobody is connected to, and a backend ends a moment after its client.
  const server = databaseUrl(postgres.url, 'postgres')
  await execute(server, "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = 'bitstream'")
  const { number: to } = await openChain(config).head()
  let copies = 0
  return {
    config,
    from: known.at(-1)?.number ?? 0n,
    to,
    payments: BLOCKS / BLOCKS_PER_PAYMENT,
    openCopy: async () => {
      const name = `copy_${++copies}`
      await execute(server, `create database ${name} template bitstream strategy file_copy`)
      const copy = await openContext(benchConfig(databaseUrl(postgres.url, name), [config]))
      return {
        ctx: copy,
        close: async () => {
          await closeContext(copy)
          await execute(server, `drop database ${name} with (force)`)
        },
      }
    },
    stop: async () => {
      await Promise.all([postgres.stop(), chain.stop()])
      folder.close()
    },
  }
}
