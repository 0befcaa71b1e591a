import { setTimeout as sleep } from 'node:timers/promises'

/** Where nodes say by themselves that they have a new block. */
export type NewHeads = {
  /** Resolves after `ms`, or at once when one told of a block since the last call, or as soon as it does; or when `signal` aborts. */
  next(ms: number, signal: AbortSignal): Promise<void>
  /** Begins to listen, and answers with what ends it. */
  listen(): () => void
}

const SUBSCRIBE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] })
const RECONNECT_MS = 5_000

/**
 * The subscription `newHeads` (Ethereum JSON-RPC, `eth_subscribe`) at each of `wsUrls`, or nothing but the time where there is
 * none. It is a hint to ask sooner, whatever the message says: a socket that fails or falls silent costs that time and no block.
 */
export function newHeads(wsUrls: readonly string[]): NewHeads {
  let isTold = false
  let wake: (() => void) | null = null
  const tell = () => {
    if (wake === null) isTold = true
    else wake()
  }
  return {
    next: async (ms, signal) => {
      if (!isTold) {
        const told = new AbortController()
        wake = () => told.abort()
        await sleep(ms, undefined, { signal: AbortSignal.any([signal, told.signal]) }).catch(() => undefined)
        wake = null
      }
      isTold = false
    },
    listen: () => {
      const ends = wsUrls.map(wsUrl => subscribe(wsUrl, tell))
      return () => {
        for (const end of ends) end()
      }
    },
  }
}

function subscribe(wsUrl: string, tell: () => void): () => void {
  let socket: WebSocket
  let timer: NodeJS.Timeout
  const connect = () => {
    socket = new WebSocket(wsUrl)
    socket.addEventListener('open', () => socket.send(SUBSCRIBE))
    socket.addEventListener('message', tell)
    // An error is followed by the end; its text would tell the URL, which may hold a secret.
    socket.addEventListener('close', () => {
      timer = setTimeout(connect, RECONNECT_MS)
    })
  }
  connect()
  return () => {
    socket.removeEventListener('message', tell)
    socket.addEventListener('close', () => clearTimeout(timer))
    clearTimeout(timer)
    socket.close()
  }
}
