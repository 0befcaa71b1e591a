import { sql } from 'kysely'
import type { Asset, Chain } from '../domain/asset.ts'
import type { Chains } from '../domain/chainConfig.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { bufferHex, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** Every chain and asset that this database has ever known, those no longer served included; `learnAssets` adds to it. */
export type KnownChains = { chains: Map<number, Chain>; assets: Map<string, Asset> }

/** Writes the configured chains and assets, and reads back all that are known; an asset's decimals can never change. */
export async function syncChains(tx: Tx, configured: Chains): Promise<KnownChains> {
  for (const { chain, assets } of configured.values()) {
    await tx
      .insertInto('chains')
      .values({ id: BigInt(chain.id), data: JSON.stringify(chain) })
      .onConflict(conflict => conflict.column('id').doUpdateSet({ data: sql`excluded.data` }))
      .execute()
    for (const asset of assets) {
      await tx
        .insertInto('assets')
        .values({
          id: asset.id,
          chain_id: BigInt(chain.id),
          address: hexBuffer(asset.address),
          decimals: asset.decimals,
          data: JSON.stringify(asset),
        })
        .onConflict(conflict =>
          conflict.column('id').doUpdateSet({ data: sql`excluded.data`, decimals: sql`excluded.decimals` }),
        )
        .execute()
    }
  }
  const known: KnownChains = { chains: new Map(), assets: new Map() }
  await learnChains(tx, known)
  return known
}

/** Tells the asset of each of these `ids`, also one that another process, of a newer configuration, has written since. */
export async function learnAssets(tx: Tx, known: KnownChains, ids: readonly string[]): Promise<(id: string) => Asset> {
  if (ids.some(id => !known.assets.has(id))) await learnChains(tx, known)
  return id => {
    const asset = known.assets.get(id)
    invariant(asset, `asset ${id} is known`)
    return asset
  }
}

async function learnChains(tx: Tx, known: KnownChains): Promise<void> {
  for (const { data } of await tx.selectFrom('chains').select('data').execute()) {
    const chain = data as Chain
    if (!known.chains.has(chain.id)) known.chains.set(chain.id, chain)
  }
  for (const { data } of await tx.selectFrom('assets').select('data').execute()) {
    const asset = data as Asset
    if (!known.assets.has(asset.id)) known.assets.set(asset.id, asset)
  }
}

/** The hash of block 0 that each chain was first seen with, by chain id. */
export async function loadGenesis(tx: Tx): Promise<ReadonlyMap<number, Hex>> {
  const rows = await tx.selectFrom('chains').select(['id', 'genesis']).execute()
  return new Map(rows.flatMap(({ id, genesis }) => (genesis === null ? [] : [[Number(id), bufferHex(genesis)]])))
}

/** Stores the hash of the chain's block 0, seen for the first time; null forgets it. */
export async function setGenesis(tx: Tx, chainId: number, genesis: Hex | null): Promise<void> {
  const stored = tx
    .updateTable('chains')
    .set({ genesis: genesis && hexBuffer(genesis) })
    .where('id', '=', BigInt(chainId))
  await (genesis === null ? stored : stored.where('genesis', 'is', null)).execute()
}

/** The number and time of the last block read, by chain id. */
export type Heads = ReadonlyMap<number, { number: bigint; time: Date }>

/** The last block read of each chain. */
export async function loadHeads(tx: Tx): Promise<Heads> {
  const rows = await tx.selectFrom('cursors').select(['chain_id', 'number', 'time']).execute()
  return new Map(rows.map(row => [Number(row.chain_id), { number: row.number, time: row.time }]))
}
