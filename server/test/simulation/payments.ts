import { NATIVE } from '../../src/domain/asset.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { CheckoutSession, PayableAsset } from '../../src/domain/session.ts'
import { type FakeTransaction, hashOf, type Move } from './network.ts'
import type { Chain, SimulatedSession, World } from './world.ts'

/** How coin reaches an address: by the transaction itself, by a contract, by the protocol, or, reverted, not at all. */
export type Route = 'plain' | 'contract' | 'protocol' | 'reverted'

/** Where tokens come from that are made for the payment. */
const NOBODY = NATIVE

/** A wallet that sends one transaction in its life, so that its only nonce is 0. */
export function newWallet(world: World): Hex {
  world.made += 1
  return hashOf(`wallet ${world.made}`).slice(0, 42) as Hex
}

/** A transaction that moves money, from a wallet of its own. */
export function transactionOf(
  world: World,
  moves: readonly Omit<Move, 'from'>[],
  options: { route?: Route; sender?: Hex } = {},
): FakeTransaction {
  const { route = 'plain', sender = newWallet(world) } = options
  world.made += 1
  const [first] = moves
  const carries = first?.asset === NATIVE && route !== 'contract' ? { to: first.to, amountRaw: first.amountRaw } : null
  return {
    hash: hashOf(`transaction ${world.made}`),
    sender,
    nonce: 0n,
    succeeded: route !== 'reverted',
    carries,
    isTransaction: route !== 'protocol',
    moves: () => moves.map(move => ({ ...move, from: route === 'protocol' ? NOBODY : sender })),
  }
}

/** A stranger's call of the factory: everything that lies at the address in these assets goes to the receiver. */
export function sweepOf(world: World, address: Hex, assets: readonly Hex[], receiver: Hex): FakeTransaction {
  const call = transactionOf(world, [])
  return {
    ...call,
    moves: balanceOf =>
      assets.flatMap(asset => {
        const amountRaw = balanceOf(asset, address)
        return amountRaw > 0n ? [{ asset, from: address, to: receiver, amountRaw, isSweep: asset === NATIVE }] : []
      }),
  }
}

/** Sends the transaction to the chain, where it waits to be mined. */
export function send(chain: Chain, transaction: FakeTransaction): void {
  chain.network.pending.push(transaction)
}

/** One of the sessions, the newer the likelier; null while there is none. */
export function someSession(world: World): SimulatedSession | null {
  const all = [...world.sessions.values()]
  if (all.length === 0) return null
  const newest = all.slice(-4)
  return world.random.pick(world.random.chance(75) ? newest : all)
}

/** One of the assets that the session may be paid in, with its chain. */
export function someAsset(world: World, { session }: SimulatedSession): { row: PayableAsset; chain: Chain } {
  const row = world.random.pick(session.assets)
  return { row, chain: chainOf(world, row.asset.chainId) }
}

/** The chain of that id. */
export function chainOf(world: World, id: number): Chain {
  const chain = world.chains.find(one => one.id === id)
  invariant(chain, `chain ${id} is simulated`)
  return chain
}

/** Where the session's money goes. */
export function addressOf({ deposit }: CheckoutSession): Hex {
  return deposit.address
}

/** Pays `amountRaw` base units of an asset to the session. */
export function pay(
  world: World,
  { session }: SimulatedSession,
  asset: { chainId: number; address: Hex },
  amountRaw: bigint,
  route: Route = 'plain',
): string {
  const chain = chainOf(world, asset.chainId)
  send(chain, transactionOf(world, [{ asset: asset.address, to: addressOf(session), amountRaw }], { route }))
  return `${session.id.slice(-6)} ${amountRaw} of ${asset.address.slice(0, 6)} on ${chain.id}`
}
