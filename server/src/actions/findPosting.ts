import type { Transfer } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { assetId, NATIVE } from '../domain/asset.ts'
import { finalUpTo, type Marks } from '../domain/finality.ts'
import type { Hex } from '../domain/hex.ts'
import { asWorker } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { loadExpectedBalances } from '../store/expectedBalances.ts'
import { chainOf } from './chainOf.ts'
import { findFinalTransfers } from './findPostable.ts'

/** What of a token lies at a deposit address by the facts, in base units; `asset` is its contract. */
export type BalanceClaim = { assetId: string; asset: Hex; address: Hex; amountRaw: bigint }

/**
 * The balances that transfers rest on which `marks` may make final, as they are by the facts once `found` is recorded: what the
 * chain holds up to the block of `marks` is to be compared with them. The native coin is not among them: its transfers are
 * balances.
 */
export async function findPosting(
  ctx: Context,
  chainId: number,
  marks: Marks,
  found: readonly Transfer[],
): Promise<BalanceClaim[]> {
  const { finality, assets } = chainOf(ctx, chainId)
  const tokens = new Map(assets.filter(({ address }) => address !== NATIVE).map(asset => [asset.id, asset.address]))
  const moved = found.flatMap(transfer => {
    const id = assetId(chainId, transfer.asset)
    return tokens.has(id) ? { ...transfer, assetId: id } : []
  })
  const expected = await asWorker(ctx.db, async tx => {
    const pending = await findFinalTransfers(tx, ctx, chainId, marks)
    const young = moved.filter(({ blockNumber }) => finality.some(policy => blockNumber <= finalUpTo(policy, marks)))
    const owners = await findDepositOwners(
      tx,
      young.map(({ to }) => to),
    )
    const wanted = [
      ...pending,
      ...young.filter(({ to }) => owners.has(to)).map(({ to, ...rest }) => ({ ...rest, address: to })),
    ]
    const each = new Map(
      wanted.filter(row => tokens.has(row.assetId)).map(row => [`${row.assetId} ${row.address}`, row]),
    )
    return await loadExpectedBalances(tx, [...each.values()])
  })
  return expected.map(({ assetId: id, address, amountRaw }) => {
    const own = moved.filter(transfer => transfer.assetId === id)
    const sum = (rows: typeof own) => rows.reduce((total, row) => total + row.amountRaw, 0n)
    const arrived = sum(own.filter(({ to }) => to === address))
    const left = sum(own.filter(({ from }) => from === address))
    return { assetId: id, asset: tokens.get(id) ?? NATIVE, address, amountRaw: amountRaw + arrived - left }
  })
}
