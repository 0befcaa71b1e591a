import { testBatchAbi, testBatchAddress } from '@bitstream/contracts/testBatch.ts'
import { testUsdcAbi } from '@bitstream/contracts/testUsdc.ts'
import { encodeFunctionData, erc20Abi, parseEventLogs } from 'viem'
import type { TestPayment, TestTransaction, TestWallet } from '../context.ts'
import { NATIVE } from '../domain/asset.ts'
import { invariant, UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { MovableClock } from './movableClock.ts'
import type { TestChain } from './testChain.ts'

const COIN_TO_SPARE = 1_000n * 10n ** 18n

/** The wallet of the test world on all its chains: it pays with coins that it is given as needed, so that it is never empty. */
export function createTestWallet(chains: readonly TestChain[], clock: MovableClock): TestWallet {
  const chainOf = (id: number) => {
    const found = chains.find(chain => chain.id === id)
    invariant(found, `chain ${id} is one of the test world`)
    return found
  }
  return {
    transaction: async hash => {
      const found = await Promise.all(chains.map(chain => findTransaction(chain, hash)))
      return found.find(each => each !== null) ?? null
    },
    give: payment => give(chainOf(payment.asset.chainId), payment),
    pay: payment => pay(chainOf(payment.asset.chainId), payment),
    payTogether: payments => payTogether(chainOf(payments[0].asset.chainId), payments),
    drop: (chainId, hash) => chainOf(chainId).drop(hash),
    spendNonce: async chainId => {
      const { payer } = chainOf(chainId)
      return await payer.send({ to: payer.address })
    },
    pass: (chainId, moment) => chainOf(chainId).pass(moment),
    advance: async ms => {
      clock.advance(ms)
      for (const chain of chains) {
        await chain.setTime()
        await chain.mine()
      }
    },
  }
}

async function give(chain: TestChain, { asset, to, amountRaw }: TestPayment): Promise<Hex> {
  if (asset.address !== NATIVE) return await chain.faucet.send({ to: asset.address, data: mint(to, amountRaw) })
  await chain.setBalance(chain.faucet.address, amountRaw + COIN_TO_SPARE)
  return await chain.faucet.send({ to, value: amountRaw })
}

async function pay(chain: TestChain, { asset, to, amountRaw }: TestPayment): Promise<Hex> {
  const { payer } = chain
  await chain.setBalance(payer.address, (asset.address === NATIVE ? amountRaw : 0n) + COIN_TO_SPARE)
  if (asset.address === NATIVE) return await payer.send({ to, value: amountRaw })
  await give(chain, { asset, to: payer.address, amountRaw })
  const data = encodeFunctionData({ abi: testUsdcAbi, functionName: 'transfer', args: [to, amountRaw] })
  return await payer.send({ to: asset.address, data })
}

async function payTogether(chain: TestChain, payments: readonly [TestPayment, ...TestPayment[]]): Promise<Hex> {
  const [{ asset }] = payments
  const total = payments.reduce((sum, { amountRaw }) => sum + amountRaw, 0n)
  const data = encodeFunctionData({
    abi: testBatchAbi,
    functionName: 'pay',
    args: [asset.address, payments.map(({ to }) => to), payments.map(({ amountRaw }) => amountRaw)],
  })
  const value = asset.address === NATIVE ? total : 0n
  await chain.setBalance(chain.payer.address, value + COIN_TO_SPARE)
  if (asset.address !== NATIVE) await give(chain, { asset, to: testBatchAddress, amountRaw: total })
  return await chain.payer.send({ to: testBatchAddress, data, value })
}

function mint(to: Hex, amountRaw: bigint): Hex {
  return encodeFunctionData({ abi: testUsdcAbi, functionName: 'mint', args: [to, amountRaw] })
}

async function findTransaction({ id: chainId, client }: TestChain, hash: Hex): Promise<TestTransaction | null> {
  const unlessMissing = (error: Error) => {
    if (/NotFoundError$/.test(error.name)) return null
    throw new UpstreamError('The local chain did not answer.', { retryable: true, cause: error })
  }
  const transaction = await client.getTransaction({ hash }).catch(unlessMissing)
  if (transaction === null) return null
  const known = {
    chainId,
    hash: lower(hash),
    from: lower(transaction.from),
    to: transaction.to === null ? null : lower(transaction.to),
    value: transaction.value,
  }
  const receipt = await client.getTransactionReceipt({ hash }).catch(unlessMissing)
  if (receipt === null) return { ...known, status: 'waiting', block: null, tokenTransfers: [] }
  const [{ timestamp }, head] = await Promise.all([
    client.getBlock({ blockHash: receipt.blockHash }),
    client.getBlockNumber({ cacheTime: 0 }),
  ])
  return {
    ...known,
    status: receipt.status === 'success' ? 'succeeded' : 'failed',
    block: {
      number: receipt.blockNumber,
      time: new Date(Number(timestamp) * 1000),
      confirmations: head - receipt.blockNumber + 1n,
    },
    tokenTransfers: parseEventLogs({ abi: erc20Abi, eventName: 'Transfer', logs: receipt.logs }).map(log => ({
      token: lower(log.address),
      from: lower(log.args.from),
      to: lower(log.args.to),
      amountRaw: log.args.value,
    })),
  }
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex
}
