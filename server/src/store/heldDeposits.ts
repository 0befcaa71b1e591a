import { sql } from 'kysely'
import type { Payout } from '../domain/depositAddress.ts'
import type { Hex } from '../domain/hex.ts'
import type { SweepDeposit } from '../domain/sweep.ts'
import type { SweepPolicy } from '../domain/sweepPlan.ts'
import { bufferHex, byteaText, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** Final money at a deposit address that no sweep of ours is under way for, and its organization's policy. */
export type HeldDeposit = SweepDeposit & {
  organizationId: string
  factory: Hex
  payouts: Payout[]
  policy: SweepPolicy
  worthTimes: number
}

/** Which of the money on a chain is looked for; blocks up to `finalNumber` are final. */
export type HeldFilter = {
  chainId: number
  finalNumber: bigint
  limit: number
  sessionIds?: readonly string[]
  assetIds?: readonly string[]
  /** Only addresses that were paid in this block or after it. */
  fromBlock?: bigint
  /** Only what a policy may sweep at `now`: `daily` once a day from `dayStart` on, and what could not be moved after a while only. */
  byPolicy?: { now: Date; dayStart: Date }
}

/**
 * What lies at deposit addresses by the facts: all that was paid and is final, matched or not, less what has left. Assets that
 * cannot be relied on now are left out. The oldest sessions first.
 */
export async function findHeld(tx: Tx, filter: HeldFilter): Promise<HeldDeposit[]> {
  const { chainId, finalNumber, limit, sessionIds, assetIds, byPolicy } = filter
  const facts = (time: 'transfers' | 'facts') => sql`chain_id = ${chainId} and orphaned_at is null
    ${sessionIds === undefined ? sql`` : sql`and checkout_session_id = any(${sessionIds}::uuid[])`}
    ${assetIds === undefined ? sql`` : sql`and asset_id = any(${assetIds}::uuid[])`}
    ${filter.fromBlock === undefined ? sql`` : recent(chainId, filter.fromBlock)}
    ${time === 'transfers' ? sql`and posted_at is not null` : sql`and (kind = 'out' or block_number <= ${finalNumber})`}`
  const { rows } = await sql<Row>`
    with held as (
      select organization_id, checkout_session_id, address, asset_id, sum(amount) as amount_raw from (
        select organization_id, checkout_session_id, address, asset_id, amount_raw::numeric as amount
        from transfers where ${facts('transfers')}
        union all
        select organization_id, checkout_session_id, address, asset_id, case kind when 'out' then -amount_raw else amount_raw end
        from sweep_facts where ${facts('facts')}) moved
      group by organization_id, checkout_session_id, address, asset_id having sum(amount) > 0)
    select h.*, d.factory, d.payouts, o.sweep_policy, o.sweep_worth
    from held h join deposit_addresses d using (address) join organizations o on o.id = h.organization_id
    where not exists (select from asset_health a where a.asset_id = h.asset_id)
      and not exists (${sweepsOf} and s.is_ours and s.status in ('planned', 'submitted'))
      ${byPolicy === undefined ? sql`` : policyAllows(chainId, byPolicy)}
    order by h.checkout_session_id, h.address, h.asset_id limit ${limit}`.execute(tx)
  return rows.map(fromRow)
}

const sweepsOf = sql`select from sweep_deposits sd join sweeps s on s.organization_id = sd.organization_id and s.id = sd.sweep_id
  where sd.address = h.address and sd.asset_id = h.asset_id`

function recent(chainId: number, fromBlock: bigint) {
  return sql`and checkout_session_id in (
    select checkout_session_id from transfers where chain_id = ${chainId} and posted_at is not null and orphaned_at is null
      and block_number >= ${fromBlock})`
}

/** After one failure ten minutes pass, after each further one twice as long, at most a day; those of the last week count. */
function policyAllows(chainId: number, { now, dayStart }: { now: Date; dayStart: Date }) {
  return sql`and o.sweep_policy <> 'manual'
    and (o.sweep_policy <> 'daily' or not exists (
      select from sweeps s where s.organization_id = o.id and s.chain_id = ${chainId} and s.is_ours and s.created_at >= ${dayStart}))
    and (select count(*) = 0
        or max(s.updated_at) + least(interval '10 minutes' * power(2, least(count(*), 12) - 1), interval '1 day') <= ${now}
      from sweep_deposits sd join sweeps s on s.organization_id = sd.organization_id and s.id = sd.sweep_id
      where sd.address = h.address and sd.asset_id = h.asset_id and s.status = 'failed'
        and s.updated_at > ${now}::timestamptz - interval '7 days')`
}

/** How the money of these addresses is moved. */
export async function loadRoutes(
  tx: Tx,
  addresses: readonly Hex[],
): Promise<Map<Hex, { factory: Hex; payouts: Payout[] }>> {
  const rows = await tx
    .selectFrom('deposit_addresses')
    .select(['address', 'factory', 'payouts'])
    .where('address', '=', sql<Buffer>`any(${addresses.map(hexBuffer)})`)
    .execute()
  return new Map(
    rows.map(row => [
      bufferHex(row.address),
      { factory: bufferHex(row.factory), payouts: row.payouts as unknown as Payout[] },
    ]),
  )
}

/** Those of `deposits` that a sweep of ours is under way for, as `address assetId`. */
export async function findUnderWay(
  tx: Tx,
  deposits: readonly Pick<SweepDeposit, 'address' | 'assetId'>[],
): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select '0x' || encode(h.address, 'hex') || ' ' || h.asset_id as key
    from json_to_recordset(${JSON.stringify(
      deposits.map(({ address, assetId }) => ({ address: byteaText(address), asset_id: assetId })),
    )}::json) h(address bytea, asset_id uuid)
    where exists (${sweepsOf} and s.is_ours and s.status in ('planned', 'submitted'))`.execute(tx)
  return new Set(rows.map(({ key }) => key))
}

type Row = {
  organization_id: string
  checkout_session_id: string
  address: Buffer
  asset_id: string
  amount_raw: string
  factory: Buffer
  payouts: unknown
  sweep_policy: string
  sweep_worth: number
}

function fromRow(row: Row): HeldDeposit {
  return {
    organizationId: row.organization_id,
    sessionId: row.checkout_session_id,
    address: bufferHex(row.address),
    assetId: row.asset_id,
    amountRaw: BigInt(row.amount_raw),
    factory: bufferHex(row.factory),
    payouts: row.payouts as Payout[],
    policy: row.sweep_policy as SweepPolicy,
    worthTimes: row.sweep_worth,
  }
}
