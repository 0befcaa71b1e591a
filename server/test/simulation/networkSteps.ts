import { addBlock, ancestorAt, type FakeBlock, followTip, mine, type Network } from './network.ts'
import { transactionOf } from './payments.ts'
import { type Fault, healProvider, type Provider } from './provider.ts'
import type { StepTable } from './steps.ts'
import type { Chain, World } from './world.ts'

/** Where a payment is final by a count of blocks alone, nothing else keeps a fork from being deeper. */
const DEPTH_MAX = 12

function mineOn(world: World, chain: Chain, count: number, percent = 100): string {
  const { network } = chain
  const before = network.tip.header.number
  for (let block = 0; block < count; block++) {
    world.clock.advance(network.isHalted ? 0 : 500)
    mine(network, world.clock.now(), () => world.random.chance(percent))
  }
  return `${chain.id} ${network.tip.header.number - before}`
}

function mineSome(world: World, least: number, most: number, percent = 100): string {
  return mineOn(world, world.random.pick(world.chains), world.random.between(least, most), percent)
}

/** The block that a fork of so many blocks begins after; nothing final is given up. */
function forkPoint(network: Network, depth: number): FakeBlock | null {
  const number = network.tip.header.number - BigInt(depth)
  const point = ancestorAt(network.tip, number)
  if (point === null || point === network.tip) return null
  return point.header.number < network.finalized.header.number ? null : point
}

/** What becomes of the transactions of lost blocks. */
type Fate = 'moved' | 'dropped' | 'some'

function reorg(world: World, depth: number, growth: number, fate: Fate): string {
  const chain = world.random.pick(world.chains)
  const { network } = chain
  const point = forkPoint(network, depth)
  if (point === null || network.isHalted) return 'nothing'
  const waitingBefore = new Set(network.pending)
  const old = network.tip
  followTip(network, point)
  const lost = network.pending.filter(transaction => !waitingBefore.has(transaction))
  const kept = lost.filter(() => fate === 'moved' || (fate === 'some' && world.random.chance(50)))
  network.pending = network.pending.filter(transaction => !lost.includes(transaction) || kept.includes(transaction))
  const order = world.random.shuffle(network.pending)
  network.pending = order
  for (let block = 0; block < depth + growth; block++) mine(network, world.clock.now(), () => world.random.chance(50))
  world.clock.advance(500)
  return `${chain.id} ${depth} of ${old.header.number} to ${network.tip.header.number}, ${kept.length} of ${lost.length} kept`
}

/** The chain goes back to a branch that it had left, and on from there. */
function returnToBranch(world: World): string {
  const chain = world.random.pick(world.chains)
  const { network } = chain
  const ends = [...network.blocks.values()].filter(block => {
    const isNear = block.header.number + 6n >= network.tip.header.number && !block.isForged
    if (!isNear || ancestorAt(network.tip, block.header.number) === block) return false
    return ancestorAt(block, network.finalized.header.number) === network.finalized
  })
  if (ends.length === 0 || network.isHalted) return 'nothing'
  const end = world.random.pick(ends)
  followTip(network, end)
  if (world.random.chance(70)) mine(network, world.clock.now())
  return `${chain.id} ${end.header.number}`
}

function faulty(
  world: World,
  change: (provider: Provider, chain: Chain) => void,
  among?: (chain: Chain) => boolean,
): string {
  const chains = among === undefined ? world.chains : world.chains.filter(among)
  const chain = world.random.pick(chains)
  const provider = world.random.pick(chain.providers)
  change(provider, chain)
  if (chain.providers.length > 1) chain.isDoubtful = true
  return `${chain.id} ${provider.name}`
}

function fault(code: Fault) {
  return (world: World) =>
    faulty(world, provider => {
      provider.fault = code
    })
}

const hasSeveral = (chain: Chain) => chain.providers.length > 1

/** One of several providers makes up a fork with payments that nobody made, and swears by it. */
function forge(world: World): string {
  return faulty(
    world,
    (provider, chain) => {
      const { network } = chain
      const point = forkPoint(network, world.random.between(1, 4)) ?? network.tip
      let tip = point
      const sessions = [...world.sessions.values()].filter(one =>
        one.session.assets.some(a => a.asset.chainId === chain.id),
      )
      for (let block = 0; block < world.random.between(2, 9); block++) {
        const target = sessions.length > 0 && world.random.chance(60) ? world.random.pick(sessions).session : null
        const row = target?.assets.find(one => one.asset.chainId === chain.id)
        const paid =
          target === null || row === undefined
            ? []
            : [{ asset: row.asset.address, to: target.deposit.address, amountRaw: row.amountRaw }]
        tip = addBlock(network, tip, paid.length === 0 ? [] : [transactionOf(world, paid)], world.clock.now(), true)
      }
      provider.stuckAt = tip
    },
    hasSeveral,
  )
}

/** Of several providers one alone goes on to answer. */
function isolate(world: World): string {
  const chain = world.random.pick(world.chains.filter(hasSeveral))
  const left = world.random.pick(chain.providers)
  for (const provider of chain.providers) if (provider !== left) provider.fault = 'timeout'
  healProvider(left)
  chain.isDoubtful = true
  return `${chain.id} ${left.name}`
}

function toggle(world: World, change: (network: Network) => void): string {
  const chain = world.random.pick(world.chains)
  change(chain.network)
  return `${chain.id}`
}

/** What the chains do, and the providers that tell of them. */
export const NETWORK_STEPS = {
  mine_a_block: { weight: 30, run: world => mineSome(world, 1, 1) },
  mine_some_blocks: { weight: 22, run: world => mineSome(world, 2, 5) },
  // Some are so many that the states of the first of them are gone when they are read.
  mine_many_blocks: { weight: 2, run: world => mineSome(world, 34, 160) },
  mine_everywhere: {
    weight: 16,
    run: world => world.chains.map(chain => mineOn(world, chain, world.random.between(1, 3))).join(', '),
  },
  mine_and_leave_some: { weight: 5, run: world => mineSome(world, 1, 2, 50) },
  reorg_same_height: { weight: 3, run: world => reorg(world, 1, 0, 'moved') },
  reorg_that_moves: { weight: 6, run: world => reorg(world, world.random.between(1, 4), 1, 'moved') },
  reorg_that_drops: { weight: 4, run: world => reorg(world, world.random.between(1, 4), 1, 'dropped') },
  reorg_that_drops_some: { weight: 3, run: world => reorg(world, world.random.between(1, 3), 2, 'some') },
  reorg_deep: { weight: 2, run: world => reorg(world, world.random.between(5, DEPTH_MAX), 1, 'some') },
  return_to_lost_branch: { weight: 4, run: returnToBranch },
  halt: { weight: 1, run: world => toggle(world, network => Object.assign(network, { isHalted: true })) },
  resume: { weight: 6, run: world => toggle(world, network => Object.assign(network, { isHalted: false })) },
  stall_finality: {
    weight: 1,
    run: world => toggle(world, network => Object.assign(network, { isFinalityStalled: true })),
  },
  resume_finality: {
    weight: 2,
    run: world => toggle(world, network => Object.assign(network, { isFinalityStalled: false })),
  },
  provider_lags: {
    weight: 2,
    run: world => faulty(world, provider => Object.assign(provider, { lag: world.random.between(1, 6) })),
  },
  provider_flaps: {
    weight: 1,
    run: world => faulty(world, provider => Object.assign(provider, { flapping: world.random.between(1, 4) })),
  },
  provider_is_stuck: {
    weight: 2,
    run: world => faulty(world, (provider, { network }) => Object.assign(provider, { stuckAt: network.tip })),
  },
  provider_tags_go_back: {
    weight: 1,
    run: world =>
      faulty(world, provider => Object.assign(provider, { tagLag: world.random.between(1, 5) }), hasSeveral),
  },
  provider_hangs: { weight: 2, run: fault('timeout') },
  all_but_one_hang: { weight: 3, run: isolate },
  provider_limits: { weight: 1, run: fault('rate_limited') },
  provider_answers_nonsense: { weight: 1, run: fault('malformed') },
  provider_drops_logs: { weight: 2, run: fault('lie') },
  provider_forges: { weight: 2, run: forge },
  provider_heals: { weight: 8, run: world => faulty(world, healProvider) },
  providers_heal: {
    weight: 8,
    run: world => {
      for (const provider of world.chains.flatMap(chain => chain.providers)) healProvider(provider)
      return ''
    },
  },
} satisfies StepTable
