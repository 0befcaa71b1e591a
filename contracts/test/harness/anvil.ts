import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createTestClient, type Hex, http, publicActions, walletActions } from 'viem'
import { foundryBinary } from '../../foundryBinary.ts'

/** A client of one anvil that can read, send from unlocked accounts and set the chain's state. */
export type Chain = Awaited<ReturnType<typeof startAnvil>>['chain']

function connect(url: string) {
  return createTestClient({
    mode: 'anvil',
    transport: http(url, { batch: { batchSize: 1_000 }, retryCount: 0 }),
    pollingInterval: 10,
  })
    .extend(publicActions)
    .extend(walletActions)
}

/** Starts anvil on a free loopback port; `stop` ends it and resolves when it is gone. Rejects where it does not come up. */
export async function startAnvil(...flags: readonly string[]) {
  const child = spawn(foundryBinary('anvil'), ['--port', '0', '--host', '127.0.0.1', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGKILL')
    await gone
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const address = line.match(/Listening on (127\.0\.0\.1:\d+)/)?.[1]
    if (address === undefined) continue
    child.stdout.resume()
    const chain = connect(`http://${address}`)
    const [account] = await chain.getAddresses()
    if (account === undefined) throw new Error('anvil has no accounts')
    return { chain, account, stop }
  }
  await stop()
  throw new Error('anvil ended before it listened')
}

/** Sends a transaction from an unlocked account and returns its receipt; without `gas` it is estimated first. */
export async function send(
  chain: Chain,
  account: Hex,
  transaction: { to?: Hex; data?: Hex; value?: bigint; gas?: bigint },
) {
  const hash = await chain.sendTransaction({ account, chain: null, ...transaction })
  return chain.waitForTransactionReceipt({ hash })
}
