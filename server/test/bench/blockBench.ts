import { randomBytes } from 'node:crypto'
import { leadChain } from '../../src/actions/leadChain.ts'
import { recordBlocks } from '../../src/actions/recordBlocks.ts'
import type { BlockHeader, Transfer } from '../../src/chain/chainNode.ts'
import type { Context } from '../../src/context.ts'
import { invariant } from '../../src/domain/errors.ts'
import { bytesToHex } from '../../src/domain/hex.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import {
  allAgree,
  blockAfter,
  createOrganization,
  createSession,
  paymentTo,
  testChainConfig,
} from '../harness/fixtures.ts'
import { openBenchDatabase } from './openBenchDatabase.ts'
import type { Row } from './report.ts'
import { percentile } from './statistics.ts'

const ADDRESSES = 1_000_000
const TRANSFERS = 1_500
const ROUNDS = 60
const WARM_UP = 10

/** A block of 1,500 transfers, none or one of them ours, against 1,000,000 stored deposit addresses: from the block, with its transfers read, to the commit. */
export async function benchBlock(): Promise<Row[]> {
  const config = testChainConfig({ confirmations: 3 })
  const { ctx, stop } = await openBenchDatabase([config])
  try {
    const caller = await createOrganization(ctx)
    await fill(ctx, await createSession(ctx, caller))
    const { lead, known } = await leadChain(ctx, config.chain.id, async () => blockAfter(null))
    let tip = known.at(-1) ?? null
    const ms: Record<'strangers' | 'payment', number[]> = { strangers: [], payment: [] }
    for (let round = 0; round < 2 * (ROUNDS + WARM_UP); round++) {
      const kind = round % 2 === 0 ? 'strangers' : 'payment'
      const header = blockAfter(tip)
      const paid = kind === 'payment' ? [paymentTo(await createSession(ctx, caller), header)] : []
      const transfers = [...paid, ...strangers(header, config.chain.id, TRANSFERS - paid.length)]
      const beganAt = performance.now()
      await recordBlocks(ctx, lead, [{ header, transfers }], allAgree(header.number))
      if (round >= 2 * WARM_UP) ms[kind].push(performance.now() - beganAt)
      tip = header
    }
    const row = (measure: string, kind: keyof typeof ms, p: number, aim: Row['aim']): Row => {
      return { section: 'block', measure, unit: 'ms', value: percentile(ms[kind], p), floor: null, ratio: null, aim }
    }
    const aim: Row['aim'] = { of: 'value', below: 50 }
    return [
      row(`${TRANSFERS} transfers of strangers against ${ADDRESSES} addresses, p50`, 'strangers', 0.5, aim),
      row('the same, p95', 'strangers', 0.95, null),
      row('one of them a payment, p50', 'payment', 0.5, null),
    ]
  } finally {
    await stop()
  }
}

/** Stores addresses that nobody pays, each of a session of its own, which is not there: nothing of it is asked for. */
async function fill(ctx: Context, { id }: CheckoutSession): Promise<void> {
  await ctx.db.owner.query(`
    begin;
    set local session_replication_role = 'replica';
    insert into deposit_addresses
       (address, organization_id, checkout_session_id, factory, init_code_hash, payouts, is_fallback, coin_chains, watch_until)
     select substr(sha256(int4send(n)), 1, 20), organization_id, gen_random_uuid(), factory, init_code_hash, payouts, false, '{}',
       '-infinity'
     from deposit_addresses, generate_series(1, ${ADDRESSES}) n where checkout_session_id = '${id}';
    commit`)
  await ctx.db.owner.query('vacuum analyze deposit_addresses')
  const { rows } = await ctx.db.owner.query<{ 'QUERY PLAN': string }>(
    `explain select address from deposit_addresses where address = any($1)`,
    [Array.from({ length: 2 * TRANSFERS }, () => randomBytes(20))],
  )
  const plan = rows.map(row => row['QUERY PLAN']).join('\n')
  invariant(/Index.* using deposit_addresses_pkey/.test(plan), `addresses are found by their index, not by:\n${plan}`)
}

function strangers({ hash, number }: BlockHeader, chainId: number, count: number): Transfer[] {
  const [asset] = testChainConfig({ chainId }).assets
  invariant(asset, 'the chain has an asset')
  return Array.from({ length: count }, (_, index) => ({
    chainId,
    asset: asset.address,
    to: bytesToHex(randomBytes(20)),
    from: bytesToHex(randomBytes(20)),
    amountRaw: 1n,
    txHash: bytesToHex(randomBytes(32)),
    place: `${index + 1}`,
    blockHash: hash,
    blockNumber: number,
  }))
}
