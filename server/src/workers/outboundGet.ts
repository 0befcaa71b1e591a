import type { LookupAddress } from 'node:dns'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connectionOptions, errorOf, type PostError, refuseEndlessInterim } from './outboundPost.ts'

/** What came of a GET: `error` is null when the answer was read to its end; `location` is where a redirect points, as it was sent. */
export type GetResult =
  | { error: null; status: number; bytes: Buffer; location: string | null }
  | { error: PostError | 'too_large'; status: null; bytes: null; location: null }

/**
 * GETs the file at `url`, of at most `bytesMax` bytes, with the same care as `outboundPost`: it connects to one of `addresses` and
 * nothing else, follows no redirect, and ends with `timeout` when `signal` fires.
 */
export function outboundGet(options: {
  url: URL
  addresses: readonly LookupAddress[]
  bytesMax: number
  signal: AbortSignal
}): Promise<GetResult> {
  const { url, signal, bytesMax } = options
  const requestOf = url.protocol === 'https:' ? httpsRequest : httpRequest
  const request = requestOf({
    ...connectionOptions('GET', url, options.addresses),
    headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Bitstream' },
  })
  return new Promise(resolve => {
    const settle = (result: GetResult) => {
      signal.removeEventListener('abort', onDeadline)
      request.destroy()
      resolve(result)
    }
    const fail = (error: PostError | 'too_large') => settle({ error, status: null, bytes: null, location: null })
    const onDeadline = () => fail('timeout')
    const onError = (error: NodeJS.ErrnoException) => fail(errorOf(error, url))

    refuseEndlessInterim(request, () => fail('response_invalid'))
    request.on('error', onError)
    let hasAnswer = false
    // An answer that switches protocols brings neither response nor error.
    request.on('close', () => {
      if (!hasAnswer) fail('connection_error')
    })
    request.on('response', response => {
      hasAnswer = true
      response.on('error', onError)
      collect(response, bytesMax, {
        tooLarge: () => fail('too_large'),
        done: bytes => {
          const { statusCode: status = 0, headers } = response
          settle({ error: null, status, bytes, location: headers.location ?? null })
        },
      })
    })
    signal.addEventListener('abort', onDeadline)
    if (signal.aborted) onDeadline()
    else request.end()
  })
}

function collect(
  response: IncomingMessage,
  bytesMax: number,
  { tooLarge, done }: { tooLarge: () => void; done: (bytes: Buffer) => void },
): void {
  const chunks: Buffer[] = []
  let read = 0
  response.on('data', (chunk: Buffer) => {
    read += chunk.length
    if (read > bytesMax) tooLarge()
    else chunks.push(chunk)
  })
  response.on('end', () => done(Buffer.concat(chunks)))
}
