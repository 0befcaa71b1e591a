/**
 * The frozen creation code on a real node, where a transaction's end matters: deployment, estimates, limits of exactly
 * 21,000 gas, the probe on older forks, and addresses computed away from the chain.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { concatHex, encodeAbiParameters, encodeFunctionData, type Hex, keccak256, numberToHex, zeroHash } from 'viem'
import {
  depositFactoryAbi,
  depositFactoryAddress,
  depositFactoryBytecode,
  depositFactoryCodeHash,
} from '../../abi/depositFactory.ts'
import { depositProxyInitCodeHash } from '../../abi/depositProxy.ts'
import { deterministicDeployerAddress } from '../../abi/deterministicDeployer.ts'
import { factoryProbeBytecode, factoryProbeResult } from '../../abi/factoryProbe.ts'
import { testDaiAbi, testDaiAddress, testDaiBytecode } from '../../abi/testDai.ts'
import { testUsdcAbi, testUsdcAddress, testUsdcBytecode } from '../../abi/testUsdc.ts'
import { testUsdtAbi, testUsdtAddress, testUsdtBytecode } from '../../abi/testUsdt.ts'
import { testWbtcAbi, testWbtcAddress, testWbtcBytecode } from '../../abi/testWbtc.ts'
import { type Chain, send, startAnvil } from '../harness/anvil.ts'
import {
  depositAddress,
  depositSalt,
  encodePayouts,
  type Payout,
  proxyInitCodeHash,
} from '../harness/depositAddress.ts'

const NATIVE: Hex = '0x0000000000000000000000000000000000000000'
const MERCHANT: Hex = '0x9f2b7c1d4e8a3650b1c2d3e4f5a6978801234567'
const CHAIN_ID = 31_337n
const PLENTY = { gas: 5_000_000n }

/** Code that takes coin only where 195,000 gas is left, and refuses at nearly no cost otherwise. */
const STARVED: Hex = '0x5a6202f9b811600a57005b5f5ffd'

/** Code that takes no coin. */
const REFUSING: Hex = '0x5f5ffd'

let chain: Chain
let account: Hex
let stop: () => Promise<void>

before(async () => {
  ;({ chain, account, stop } = await startAnvil())
  for (const bytecode of [
    depositFactoryBytecode,
    testUsdcBytecode,
    testUsdtBytecode,
    testDaiBytecode,
    testWbtcBytecode,
  ]) {
    await deploy(chain, account, bytecode)
  }
})
after(() => stop())

/** Creates `bytecode` through the deterministic deployer with salt zero. */
async function deploy(on: Chain, from: Hex, bytecode: Hex): Promise<void> {
  const receipt = await send(on, from, {
    to: deterministicDeployerAddress,
    data: concatHex([zeroHash, bytecode]),
    ...PLENTY,
  })
  assert.equal(receipt.status, 'success')
}

function only(receiver: Hex): readonly Payout[] {
  return [{ chainId: CHAIN_ID, receiver, share: 10_000n }]
}

function sweepData(sessionId: bigint, payouts: readonly Payout[], tokens: readonly Hex[]): Hex {
  return encodeFunctionData({ abi: depositFactoryAbi, functionName: 'sweep', args: [sessionId, payouts, tokens] })
}

async function mint(token: Hex, to: Hex, amount: bigint): Promise<void> {
  const data = encodeFunctionData({ abi: testUsdcAbi, functionName: 'mint', args: [to, amount] })
  const { status } = await send(chain, account, { to: token, data })
  assert.equal(status, 'success')
}

async function held(asset: Hex, owner: Hex): Promise<bigint> {
  if (asset === NATIVE) return chain.getBalance({ address: owner })
  return chain.readContract({ address: asset, abi: testUsdcAbi, functionName: 'balanceOf', args: [owner] })
}

describe('deployment', () => {
  it('gives the factory its address and its code', async () => {
    const code = await chain.getCode({ address: depositFactoryAddress })
    assert.equal(keccak256(code ?? '0x'), depositFactoryCodeHash)
    const initCodeHash = await chain.readContract({
      address: depositFactoryAddress,
      abi: depositFactoryAbi,
      functionName: 'proxyInitCodeHash',
    })
    assert.equal(initCodeHash, depositProxyInitCodeHash)
    assert.equal(initCodeHash, proxyInitCodeHash(depositFactoryAddress))
  })

  const coins = [
    { symbol: 'USDC', decimals: 6, address: testUsdcAddress, abi: testUsdcAbi },
    { symbol: 'USDT', decimals: 6, address: testUsdtAddress, abi: testUsdtAbi },
    { symbol: 'DAI', decimals: 18, address: testDaiAddress, abi: testDaiAbi },
    { symbol: 'WBTC', decimals: 8, address: testWbtcAddress, abi: testWbtcAbi },
  ] as const
  for (const { symbol, decimals, address, abi } of coins) {
    it(`gives ${symbol} its address, ${decimals} decimals and an open mint`, async () => {
      const read = { address, abi: abi as typeof testUsdcAbi }
      assert.equal(await chain.readContract({ ...read, functionName: 'symbol' }), symbol)
      assert.equal(await chain.readContract({ ...read, functionName: 'decimals' }), decimals)
      await mint(address, MERCHANT, 3n)
      assert.equal(await held(address, MERCHANT), 3n)
    })
  }

  it('gives USDT functions that return nothing', async () => {
    await mint(testUsdtAddress, account, 5n)
    const data = encodeFunctionData({ abi: testUsdtAbi, functionName: 'transfer', args: [MERCHANT, 1n] })
    assert.equal((await chain.call({ account, to: testUsdtAddress, data })).data, undefined)
    const standard = encodeFunctionData({ abi: testUsdcAbi, functionName: 'transfer', args: [MERCHANT, 0n] })
    assert.equal(
      (await chain.call({ account, to: testUsdcAddress, data: standard })).data,
      numberToHex(1, { size: 32 }),
    )
  })
})

describe('paying and sweeping', () => {
  it('takes a plain transfer of exactly 21,000 gas before the first sweep and refuses it after', async () => {
    const payouts = only('0x00000000000000000000000000000000000a0001')
    const deposit = depositAddress(depositFactoryAddress, 1n, payouts)
    const plain = { to: deposit, value: 5n, gas: 21_000n }
    assert.equal((await send(chain, account, plain)).status, 'success')
    await send(chain, account, { to: depositFactoryAddress, data: sweepData(1n, payouts, [NATIVE]) })
    assert.equal(await chain.getBalance({ address: deposit }), 0n)

    const before = await chain.getBalance({ address: account })
    const refused = await send(chain, account, plain)
    assert.equal(refused.status, 'reverted')
    assert.equal(await chain.getBalance({ address: deposit }), 0n)
    const fee = refused.gasUsed * refused.effectiveGasPrice
    assert.equal(await chain.getBalance({ address: account }), before - fee, 'the sender keeps his coin')

    const estimate = await chain.estimateGas({ account, to: deposit, value: 5n })
    const accepted = await send(chain, account, { to: deposit, value: 5n, gas: estimate })
    assert.equal(accepted.status, 'success')
    assert.equal(accepted.gasUsed, 21_022n)
    assert.equal(await chain.getBalance({ address: deposit }), 5n)
  })

  for (const [name, asset] of [
    ['native coin', NATIVE],
    ['USDC', testUsdcAddress],
    ['USDT', testUsdtAddress],
  ] as const) {
    it(`pay, sweep, pay again, sweep: ${name}`, async () => {
      const receiver = `${MERCHANT.slice(0, -2)}${asset.slice(-2)}` as Hex
      const payouts = only(receiver)
      const deposit = depositAddress(depositFactoryAddress, 2n, payouts)
      const before = await held(asset, receiver)
      for (const [amount, total] of [
        [5n, 5n],
        [7n, 12n],
      ] as const) {
        if (asset === NATIVE) await send(chain, account, { to: deposit, value: amount })
        else await mint(asset, deposit, amount)
        const { status } = await send(chain, account, {
          to: depositFactoryAddress,
          data: sweepData(2n, payouts, [asset]),
        })
        assert.equal(status, 'success')
        assert.equal((await held(asset, receiver)) - before, total)
        assert.equal(await held(asset, deposit), 0n)
      }
    })
  }

  it('emits Swept with the receiver and the amount', async () => {
    const payouts = only('0x00000000000000000000000000000000000a0003')
    const deposit = depositAddress(depositFactoryAddress, 3n, payouts)
    await send(chain, account, { to: deposit, value: 9n })
    const { blockNumber } = await send(chain, account, {
      to: depositFactoryAddress,
      data: sweepData(3n, payouts, [NATIVE]),
    })
    const logs = await chain.getContractEvents({
      address: depositFactoryAddress,
      abi: depositFactoryAbi,
      eventName: 'Swept',
      fromBlock: blockNumber,
      toBlock: blockNumber,
    })
    assert.equal(logs.length, 1)
    assert.equal(logs[0]?.args.deposit?.toLowerCase(), deposit)
    assert.equal(logs[0]?.args.receiver?.toLowerCase(), payouts[0]?.receiver)
    assert.equal(logs[0]?.args.amount, 9n)
  })
})

describe('an honest estimate', () => {
  const hungry: Hex = '0x00000000000000000000000000000000000b0001'
  const refusing: Hex = '0x00000000000000000000000000000000000b0002'
  const cases: { name: string; payouts: Payout[]; tokens: Hex[]; paid: [Hex, Hex, bigint][] }[] = [
    {
      name: 'pays a receiver that is hungry for gas',
      payouts: [...only(hungry)],
      tokens: [NATIVE, testUsdcAddress],
      paid: [
        [NATIVE, hungry, 1_000n],
        [testUsdcAddress, hungry, 1_000n],
      ],
    },
    {
      name: 'pays three receivers, one of whom is hungry and one of whom refuses',
      payouts: [
        { chainId: CHAIN_ID, receiver: hungry, share: 5_000n },
        { chainId: CHAIN_ID, receiver: refusing, share: 3_000n },
        { chainId: CHAIN_ID, receiver: MERCHANT, share: 2_000n },
      ],
      tokens: [NATIVE],
      paid: [
        [NATIVE, hungry, 500n],
        [NATIVE, depositAddress(depositFactoryAddress, 5n, only(refusing)), 300n],
        [NATIVE, MERCHANT, 200n],
      ],
    },
    {
      name: 'leaves a refused coin and sweeps the token',
      payouts: [...only(refusing)],
      tokens: [NATIVE, testUsdcAddress],
      paid: [
        [NATIVE, refusing, 0n],
        [testUsdcAddress, refusing, 1_000n],
      ],
    },
  ]
  for (const { name, payouts, tokens, paid } of cases) {
    it(name, async () => {
      await chain.setCode({ address: hungry, bytecode: STARVED })
      await chain.setCode({ address: refusing, bytecode: REFUSING })
      const deposit = depositAddress(depositFactoryAddress, 5n, payouts)
      await chain.setBalance({ address: deposit, value: 1_000n })
      if (tokens.includes(testUsdcAddress)) await mint(testUsdcAddress, deposit, 1_000n)
      const before = await Promise.all(paid.map(([asset, owner]) => held(asset, owner)))

      const call = { to: depositFactoryAddress as Hex, data: sweepData(5n, payouts, tokens) }
      const gas = await chain.estimateGas({ account, ...call })
      const { status } = await send(chain, account, { ...call, gas })
      assert.equal(status, 'success')
      const now = await Promise.all(paid.map(([asset, owner]) => held(asset, owner)))
      assert.deepEqual(
        now.map((amount, index) => amount - (before[index] ?? 0n)),
        paid.map(([, , amount]) => amount),
      )
    })
  }
})

describe('the probe', () => {
  function probe(on: Chain, factory: Hex): Promise<{ data?: Hex | undefined }> {
    return on.call({ data: concatHex([factoryProbeBytecode, encodeAbiParameters([{ type: 'address' }], [factory])]) })
  }

  it('accepts the factory and leaves nothing behind', async () => {
    const block = await chain.getBlockNumber()
    assert.equal((await probe(chain, depositFactoryAddress)).data, factoryProbeResult)
    assert.equal(await chain.getBlockNumber({ cacheTime: 0 }), block)
  })

  it('refuses an address without the factory', async () => {
    await assert.rejects(probe(chain, MERCHANT))
    await assert.rejects(probe(chain, testUsdcAddress))
  })

  for (const [hardfork, missing] of [
    ['shanghai', 'transient storage'],
    ['paris', 'PUSH0'],
  ] as const) {
    it(`refuses a chain without ${missing}`, async () => {
      const old = await startAnvil('--hardfork', hardfork)
      try {
        const address = depositFactoryAddress
        await send(old.chain, old.account, {
          to: deterministicDeployerAddress,
          data: concatHex([zeroHash, depositFactoryBytecode]),
          ...PLENTY,
        })
        // The code alone says nothing about the chain: there it is, and does not work.
        const code = await chain.getCode({ address })
        await old.chain.setCode({ address, bytecode: code ?? '0x' })
        assert.equal(await old.chain.getCode({ address }), code)
        await assert.rejects(probe(old.chain, address), /EVM error NotActivated/)
      } finally {
        await old.stop()
      }
    })
  }
})

describe('addresses computed away from the chain', () => {
  it('equal the shared vectors', () => {
    const file = new URL('../vectors/payouts.json', import.meta.url)
    const { valid }: { valid: Vector[] } = JSON.parse(readFileSync(file, 'utf8'))
    assert.ok(valid.length >= 20)
    for (const { name, factory, initCodeHash, sessionId, sessionNumber, payouts, ...expected } of valid) {
      const rows = payouts.map(row => ({ ...row, chainId: BigInt(row.chainId), share: BigInt(row.share) }))
      assert.equal(sessionNumber, `0x${sessionId.replaceAll('-', '')}`, name)
      assert.equal(encodePayouts(rows), expected.encoded, name)
      assert.equal(keccak256(encodePayouts(rows)), expected.payoutsHash, name)
      assert.equal(depositSalt(BigInt(sessionNumber), rows), expected.salt, name)
      assert.equal(proxyInitCodeHash(factory), initCodeHash, name)
      assert.equal(depositAddress(factory, BigInt(sessionNumber), rows), expected.deposit, name)
    }
  })

  it('equal addressOf for 10,000 random sessions and payouts', async () => {
    const next = words('0x5eed')
    for (let done = 0; done < 10_000; done += 1_000) {
      const inputs = Array.from({ length: 1_000 }, () => ({ sessionId: next() >> 128n, payouts: randomPayouts(next) }))
      const actual = await Promise.all(
        inputs.map(({ sessionId, payouts }) =>
          chain.readContract({
            address: depositFactoryAddress,
            abi: depositFactoryAbi,
            functionName: 'addressOf',
            args: [sessionId, payouts],
          }),
        ),
      )
      assert.deepEqual(
        actual.map(address => address.toLowerCase()),
        inputs.map(({ sessionId, payouts }) => depositAddress(depositFactoryAddress, sessionId, payouts)),
      )
    }
  })
})

type Vector = {
  name: string
  factory: Hex
  initCodeHash: Hex
  sessionId: string
  sessionNumber: Hex
  payouts: { chainId: number; receiver: Hex; share: number }[]
  encoded: Hex
  payoutsHash: Hex
  salt: Hex
  deposit: Hex
}

/** A stream of 256-bit numbers, the same for the same seed. */
function words(seed: Hex): () => bigint {
  let state = seed
  return () => {
    state = keccak256(state)
    return BigInt(state)
  }
}

/** Valid payouts: one to three chains in order, each with one to four receivers whose shares add up. */
function randomPayouts(next: () => bigint): Payout[] {
  const payouts: Payout[] = []
  let chainId = next() % 2n
  for (let chains = next() % 3n; chains >= 0n; chains -= 1n) {
    let left = 10_000n
    for (let receivers = next() % 4n; receivers >= 0n; receivers -= 1n) {
      const share = receivers === 0n ? left : 1n + (next() % (left - receivers))
      payouts.push({ chainId, receiver: numberToHex(next() >> 96n, { size: 20 }), share })
      left -= share
    }
    chainId += 1n + (next() >> 208n)
  }
  return payouts
}
