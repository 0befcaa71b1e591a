import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'
import type { Context } from '../context.ts'
import { networkOfAddress, parseIp } from '../domain/ip.ts'
import { createBuckets, createRateLimiter, NO_LIMIT } from './rateLimit.ts'

/** What anybody may ask for who knows the id of a session or a document: so often from one address, and so often for one id. */
export type PayerLimits = {
  /** Throws `rate_limited` for one request too many. */
  request: (c: HonoContext, id: string) => void
  /** The same from one address alone, for what any number may do: look at a session, whose reading they share, or pay a link. */
  look: (c: HonoContext) => void
  /** The same for one promotion code too many, limited whatever the configuration: codes are not to be guessed. */
  guess: (c: HonoContext, sessionId: string) => void
  /** The same for one request too many with a publishable key from one address: sessions are not to be made without end. */
  ask: (c: HonoContext) => void
  /** The same for printing one document: nothing else is answered while it is laid out. */
  print: (id: string) => void
}

const GUESSES = 'That were many codes'
const ASKS = 'That were many requests from here'
const PRINTS = 'This document was asked for many times'

/** The limits of this process. */
export function createPayerLimits({ config, clock }: Context): PayerLimits {
  const requests = createRateLimiter(config.payerRateLimitPerS)
  const ofSession = createBuckets({ perS: 1 / 30, burst: 10, message: GUESSES })
  const ofAddress = createBuckets({ perS: 1 / 10, burst: 30, message: GUESSES })
  const asks = config.payerRateLimitPerS === null ? NO_LIMIT : createBuckets({ perS: 1 / 2, burst: 30, message: ASKS })
  const prints = createBuckets({ perS: 1 / 5, burst: 10, message: PRINTS })
  return {
    request: (c, id) => {
      const now = clock.now().getTime()
      requests.take(`address ${networkOf(c, config.trustedProxies)}`, now)
      requests.take(`id ${id}`, now)
    },
    look: c => requests.take(`address ${networkOf(c, config.trustedProxies)}`, clock.now().getTime()),
    guess: (c, sessionId) => {
      const now = clock.now().getTime()
      ofAddress.take(networkOf(c, config.trustedProxies), now)
      ofSession.take(sessionId, now)
    },
    ask: c => asks.take(networkOf(c, config.trustedProxies), clock.now().getTime()),
    print: id => prints.take(id, clock.now().getTime()),
  }
}

/**
 * Where a request comes from: the peer's address, or the one that the first of `trustedProxies` proxies of the operator's own saw, which
 * is as far from the end of `X-Forwarded-For`. Of IPv6 the network, which has one subscriber.
 */
export function networkOf(c: HonoContext, trustedProxies: number): string {
  return networkOfAddress(addressOf(c, trustedProxies))
}

/** The same address as people read it, whole; `unknown` where it is none. */
export function addressOf(c: HonoContext, trustedProxies: number): string {
  const peer = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress
  const seen = (c.req.header('x-forwarded-for') ?? '').split(',').map(text => text.trim())
  const address = (trustedProxies > 0 ? seen.at(-trustedProxies) : peer) ?? ''
  return parseIp(address) === null ? 'unknown' : address.replace(/^::ffff:(?=\d+\.)/i, '')
}
