import { NATIVE } from '../../src/domain/asset.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { PayableAsset } from '../../src/domain/session.ts'
import { hashOf } from './network.ts'
import {
  addressOf,
  newWallet,
  pay,
  type Route,
  send,
  someAsset,
  someSession,
  sweepOf,
  transactionOf,
} from './payments.ts'
import type { StepTable } from './steps.ts'
import type { World } from './world.ts'

const FOREIGN_TOKEN = hashOf('a token that nobody configured').slice(0, 42) as Hex

/** Pays one of the sessions `amountOf` what is due in one of its assets. */
function payPart(world: World, amountOf: (row: PayableAsset) => bigint, route: Route = 'plain'): string {
  const found = someSession(world)
  if (found === null) return 'nothing'
  const { row } = someAsset(world, found)
  return pay(world, found, row.asset, amountOf(row), route)
}

/** Pays one of the sessions that take coin. */
function payCoin(world: World, route: Route): string {
  const taking = [...world.sessions.values()].filter(({ session }) => session.assets[0]?.asset.address === NATIVE)
  if (taking.length === 0) return 'nothing'
  const found = world.random.pick(taking)
  const { row } = someAsset(world, found)
  const amount = world.random.chance(60) ? row.amountRaw : row.amountRaw / 3n + 1n
  return pay(world, found, row.asset, amount, route)
}

function payWrongToken(world: World): string {
  const found = someSession(world)
  if (found === null) return 'nothing'
  const { row, chain } = someAsset(world, found)
  const wrong = chain.config.assets.filter(asset => asset.currency !== row.asset.currency && asset.address !== NATIVE)
  return pay(world, found, world.random.pick(wrong), 1_000_000n)
}

function payWrongChain(world: World): string {
  const found = someSession(world)
  if (found === null) return 'nothing'
  const payable = new Set(found.session.assets.map(({ asset }) => asset.chainId))
  const wrong = world.chains.filter(chain => !payable.has(chain.id)).flatMap(chain => chain.config.assets)
  const tokens = wrong.filter(asset => asset.address !== NATIVE)
  return tokens.length === 0 ? 'nothing' : pay(world, found, world.random.pick(tokens), 7_000_000n)
}

/** One transaction pays several sessions on one chain. */
function payMany(world: World): string {
  const chain = world.random.pick(world.chains)
  const moves = world.random
    .shuffle([...world.sessions.values()])
    .slice(0, 3)
    .flatMap(({ session }) => {
      const row = session.assets.find(one => one.asset.chainId === chain.id && one.asset.address !== NATIVE)
      return row === undefined ? [] : [{ asset: row.asset.address, to: addressOf(session), amountRaw: row.amountRaw }]
    })
  if (moves.length === 0) return 'nothing'
  send(chain, transactionOf(world, moves))
  return `${moves.length} on ${chain.id}`
}

/** What is due in parts that sum to it, in transactions of their own. */
function payInParts(world: World): string {
  const found = someSession(world)
  if (found === null) return 'nothing'
  const { row } = someAsset(world, found)
  const parts = world.random.between(2, 5)
  const each = row.amountRaw / BigInt(parts)
  for (let part = 1; part < parts; part++) pay(world, found, row.asset, each)
  return pay(world, found, row.asset, row.amountRaw - each * BigInt(parts - 1))
}

/** A share in one asset and the rest in another, where there are several. */
function payInTwoAssets(world: World): string {
  const found = someSession(world)
  if (found === null) return 'nothing'
  const [first, second = first] = world.random.shuffle(found.session.assets)
  if (first === undefined || second === undefined) return 'nothing'
  pay(world, found, first.asset, first.amountRaw / 3n)
  return pay(world, found, second.asset, second.amountRaw - second.amountRaw / 3n)
}

/** Another transaction takes the nonce of one that waits: to the same address with another amount, or to nobody of ours. */
function replace(world: World): string {
  const chain = world.random.pick(world.chains)
  const waiting = chain.network.pending.filter(({ isTransaction }) => isTransaction)
  if (waiting.length === 0) return 'nothing'
  const old = world.random.pick(waiting)
  const [move] = old.moves(() => 0n)
  if (move === undefined) return 'nothing'
  const to = world.random.chance(50) ? move.to : newWallet(world)
  const moves = [{ asset: move.asset, to, amountRaw: move.amountRaw / 2n + 1n }]
  chain.network.pending = chain.network.pending.filter(transaction => transaction !== old)
  send(chain, transactionOf(world, moves, { sender: old.sender }))
  return `${old.hash.slice(0, 8)} on ${chain.id}`
}

/** Whoever wants to moves what lies at a deposit address to where it may go. */
function sweep(world: World): string {
  const chain = world.random.pick(world.chains)
  const assets = chain.config.assets.map(({ address }) => address)
  const { balances } = chain.network.tip
  const holding = [...world.sessions.values()].filter(({ session }) =>
    assets.some(asset => (balances.get(`${asset} ${addressOf(session)}`) ?? 0n) > 0n),
  )
  if (holding.length === 0) return 'nothing'
  const { session } = world.random.pick(holding)
  const receiver = session.deposit.payouts.find(({ chainId }) => chainId === chain.id)?.receiver
  if (receiver === undefined) return 'nothing'
  send(chain, sweepOf(world, addressOf(session), assets, receiver))
  return `${session.id.slice(-6)} on ${chain.id}`
}

/** What payers, spammers and strangers do on the chains. */
export const PAYER_STEPS = {
  pay_exactly: { weight: 16, run: world => payPart(world, row => row.amountRaw) },
  pay_half: { weight: 6, run: world => payPart(world, row => row.amountRaw / 2n) },
  pay_all_but_a_unit: { weight: 2, run: world => payPart(world, row => row.amountRaw - 1n) },
  pay_all_but_a_hundredth: { weight: 3, run: world => payPart(world, row => row.amountRaw - row.amountRaw / 100n) },
  pay_a_unit_over: { weight: 2, run: world => payPart(world, row => row.amountRaw + 1n) },
  pay_double: { weight: 2, run: world => payPart(world, row => row.amountRaw * 2n) },
  pay_dust: { weight: 2, run: world => payPart(world, () => 1n) },
  pay_nothing: { weight: 2, run: world => payPart(world, () => 0n) },
  pay_by_minting: { weight: 2, run: world => payPart(world, row => row.amountRaw, 'protocol') },
  pay_reverted: { weight: 2, run: world => payPart(world, row => row.amountRaw, 'reverted') },
  pay_in_parts: { weight: 3, run: payInParts },
  pay_in_two_assets: { weight: 3, run: payInTwoAssets },
  pay_many_sessions: { weight: 3, run: payMany },
  pay_wrong_token: { weight: 3, run: payWrongToken },
  pay_wrong_chain: { weight: 3, run: payWrongChain },
  pay_foreign_token: {
    weight: 1,
    run: world => {
      const found = someSession(world)
      const chain = world.random.pick(world.chains)
      return found === null ? 'nothing' : pay(world, found, { chainId: chain.id, address: FOREIGN_TOKEN }, 10n ** 30n)
    },
  },
  pay_coin: { weight: 5, run: world => payCoin(world, 'plain') },
  pay_coin_by_contract: { weight: 4, run: world => payCoin(world, 'contract') },
  pay_coin_by_protocol: { weight: 2, run: world => payCoin(world, 'protocol') },
  pay_coin_reverted: { weight: 2, run: world => payCoin(world, 'reverted') },
  pay_unasked_coin: {
    weight: 2,
    run: world => {
      const found = someSession(world)
      const chain = world.random.pick(world.chains)
      return found === null ? 'nothing' : pay(world, found, { chainId: chain.id, address: NATIVE }, 3n * 10n ** 15n)
    },
  },
  pay_a_stranger: {
    weight: 1,
    run: world => {
      const chain = world.random.pick(world.chains)
      const asset = world.random.pick(chain.config.assets).address
      send(chain, transactionOf(world, [{ asset, to: newWallet(world), amountRaw: 5n }]))
      return `${chain.id}`
    },
  },
  replace_payment: { weight: 3, run: replace },
  sweep: { weight: 5, run: sweep },
} satisfies StepTable
