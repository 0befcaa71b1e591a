// The ledger beside the chain, for people: exact after a block, or what differs.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openMember } from '../../test/harness/memberVisitor.ts'
import { type SweepWorld, startSweepWorld, USDC } from '../../test/harness/sweepWorld.ts'

const PROOFS = '/api/account/balance-proofs'
let world: SweepWorld
before(async () => {
  world = await startSweepWorld({ hasGasKey: false })
})
after(() => world.stop())

type Row = { asset: { symbol: string }; ledger: string; onChain: string }
type Proof = {
  proof: {
    block: { number: string }
    looked: number
    of: number
    sums: Row[]
    differing: number
    differences: (Row & { address: string })[]
  } | null
}

test('what lies at deposit addresses is compared with the chain after the last block read, to the unit', async () => {
  const { ctx, caller, chainId } = world
  const owner = await openMember(ctx, caller.organizationId, 'viewer')
  const prove = async () => (await owner.ok<Proof>('POST', PROOFS, { chainId })).proof
  assert.equal(await prove(), null)
  const first = await world.paidSession()
  await world.paidSession({ currency: 'eth' })
  await world.settle()
  const proof = await prove()
  assert.deepEqual([proof?.looked, proof?.of, proof?.differing], [2, 2, 0])
  const sums = proof?.sums.map(({ asset, ledger, onChain }) => [asset.symbol, ledger, ledger === onChain])
  assert.deepEqual(sums?.toSorted(), [
    ['ETH', `${10n * 10n ** 18n}`, true],
    ['USDC', '10000000', true],
  ])

  // Money that came after the last block read is not compared: state is asked for at that very block.
  await world.pay(USDC, first.deposit.address, 5n)
  assert.equal((await prove())?.differing, 0)
  assert.equal((await prove())?.block.number, proof?.block.number)
  await world.catchUp()
  assert.equal((await prove())?.differing, 0)

  const stranger = await openMember(ctx, (await otherMerchant()).organizationId, 'owner')
  assert.equal((await stranger.ok<Proof>('POST', PROOFS, { chainId })).proof, null)
  assert.equal(await owner.refused('POST', PROOFS, { chainId: 1 }), '400 network_unsupported')
})

test('a ledger that is not what the chain says is told by address, and a node that is away by a sentence', async () => {
  await world.newMerchant()
  const { ctx, caller, chainId } = world
  const session = await world.paidSession()
  await world.settle()
  const node = ctx.nodes.get(chainId)
  assert.ok(node)
  const lying = { ...ctx, nodes: new Map([[chainId, { ...node, balances: async () => [9_999_999n] }]]) }
  const owner = await openMember(lying, caller.organizationId, 'owner')
  const { proof } = await owner.ok<Proof>('POST', PROOFS, { chainId })
  assert.deepEqual([proof?.looked, proof?.differing, proof?.differences[0]?.address], [1, 1, session.deposit.address])
  assert.deepEqual([proof?.differences[0]?.ledger, proof?.differences[0]?.onChain], ['10000000', '9999999'])
  const pruned = { ...ctx, nodes: new Map([[chainId, { ...node, balances: async () => null }]]) }
  const other = await openMember(pruned, caller.organizationId, 'owner')
  assert.equal(await other.refused('POST', PROOFS, { chainId }), '503 chain_unavailable')
})

test('pages are told what a wallet is to know of each network, and what the server waits for', async () => {
  const owner = await openMember(world.ctx, world.caller.organizationId, 'owner')
  const [network] = await owner.ok<{ chainId: number; network: { chainId: string }; wait: number }[]>(
    'GET',
    '/api/account/networks',
  )
  assert.deepEqual([network?.chainId, network?.network.chainId, network?.wait], [80001, '0x13881', 3])
})

async function otherMerchant() {
  await world.newMerchant()
  return world.caller
}

test('the nodes are asked for a ledger only so often, by one organization as by another', async () => {
  const { ctx, chainId } = world
  const [busy, other] = [
    await openMember(ctx, (await otherMerchant()).organizationId, 'viewer'),
    await openMember(ctx, (await otherMerchant()).organizationId, 'viewer'),
  ]
  const codes = new Set<string | null>()
  for (let nth = 0; nth < 20; nth++) codes.add((await busy.fetch('POST', PROOFS, { chainId })).code)
  assert.deepEqual([...codes], [null, 'rate_limited'])
  await other.ok('POST', PROOFS, { chainId })
})
