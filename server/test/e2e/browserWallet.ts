import type { Page } from 'playwright-core'
import type { Hex } from '../../src/domain/hex.ts'

type Params = readonly unknown[]

/** An error as a wallet answers it (EIP-1193). */
export class WalletError extends Error {
  readonly code: number

  constructor(code: number, message = `error ${code}`) {
    super(message)
    this.code = code
  }
}

/** A wallet of the payer's browser: it asks nobody, and its accounts are the development accounts of the local chains. */
export type BrowserWallet = {
  /** How it announces itself (EIP-6963); null for one that is there as `window.ethereum` alone. */
  readonly info: { readonly uuid: string; readonly name: string; readonly icon?: string; readonly rdns: string } | null
  accounts: Hex[]
  /** The network that it is on, and those that it knows. */
  chainId: number
  readonly known: Set<number>
  /** What it was asked, in order. */
  readonly asked: { readonly method: string; readonly params: Params }[]
  /** Answers in its place, by method; what they throw is the wallet's error. */
  readonly answers: Map<string, (params: Params) => unknown>
  /** The transactions that it sent. */
  readonly sent: Hex[]
}

/** A wallet with `account` that is on `chainId` and knows that network alone, changed as told. */
export function createBrowserWallet(
  chainId: number,
  account: Hex,
  info: BrowserWallet['info'] = { uuid: '350670db-19fa-4704-a166-e52e178b59d2', name: 'Test Fox', rdns: 'test.fox' },
): BrowserWallet {
  return { info, accounts: [account], chainId, known: new Set([chainId]), asked: [], answers: new Map(), sent: [] }
}

/** Puts `wallets` into every page that `page` will show; they reach the chains by `rpcUrls`. Each announces itself at once when asked. */
export async function putWallets(
  page: Page,
  rpcUrls: ReadonlyMap<number, string>,
  wallets: BrowserWallet[],
): Promise<void> {
  await page.exposeFunction('askWallet', async (index: number, method: string, params: Params) => {
    try {
      const wallet = wallets[index]
      if (wallet === undefined) throw new Error('no such wallet')
      wallet.asked.push({ method, params })
      return { result: await answer(wallet, rpcUrls, method, params) }
    } catch (error) {
      return { error: { code: error instanceof WalletError ? error.code : -32603, message: String(error) } }
    }
  })
  await page.addInitScript(announcing(wallets.map(({ info }) => info)))
}

/** The wallets' part in the page, as JavaScript. */
function announcing(infos: BrowserWallet['info'][]): string {
  return `for (const [index, info] of ${JSON.stringify(infos)}.entries()) {
  const request = async ({ method, params = [] }) => {
    const { result, error } = await askWallet(index, method, params)
    if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code })
    return result
  }
  const detail = Object.freeze({ info, provider: { request } })
  if (info === null) window.ethereum = detail.provider
  else addEventListener('eip6963:requestProvider', () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail })))
}`
}

async function answer(
  wallet: BrowserWallet,
  rpcUrls: ReadonlyMap<number, string>,
  method: string,
  params: Params,
): Promise<unknown> {
  const own = wallet.answers.get(method)
  if (own !== undefined) return await own(params)
  switch (method) {
    case 'eth_requestAccounts':
    case 'eth_accounts':
      return wallet.accounts
    case 'eth_chainId':
      return `0x${wallet.chainId.toString(16)}`
    case 'wallet_switchEthereumChain':
      return switchTo(wallet, chainIdOf(params))
    case 'wallet_addEthereumChain':
      return await add(wallet, params)
    default: {
      const result = await rpc(rpcUrls.get(wallet.chainId) ?? '', method, params)
      if (method === 'eth_sendTransaction') wallet.sent.push(result as Hex)
      return result
    }
  }
}

function chainIdOf(params: Params): number {
  return Number((params[0] as { chainId: string }).chainId)
}

function switchTo(wallet: BrowserWallet, chainId: number): null {
  if (!wallet.known.has(chainId)) throw new WalletError(4902, 'Unrecognized chain ID.')
  wallet.chainId = chainId
  return null
}

/** Learns a network as wallets do: by asking a node that it is told of which one that is. It stays on the network that it is on. */
async function add(wallet: BrowserWallet, params: Params): Promise<null> {
  const { rpcUrls, nativeCurrency } = params[0] as { rpcUrls: string[]; nativeCurrency: { decimals: number } }
  const chainId = Number(await rpc(rpcUrls[0] ?? '', 'eth_chainId', []))
  if (chainId !== chainIdOf(params) || nativeCurrency.decimals !== 18)
    throw new WalletError(-32602, 'Not that network.')
  wallet.known.add(chainId)
  return null
}

/** Asks a node; an error of its own is that of a wallet. */
export async function rpc(url: string, method: string, params: Params): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = (await response.json()) as { result: unknown; error?: { code: number; message: string } }
  if (error !== undefined) throw new WalletError(error.code, error.message)
  return result
}
