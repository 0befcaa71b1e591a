import { writeSync } from 'node:fs'
import http, { type ClientRequest } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import pg from 'pg'

/**
 * Where a process ends: `move-before`: in place of moving a chain's cursor; `commit-before`: of sending a commit; `commit-sent`: sent, its answer not read;
 * `commit-answered`: before anyone acts on the answer; `webhook-sent`: the whole request is out; `webhook-answered`: its
 * answer is read and not recorded.
 */
export type Place =
  | 'move-before'
  | 'commit-before'
  | 'commit-sent'
  | 'commit-answered'
  | 'webhook-sent'
  | 'webhook-answered'

/** Which commits: those that write a new session, read a block, store transfers, tell events, or record an attempt. */
export type Kind = 'session' | 'block' | 'transfer' | 'event' | 'attempt' | 'any'

/** The `count`th time (from 1) that a place is reached, and whether the process dies there or stands still. */
export type FaultPoint = { place: Place; kind: Kind; count: number; signal: 'SIGKILL' | 'SIGSTOP' }

/** The variable that carries the point of a process, as JSON. */
export const FAULT_POINT = 'FAULT_POINT'

const MOVE = /update "cursors" set "number"/
const KINDS: [Kind, RegExp][] = [
  ['session', /insert into "?checkout_sessions/],
  ['block', MOVE],
  ['transfer', /insert into "?transfers/],
  ['event', /insert into "?events/],
  ['attempt', /insert into "?webhook_attempts/],
]

type Query = (this: pg.Client, ...args: unknown[]) => unknown

/** Wraps what the program sends to its database and to merchants, so that this process ends itself at `point`. */
function arm(point: FaultPoint): void {
  let left = point.count
  const reached = () => {
    left -= 1
    if (left !== 0) return
    // Synchronous: after the signal nothing is written any more.
    writeSync(1, `${JSON.stringify({ point })}\n`)
    process.kill(process.pid, point.signal)
  }
  if (point.place.startsWith('webhook')) armRequests(point.place, reached)
  else armCommits(point, reached)
}

function armCommits({ place, kind }: FaultPoint, reached: () => void): void {
  const kindsOf = new WeakMap<pg.Client, Set<Kind>>()
  const { prototype } = pg.Client as unknown as { prototype: { query: Query } }
  const { query } = prototype
  prototype.query = function (...args) {
    const text = textOf(args[0])
    const kinds = kindsOf.get(this) ?? new Set<Kind>()
    kindsOf.set(this, kinds)
    if (/^begin\b/i.test(text)) kinds.clear()
    for (const [found, pattern] of KINDS) if (pattern.test(text)) kinds.add(found)
    if (place === 'move-before' && MOVE.test(text)) reached()
    const isMeant = /^commit$/i.test(text) && (kind === 'any' || kinds.has(kind))
    if (isMeant && place === 'commit-before') reached()
    const result = query.apply(this, args)
    if (isMeant && place === 'commit-sent') whenSent(this, reached)
    if (isMeant && place === 'commit-answered' && result instanceof Promise) result.then(reached, () => undefined)
    return result
  }
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : ''
}

/** Before this process reads anything more, so that it cannot have seen the answer. */
function whenSent(client: pg.Client, reached: () => void): void {
  const { stream } = (client as unknown as { connection: { stream: { writableLength: number } } }).connection
  if (stream.writableLength === 0) reached()
  else process.nextTick(whenSent, client, reached)
}

// What the program asks its nodes for passes here too.
function armRequests(place: Place, reached: () => void): void {
  const { request } = http
  const armed = (...args: Parameters<typeof request>): ClientRequest => {
    const sent = request(...args)
    if (!sent.hasHeader('webhook-id')) return sent
    if (place === 'webhook-sent') sent.on('finish', reached)
    else sent.on('response', response => response.on('end', reached))
    return sent
  }
  http.request = armed as typeof request
  syncBuiltinESMExports()
}

const text = process.env[FAULT_POINT]
if (text !== undefined && text !== '') arm(JSON.parse(text))
