import { readMarket, sweepRates } from '../actions/findSweepable.ts'
import { readOpenSweeps, type SweepAtWork } from '../actions/readOpenSweeps.ts'
import { type RefusedDeposit, splitSweep } from '../actions/splitSweep.ts'
import { recordBroadcast, replaceTransaction, submitSweep } from '../actions/submitSweep.ts'
import type { Context } from '../context.ts'
import { feeCeiling, type GasMarket, gasCost, offer, raise } from '../domain/gasFees.ts'
import type { SweepDeposit } from '../domain/sweep.ts'
import { dollarValue, totalValue } from '../domain/sweepPlan.ts'
import type { SweepMemory } from './sweepChain.ts'

type Gas = NonNullable<ReturnType<Context['gas']['get']>>
type Head = NonNullable<Awaited<ReturnType<Gas['head']>>>
type Rates = Awaited<ReturnType<typeof sweepRates>>
type Transaction = SweepAtWork['transactions'][number]

/** What a pass sends with. */
type Pass = { ctx: Context; gas: Gas; head: Head; market: GasMarket; rates: Rates; memory: SweepMemory }

/** As many transactions of one account as every node keeps and passes on. */
const IN_FLIGHT_MAX = 16
/** After so many blocks without it, a transaction is offered more for. */
const STUCK_BLOCKS = 6n
/** Beyond the estimate, so that a transfer that fails only in the block can be shown to have had its full cap of gas. */
const GAS_MARGIN = 350_000n

/**
 * Sends what is planned on the chain, gives what was sent and is in no block to the nodes again after each block, and offers more
 * for the first of it when it is stuck. Every transaction is stored before it is sent.
 */
export async function sendSweeps(ctx: Context, chainId: number, gas: Gas, memory: SweepMemory): Promise<void> {
  const { sweeps } = await readOpenSweeps(ctx, chainId)
  const ours = sweeps.filter(({ isOurs }) => isOurs)
  const waiting = ours.filter(sweep => sweep.status === 'submitted' && !memory.mined.has(sweep.id))
  const planned = ours.filter(({ status }) => status === 'planned')
  if (waiting.length + planned.length === 0) return
  const head = await gas.head()
  if (head === null) return
  const assetIds = ours.flatMap(({ deposits }) => deposits.map(({ assetId }) => assetId))
  const rates = await sweepRates(ctx, chainId, assetIds)
  const pass = { ctx, gas, head, market: await readMarket(ctx, chainId, rates), rates, memory }
  await pushWaiting(pass, waiting)
  for (const sweep of planned.slice(0, Math.max(0, IN_FLIGHT_MAX - waiting.length))) await sendPlanned(pass, sweep)
}

async function pushWaiting(pass: Pass, waiting: readonly SweepAtWork[]): Promise<void> {
  const { ctx, head, market, memory } = pass
  const isNewBlock = head.block.hash !== memory.lastPushed
  memory.lastPushed = head.block.hash
  const unmined = waiting
    .flatMap(sweep => {
      const [newest] = sweep.transactions
      return newest === undefined || newest.nonce < head.nonce ? [] : { sweep, newest }
    })
    .sort((left, right) => (left.newest.nonce < right.newest.nonce ? -1 : 1))
  for (const [index, { sweep, newest }] of unmined.entries()) {
    const isStuck = index === 0 && head.block.number - newest.headNumber >= STUCK_BLOCKS
    const value = totalValue(valued(ctx, sweep.deposits, pass.rates))
    const replacement = isStuck
      ? await replaceTransaction(ctx, sweep, head.block, (old, gas) =>
          raise(old, market, feeCeiling(market, gas, value)),
        )
      : null
    if (replacement !== null) await broadcast(pass, replacement)
    else if (isNewBlock || newest.broadcastAt === null) await broadcast(pass, newest)
  }
}

/** Tries a sweep at the newest block, and signs and sends it unless something speaks against it. */
async function sendPlanned(pass: Pass, sweep: SweepAtWork): Promise<void> {
  const { ctx, gas, head, market } = pass
  const tried = await tryOut(pass, sweep)
  if (tried === null) return tell(pass, sweep, 'A sweep would fail as a whole, and is tried again')
  if (tried.refused.length > 0) return await splitSweep(ctx, sweep, tried.refused)
  // Somebody was faster: the facts will say so.
  if (tried.isEmpty) return
  const estimate = await gas.estimate(sweep.call)
  if (estimate === null) return tell(pass, sweep, 'The gas of a sweep cannot be told, and is asked for again')
  const value = totalValue(valued(ctx, sweep.deposits, pass.rates))
  const cost = gasCost(estimate, market.usual ?? market.price, market.coinUsd)
  if (value !== null && cost !== null && cost > value) {
    const refused = sweep.deposits.map(deposit => ({ deposit, failure: 'gas_exceeds_value' as const }))
    return await splitSweep(ctx, sweep, refused)
  }
  const fees = offer(market, feeCeiling(market, estimate, value))
  if (fees === null) return tell(pass, sweep, 'A sweep waits for gas to cost less')
  const limit = estimate + estimate / 10n + GAS_MARGIN
  const balance = await gas.balance(head.block)
  if (balance === null || balance < limit * fees.cap) return tell(pass, sweep, 'The gas account cannot pay for a sweep')
  const transaction = await submitSweep(ctx, sweep, { block: head.block, nonce: head.nonce, gas: limit, fees })
  if (transaction !== null) await broadcast(pass, transaction)
}

/** Says why a sweep is not sent, once while that stays so. */
function tell({ ctx, gas, memory }: Pass, { id: sweepId, chainId }: SweepAtWork, message: string): void {
  if (memory.told.get(sweepId) === message) return
  memory.told.set(sweepId, message)
  ctx.log.warn({ chainId, sweepId, account: gas.address }, message)
}

/** What the sweep would do now: which deposits it would not move, and whether there is nothing to move at all. */
async function tryOut(
  { ctx, gas, head }: Pass,
  sweep: SweepAtWork,
): Promise<{ refused: RefusedDeposit[]; isEmpty: boolean } | null> {
  const tokenOf = (deposit: SweepDeposit) => ctx.known.assets.get(deposit.assetId)?.address
  const addresses = [...new Set(sweep.deposits.map(({ address }) => address))]
  const tokens = [...new Set(sweep.deposits.flatMap(deposit => tokenOf(deposit) ?? []))]
  const trials = await gas.attempt(sweep.call, addresses, tokens, head.block)
  if (trials === null) return null
  const stuck = trials.filter(({ heldRaw, leftRaw }) => heldRaw > 0n && leftRaw >= heldRaw)
  const paused = new Set<string>()
  for (const token of new Set(stuck.map(trial => trial.token))) {
    if (await gas.isPaused(token, head.block)) paused.add(token)
  }
  const refused = sweep.deposits.flatMap((deposit): RefusedDeposit[] => {
    const token = tokenOf(deposit)
    if (!stuck.some(trial => trial.deposit === deposit.address && trial.token === token)) return []
    return [{ deposit, failure: paused.has(token ?? '') ? 'token_paused' : 'transfer_refused' }]
  })
  return { refused, isEmpty: trials.every(({ heldRaw }) => heldRaw === 0n) }
}

function valued(ctx: Context, deposits: readonly SweepDeposit[], rates: Rates) {
  return deposits.map(({ assetId, amountRaw }) => {
    const asset = ctx.known.assets.get(assetId)
    return { valueUsd: asset === undefined ? null : dollarValue(asset, amountRaw, rates) }
  })
}

async function broadcast({ ctx, gas }: Pass, { hash, raw, chainId, sweepId, broadcastAt }: Transaction): Promise<void> {
  const taken = await gas.broadcast(raw)
  // What a node knows already it refuses too: only a first refusal is news.
  if (taken > 0) await recordBroadcast(ctx, hash)
  else if (broadcastAt === null) ctx.log.warn({ chainId, sweepId, hash }, 'No node has taken a sweep yet; tried again')
}
