import { useEffect, useState } from 'react'
import type { WalletNetwork } from './networks.ts'

/** A wallet, as EIP-1193 has it. */
type Provider = { request(asked: { method: string; params?: readonly unknown[] }): Promise<unknown> }

/** A wallet of this browser. */
export type Wallet = { id: string; name: string; provider: Provider }

/** What a wallet is to send; amounts of native coin are never among it. */
export type WalletCall = { chainId: number; to: string; data: string }

const NAME_MAX = 40
/** What wallets say of a network that they do not know (EIP-3085). */
const UNKNOWN_NETWORK = 4902
const SAYS: ReadonlyMap<number, string> = new Map([
  [4001, 'You declined it in the wallet: nothing was signed or sent.'],
  [4100, 'The wallet is locked or does not allow this page: unlock it, and try again.'],
  [4900, 'The wallet is not connected to any network.'],
  [-32002, 'The wallet is asking you already: look for its window.'],
])

/** The wallets that announce themselves in this browser (EIP-6963), else the one that is there for all pages. */
export function useWallets(): readonly Wallet[] {
  const [announced, setAnnounced] = useState<readonly Wallet[]>([])
  useEffect(() => {
    const meet = (event: Event) => {
      const wallet = announcedBy(event)
      if (wallet === null) return
      setAnnounced(known => (known.some(({ id }) => id === wallet.id) ? known : [...known, wallet]))
    }
    addEventListener('eip6963:announceProvider', meet)
    dispatchEvent(new Event('eip6963:requestProvider'))
    return () => removeEventListener('eip6963:announceProvider', meet)
  }, [])
  if (announced.length > 0) return announced
  const provider = Reflect.get(window, 'ethereum') as Provider | undefined
  return typeof provider?.request === 'function' ? [{ id: 'injected', name: 'your wallet', provider }] : []
}

function announcedBy(event: Event): Wallet | null {
  const { info, provider } = ((event as CustomEvent).detail ?? {}) as {
    info?: Record<string, unknown>
    provider?: Provider
  }
  if (typeof info?.uuid !== 'string' || typeof info.name !== 'string' || typeof provider?.request !== 'function')
    return null
  return { id: info.uuid, name: info.name.trim().slice(0, NAME_MAX) || 'your wallet', provider }
}

/** Lets the account `address` of a wallet sign a text that it shows (EIP-191); throws an `Error` that says what to do. */
export async function signWith({ provider }: Wallet, address: string, message: string): Promise<string> {
  const accounts = await accountsOf(provider)
  if (!accounts.includes(address.toLowerCase())) {
    throw new Error(
      `This wallet does not show ${address} here: choose that account in it, allow it for this page, and try again.`,
    )
  }
  const bytes = [...new TextEncoder().encode(message)].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return String(await asked(provider, 'personal_sign', [`0x${bytes}`, address]))
}

/** Sends a call with a wallet, on its network; answers the hash of the transaction. Throws as `signWith`. */
export async function sendWith(
  { provider }: Wallet,
  network: WalletNetwork,
  { to, data }: WalletCall,
): Promise<string> {
  const [from] = await accountsOf(provider)
  await moveTo(provider, network)
  return String(await asked(provider, 'eth_sendTransaction', [{ from, to, data, value: '0x0' }]))
}

async function accountsOf(provider: Provider): Promise<string[]> {
  const accounts = await asked(provider, 'eth_requestAccounts')
  const found = Array.isArray(accounts) ? accounts.map(each => String(each).toLowerCase()) : []
  if (found.length === 0) throw new Error('The wallet shows no account: unlock it, and try again.')
  return found
}

/** Some wallets answer before they are there, or stay where they were once they know the network: where it is is asked again. */
async function moveTo(provider: Provider, network: WalletNetwork): Promise<void> {
  const isThere = async () => BigInt(String(await asked(provider, 'eth_chainId'))) === BigInt(network.chainId)
  if (await isThere()) return
  const move = () => provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: network.chainId }] })
  try {
    await move()
  } catch (error) {
    if (codeOf(error) !== UNKNOWN_NETWORK) throw spoken(error)
    if (network.rpcUrls.length === 0)
      throw new Error(`The wallet does not know ${network.chainName}: add it there by hand.`)
    await asked(provider, 'wallet_addEthereumChain', [network])
    if (!(await isThere())) await move().catch(failure => Promise.reject(spoken(failure)))
  }
  if (!(await isThere()))
    throw new Error(`The wallet is on another network: choose ${network.chainName} in it, and try again.`)
}

async function asked(provider: Provider, method: string, params: readonly unknown[] = []): Promise<unknown> {
  try {
    return await provider.request({ method, params })
  } catch (error) {
    throw spoken(error)
  }
}

/** Some wallets wrap the error that they mean. */
function codeOf(error: unknown): number {
  const { code, data } = Object(error) as { code?: unknown; data?: unknown }
  const inner = Object(Object(data) as { originalError?: unknown }).originalError as { code?: unknown } | undefined
  return Number(inner?.code ?? code)
}

function spoken(cause: unknown): Error {
  const said = Object(cause) as { message?: unknown }
  const otherwise = `The wallet did not do it${typeof said.message === 'string' ? `: ${said.message.slice(0, 200)}` : '.'}`
  return new Error(SAYS.get(codeOf(cause)) ?? otherwise, { cause })
}
