import { depositFactoryAbi, depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { type Abi, encodeDeployData, encodeFunctionData, getContractAddress } from 'viem'
import { compileContract } from '../../../contracts/compileContract.ts'
import { localClient } from '../../src/dev/localWallet.ts'
import { NATIVE } from '../../src/domain/asset.ts'
import { invariant } from '../../src/domain/errors.ts'
import { bytesToHex, type Hex } from '../../src/domain/hex.ts'
import { type ChainWallet, openChainWallet } from '../harness/chainWallet.ts'
import { startTestChain } from '../harness/testChain.ts'
import type { Row } from './report.ts'

const BATCH = 50
const GAS_LIMIT = 15_000_000n
const RECEIVER = bytesToHex(new Uint8Array(20).fill(0xee))

/** Deposit addresses of one kind: where the money of an id arrives, and the call that sweeps the money of some ids. */
type Design = {
  addressOf: (id: bigint) => Promise<Hex>
  sweep: (ids: readonly bigint[], asset: Hex) => Promise<Hex>
}

/**
 * Gas for each swept deposit, of whole transactions: our factory against EIP-1167 clones that do the same with no guard at all, on
 * one chain in one run. The receiver has the asset before, as a merchant's wallet does.
 */
export async function benchSweepGas(): Promise<Row[]> {
  const chain = await startTestChain()
  try {
    const wallet = await openChainWallet(chain.rpcUrl)
    await wallet.mintUsdc(wallet.accounts[0], 10n ** 15n)
    await wallet.transferUsdc(RECEIVER, 1n)
    await wallet.send({ to: RECEIVER, value: 1n })
    const [ours, clones] = [ourDesign(wallet, chain), await cloneDesign(wallet, chain)]
    const rows: Row[] = []
    for (const [name, asset] of [
      ['token', testUsdcAddress],
      ['coin', NATIVE],
    ] as const) {
      const value = await measure(wallet, chain.rpcUrl, ours, asset)
      const floor = await measure(wallet, chain.rpcUrl, clones, asset)
      for (const [measureName, gas] of Object.entries(value)) {
        const other = floor[measureName] ?? Number.NaN
        rows.push({
          section: 'sweep-gas',
          measure: `${name}, ${measureName}`,
          unit: 'gas',
          value: gas,
          floor: other,
          ratio: gas / other,
          // Clones leave no trace of coin; ours tell it by an event, without which nobody could book it.
          aim: asset === NATIVE ? null : { of: 'ratio', below: 1 },
        })
      }
    }
    return rows
  } finally {
    await chain.stop()
  }
}

/** Gas of one deposit: alone and in a batch, the first time and again. */
async function measure(
  wallet: ChainWallet,
  rpcUrl: string,
  design: Design,
  asset: Hex,
): Promise<Readonly<Record<string, number>>> {
  const reader = localClient(rpcUrl)
  const sweep = async (ids: readonly bigint[]) => {
    for (const id of ids) await pay(wallet, asset, await design.addressOf(id))
    const hash = await design.sweep(ids, asset)
    const { gasUsed, status } = await reader.waitForTransactionReceipt({ hash, pollingInterval: 20 })
    invariant(status === 'success', 'the sweep works')
    for (const id of ids) invariant((await held(wallet, asset, await design.addressOf(id))) === 0n, 'all is swept')
    return Number(gasUsed) / ids.length
  }
  // Ids of their own for each asset, so that the first sweep is a first one.
  const base = asset === NATIVE ? 2n ** 100n : 2n ** 101n
  const many = Array.from({ length: BATCH }, (_, index) => base + 1_000n + BigInt(index))
  return {
    'first, alone': await sweep([base]),
    'again, alone': await sweep([base]),
    [`first, in a batch of ${BATCH}`]: await sweep(many),
    [`again, in a batch of ${BATCH}`]: await sweep(many),
  }
}

async function pay(wallet: ChainWallet, asset: Hex, to: Hex): Promise<void> {
  if (asset === NATIVE) await wallet.send({ to, value: 123_456_789n })
  else await wallet.transferUsdc(to, 123_456_789n)
}

async function held(wallet: ChainWallet, asset: Hex, owner: Hex): Promise<bigint> {
  if (asset === NATIVE) return BigInt(String(await wallet.call('eth_getBalance', owner, 'latest')))
  const data = `0x70a08231${owner.slice(2).padStart(64, '0')}`
  return BigInt(String(await wallet.call('eth_call', { to: asset, data }, 'latest')))
}

function ourDesign(wallet: ChainWallet, chain: { rpcUrl: string; chainId: number }): Design {
  const reader = localClient(chain.rpcUrl)
  const payouts = [{ chainId: BigInt(chain.chainId), receiver: RECEIVER, share: 10_000n }]
  const contract = { address: depositFactoryAddress, abi: depositFactoryAbi } as const
  return {
    addressOf: id => reader.readContract({ ...contract, functionName: 'addressOf', args: [id, payouts] }),
    sweep: ([first = 0n, ...others], asset) => {
      const data =
        others.length === 0
          ? encodeFunctionData({ ...contract, functionName: 'sweep', args: [first, payouts, [asset]] })
          : encodeFunctionData({
              ...contract,
              functionName: 'sweepBatch',
              args: [[first, ...others], payouts, [asset]],
            })
      return wallet.send({ to: depositFactoryAddress, data, gas: GAS_LIMIT })
    },
  }
}

async function cloneDesign(wallet: ChainWallet, chain: { rpcUrl: string }): Promise<Design> {
  const reader = localClient(chain.rpcUrl)
  const artifact = compileContract('test/mocks/CloneFactory.sol')
  const abi = artifact.abi as Abi
  const nonce = BigInt(String(await wallet.call('eth_getTransactionCount', wallet.accounts[0], 'pending')))
  const data = encodeDeployData({ abi, bytecode: `0x${artifact.evm.bytecode.object}` })
  await wallet.call('eth_sendTransaction', { from: wallet.accounts[0], data })
  const address = getContractAddress({ from: wallet.accounts[0], nonce })
  return {
    addressOf: async id =>
      (await reader.readContract({ address, abi, functionName: 'addressOf', args: [id, RECEIVER] })) as Hex,
    sweep: ([first = 0n, ...others], asset) => {
      const call =
        others.length === 0
          ? encodeFunctionData({ abi, functionName: 'sweep', args: [first, RECEIVER, asset] })
          : encodeFunctionData({ abi, functionName: 'sweepBatch', args: [[first, ...others], RECEIVER, asset] })
      return wallet.send({ to: address, data: call, gas: GAS_LIMIT })
    },
  }
}
