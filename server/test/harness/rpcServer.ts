import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** One call of a node as it comes in. */
export type RpcCall = { id: number; method: string; params: unknown[] }

/** What a node answers: a result, or an error. */
export type RpcAnswer = { result: unknown } | { error: unknown }

/** Runs `run` with the URL of a server on the loopback address, whose path holds `secret-key`. */
export async function withServer<T>(listener: RequestListener, run: (url: string) => Promise<T>): Promise<T> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-key`)
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

/** The call that `request` carries. */
export async function callOf(request: IncomingMessage): Promise<RpcCall> {
  return (await json(request)) as RpcCall
}

/** A node that answers each method with what `answers` says. */
export function answering(answers: Record<string, unknown>): RequestListener {
  return async (request, response) => {
    const { id, method } = await callOf(request)
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method] }))
  }
}

/**
 * A node that answers as the one at `rpcUrl` does, but for what `change` makes of it: it is given each call, and the way to the
 * true answer.
 */
export function inFrontOf(
  rpcUrl: string,
  change: (call: RpcCall, pass: (call?: Partial<RpcCall>) => Promise<RpcAnswer>) => Promise<RpcAnswer>,
): RequestListener {
  return async (request, response) => {
    const call = await callOf(request)
    const pass = async (other: Partial<RpcCall> = {}) => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...call, ...other })
      const answer = await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      return (await answer.json()) as RpcAnswer
    }
    const answer = await change(call, pass)
    response.end(JSON.stringify({ ...answer, jsonrpc: '2.0', id: call.id }))
  }
}
