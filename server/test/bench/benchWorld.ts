import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { testUsdcAbi } from '@bitstream/contracts/testUsdc.ts'
import { encodeFunctionData, type PublicClient } from 'viem'
import { createLocalWallet, type LocalWallet, localClient } from '../../src/dev/localWallet.ts'
import type { WorldDescription } from '../../src/dev/testWorld.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'

/** A test world in a process of its own, as `npm start` runs it. */
export type BenchWorld = {
  description: WorldDescription
  chainId: number
  client: PublicClient
  /** The server's process; its database and its chain are others. */
  pid: number
  /** From the start of the process to its line of JSON. */
  startMs: number
  /** Posts to the API and answers with the object; rejects unless the status is 200. */
  post: (path: string, body: object) => Promise<unknown>
  mine: () => Promise<void>
  stop: () => Promise<void>
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** Starts the test world in a temporary folder; rejects with what it printed if it does not get ready. */
export async function startBenchWorld(): Promise<BenchWorld> {
  const startedAtMs = performance.now()
  const child = spawn(process.execPath, [MAIN, 'dev', '--port', '0', '--ephemeral', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  let problem = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problem = (problem + text).slice(-4_000)
  })
  const failed = exited.then(([code]) => Promise.reject(new Error(`The test world ended with ${code}: ${problem}`)))
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed])
  const startMs = performance.now() - startedAtMs
  failed.catch(() => undefined)
  const description = JSON.parse(line) as WorldDescription
  const [[chainId, chain] = []] = Object.entries(description.chains)
  invariant(chainId !== undefined && chain !== undefined, 'the test world has a chain')
  const client = localClient(chain.rpcUrl)
  return {
    description,
    chainId: Number(chainId),
    client,
    pid: child.pid ?? 0,
    startMs,
    post: (path, body) => post(description, path, body),
    mine: async () => void (await client.request({ method: 'evm_mine' } as never)),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await exited
    },
  }
}

async function post({ apiUrl, apiKey }: WorldDescription, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${apiUrl}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.text()
  invariant(response.status === 200, `POST ${path} is answered with ${response.status}: ${answer}`)
  return JSON.parse(answer)
}

/** A session that waits for its payment in USDC. */
export type UnpaidSession = { id: string; token: Hex; address: Hex; amountRaw: bigint; confirmations: number }

/** Creates a session of 1 USDC. */
export async function createUnpaidSession(world: BenchWorld): Promise<UnpaidSession> {
  const product = { name: 'Basic' }
  const session = (await world.post('/checkout/sessions', {
    successUrl: 'https://example.com/',
    lineItems: { data: [{ priceData: { currency: 'usdc', unitAmount: '100000000', productData: product } }] },
  })) as {
    id: string
    addresses: {
      asset: { address: Hex }
      paymentAddress: Hex
      amountRaw: string
      confirmations: { required: number }
    }[]
  }
  const [due] = session.addresses
  invariant(due, 'a session in USDC can be paid in USDC')
  return {
    id: session.id,
    token: due.asset.address,
    address: due.paymentAddress,
    amountRaw: BigInt(due.amountRaw),
    confirmations: due.confirmations.required,
  }
}

/** The payer's wallet with a thousand USDC. */
export async function openPayer(world: BenchWorld): Promise<LocalWallet> {
  const { payer, chains } = world.description
  for (const currency of ['usdc', 'matic']) {
    await world.post('/test/faucet', { address: payer.address, currency, chainId: world.chainId })
  }
  return createLocalWallet(chains[world.chainId]?.rpcUrl ?? '', world.chainId, payer.privateKey)
}

/** Pays what is due, and answers with the number of the payment's block. */
export async function payInFull(world: BenchWorld, payer: LocalWallet, session: UnpaidSession): Promise<bigint> {
  const data = encodeFunctionData({
    abi: testUsdcAbi,
    functionName: 'transfer',
    args: [session.address, session.amountRaw],
  })
  const hash = await payer.send({ to: session.token, data })
  return (await world.client.getTransactionReceipt({ hash })).blockNumber
}
