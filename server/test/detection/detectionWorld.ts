import { type Abi, encodeDeployData, encodeFunctionData, getContractAddress } from 'viem'
import { compileContract } from '../../../contracts/compileContract.ts'
import type { Caller } from '../../src/actions/caller.ts'
import { openChain } from '../../src/chain/openChain.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import { watchChain } from '../../src/workers/watchChain.ts'
import { type ChainWallet, openChainWallet } from '../harness/chainWallet.ts'
import { createOrganization, openBareContext, readSession, testChainConfig } from '../harness/fixtures.ts'
import { startTestChain } from '../harness/testChain.ts'
import { createTestDatabase } from '../harness/testDatabase.ts'
import { waitUntil } from '../harness/waitUntil.ts'

/** A contract on the local chain that takes calls by name. */
export type Contract = { address: Hex; call: (functionName: string, ...args: unknown[]) => Promise<Hex> }

/** A real chain, a real database and a real watcher between them; three confirmations complete. */
export type DetectionWorld = {
  ctx: Awaited<ReturnType<typeof openBareContext>>
  caller: Caller
  config: ChainConfig
  wallet: ChainWallet
  usdc: Contract
  dai: Contract
  /** Calls itself USDC and is nobody's. */
  fake: Contract
  deploy: (path: string, ...args: unknown[]) => Promise<Contract>
  /** Mines `count` blocks and waits until the newest is recorded. */
  mine: (count?: number) => Promise<void>
  /** What has become of a session once every payment so far is final. */
  settled: (session: CheckoutSession) => Promise<CheckoutSession>
  stop: () => Promise<void>
}

const compiled = new Map<string, ReturnType<typeof compileContract>>()

/** Starts it all; a few seconds, most of them for the compiler. Where `watched` is false nothing is read, nor waited for, by itself. */
export async function openDetectionWorld(
  changes: Partial<ChainConfig> = {},
  { watched = true } = {},
): Promise<DetectionWorld> {
  const stops: (() => unknown)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    return { ...(await open(changes, watched, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function open(
  changes: Partial<ChainConfig>,
  watched: boolean,
  stops: (() => unknown)[],
): Promise<Omit<DetectionWorld, 'stop'>> {
  const chain = await startTestChain()
  stops.push(chain.stop)
  const database = await createTestDatabase()
  stops.push(database.drop)
  const wallet = await openChainWallet(chain.rpcUrl)
  const deploy = (path: string, ...args: unknown[]) => deployContract(wallet, path, args)
  const usdc = await deploy('test/mocks/OddToken.sol', 'USD Coin', 6)
  const dai = await deploy('test/mocks/OddToken.sol', 'Dai', 18)
  const fake = await deploy('test/mocks/OddToken.sol', 'visit evil.example', 6)
  const tokens = { usdc: usdc.address, dai: dai.address }
  const config = { ...testChainConfig({ rpcUrl: chain.rpcUrl, pollMs: 50, tokens }), ...changes }
  const ctx = await openBareContext(database.url, { chains: [config] })
  stops.push(ctx.close)
  // The chain's time is the real one, and so is the clock here.
  ctx.clock.now = () => new Date()
  const caller = await createOrganization(ctx)
  const mine = watched ? watch(ctx, config, wallet, stops) : async () => undefined
  await mine()
  const settled = async (session: CheckoutSession) => {
    await mine(4)
    return await readSession(ctx, session)
  }
  return { ctx, caller, config, wallet, usdc, dai, fake, deploy, mine, settled }
}

/** Watches the chain; answers with what mines blocks and waits until they are recorded. */
function watch(
  ctx: DetectionWorld['ctx'],
  config: ChainConfig,
  wallet: ChainWallet,
  stops: (() => unknown)[],
): DetectionWorld['mine'] {
  const stopping = new AbortController()
  const { signal } = stopping
  let recorded = -1n
  const onRecorded = ({ number }: { number: bigint }) => {
    recorded = number
  }
  const watching = watchChain(ctx, config, openChain(config, { signal }), signal, { onRecorded })
  stops.push(async () => {
    stopping.abort()
    await watching
  })
  return async (count = 1) => {
    await wallet.call('anvil_mine', `0x${count.toString(16)}`)
    const head = BigInt(String(await wallet.call('eth_blockNumber')))
    await waitUntil('the newest block is recorded', () => recorded >= head)
  }
}

async function deployContract(wallet: ChainWallet, path: string, args: unknown[]): Promise<Contract> {
  const artifact = compiled.get(path) ?? compileContract(path)
  compiled.set(path, artifact)
  const abi = artifact.abi as Abi
  const [from] = wallet.accounts
  const nonce = BigInt(String(await wallet.call('eth_getTransactionCount', from, 'pending')))
  const data = encodeDeployData({ abi, bytecode: `0x${artifact.evm.bytecode.object}`, args })
  await wallet.call('eth_sendTransaction', { from, data, gas: '0x989680' })
  const address = getContractAddress({ from, nonce }).toLowerCase() as Hex
  return {
    address,
    call: async (functionName, ...values) =>
      await wallet.send({
        to: address,
        data: encodeFunctionData({ abi, functionName, args: values }),
        gas: 20_000_000n,
      }),
  }
}

/** What people see of a session: its statuses, exceptions and the sum that counts, at 8 decimals. */
export function outcomeOf({ status, intent, exceptions }: CheckoutSession) {
  return { status, intent: intent.status, exceptions, received: intent.amountReceived }
}
