import { authenticatePerson } from '../actions/authenticatePerson.ts'
import { findNewest } from '../actions/findNewest.ts'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'

const STREAMS_MAX = 2_000
/** Of one person in one process: each tab has a stream. */
const PERSON_STREAMS_MAX = 12
/** What happens within so long is told together, so that a busy shop does not make its pages read all the time. */
const TELL_EVERY_MS = 250
/** What is written too often to tell of itself, as new sessions are, is looked for while somebody watches. */
const LOOK_EVERY_MS = 500
const CHECK_EVERY_MS = 2_000
const PING_EVERY_MS = 20_000
/** A reader that is so far behind is told of kinds alone. */
const WAITING_MAX = 200
const PING = Buffer.from('event: ping\ndata: \n\n')
const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'transfer-encoding': 'chunked',
  // The connection ends with its stream: a process that stops waits for it.
  connection: 'close',
}

type Stream = {
  readonly controller: ReadableStreamDefaultController<Uint8Array>
  readonly token: string
  readonly userId: string
  readonly organizationId: string
  /** What is to be told, as `object` or `object:id`; `*` is anything. */
  readonly waiting: Set<string>
  readonly stop: () => void
}

/** The stream of what changes in the organization, for open pages of the dashboard; it ends with the sign-in or with the process. */
export function changeRoutes(ctx: Context, stopping: AbortSignal): AccountRoute[] {
  const streams = createStreams(ctx, stopping)
  return [
    accountRoute({
      method: 'get',
      path: '/changes',
      who: 'person',
      handle: async ({ c, person: { token, signIn, caller } }) => {
        // The framework answers HEAD with what GET would: a stream that nobody reads is never ended.
        if (c.req.method === 'HEAD') return new Response(null, { headers: { 'content-type': 'text/event-stream' } })
        const who = { token, userId: signIn.userId, organizationId: caller.organizationId }
        if (!streams.hasRoom(who.userId)) {
          throw new AppError('rate_limited', 'Too many pages are open: close some of them.', { retryAfterS: 5 })
        }
        return new Response(streams.open(who), { headers: HEADERS })
      },
    }),
  ]
}

function createStreams(ctx: Context, stopping: AbortSignal) {
  const streams = new Set<Stream>()
  const end = (stream: Stream) => {
    if (!streams.delete(stream)) return
    stream.stop()
    stream.controller.close()
  }
  const timers = [
    setInterval(() => streams.forEach(tell), TELL_EVERY_MS),
    setInterval(() => streams.forEach(ping), PING_EVERY_MS),
    every(LOOK_EVERY_MS, lookForRows(ctx, streams)),
    every(CHECK_EVERY_MS, () => endSignedOut(ctx, streams, end)),
  ].map(timer => timer.unref())
  stopping.addEventListener('abort', () => {
    for (const timer of timers) clearInterval(timer)
    for (const stream of [...streams]) end(stream)
  })
  return {
    hasRoom: (userId: string) =>
      !stopping.aborted &&
      streams.size < STREAMS_MAX &&
      [...streams].filter(stream => stream.userId === userId).length < PERSON_STREAMS_MAX,
    open: (who: Pick<Stream, 'token' | 'userId' | 'organizationId'>) => {
      let stream: Stream
      return new ReadableStream<Uint8Array>({
        start: controller => {
          const waiting = new Set<string>()
          const stop = ctx.live.subscribeToChanges(who.organizationId, changes => {
            for (const { object, id } of changes ?? [{ object: '*', id: null }]) add(waiting, object, id)
          })
          stream = { ...who, controller, waiting, stop }
          streams.add(stream)
          // A first event, since some browsers show a stream as open only then.
          controller.enqueue(PING)
        },
        cancel: () => {
          streams.delete(stream)
          stream.stop()
        },
      })
    },
  }
}

/** Runs `work` again and again, one at a time; what fails is tried at the next time. */
function every(ms: number, work: () => Promise<void>): NodeJS.Timeout {
  let isBusy = false
  return setInterval(() => {
    if (isBusy) return
    isBusy = true
    void work()
      .catch(() => undefined)
      .finally(() => {
        isBusy = false
      })
  }, ms)
}

function add(waiting: Set<string>, object: string, id: string | null): void {
  waiting.add(id === null || waiting.size >= WAITING_MAX ? object : `${object}:${id}`)
}

function tell({ controller, waiting }: Stream): void {
  if (waiting.size === 0 || (controller.desiredSize ?? 0) <= 0) return
  const events = [...waiting].map(text => {
    const [object, id = null] = text.split(':')
    return `data: ${JSON.stringify({ object, id })}\n\n`
  })
  waiting.clear()
  controller.enqueue(Buffer.from(events.join('')))
}

function ping({ controller }: Stream): void {
  if ((controller.desiredSize ?? 0) > 0) controller.enqueue(PING)
}

/** Tells of what is new since the last look, or since whenever at the first one: one query for all that is watched. */
function lookForRows(ctx: Context, streams: ReadonlySet<Stream>): () => Promise<void> {
  let known: ReadonlySet<string> = new Set()
  return async () => {
    const organizations = new Set([...streams].map(({ organizationId }) => organizationId))
    const newest = organizations.size === 0 ? [] : await findNewest(ctx, [...organizations])
    const unknown = newest.filter(({ rows }) => !known.has(rows))
    const fresh = Map.groupBy(unknown, ({ organizationId }) => organizationId)
    for (const { organizationId, waiting } of streams) {
      for (const { object } of fresh.get(organizationId) ?? []) add(waiting, object, null)
    }
    known = new Set(newest.map(({ rows }) => rows))
  }
}

/** Ends the streams whose sign-in has ended, or works for another organization now; each sign-in is read once. */
async function endSignedOut(ctx: Context, streams: ReadonlySet<Stream>, end: (stream: Stream) => void): Promise<void> {
  for (const [token, own] of Map.groupBy(streams, stream => stream.token)) {
    const organizationId = await worksFor(ctx, token)
    for (const stream of own) if (stream.organizationId !== organizationId) end(stream)
  }
}

async function worksFor(ctx: Context, token: string): Promise<string | null> {
  try {
    // A page that is open is nobody who is there: it keeps no sign-in alive.
    return (await authenticatePerson(ctx, token, { fresh: true, unseen: true })).caller.organizationId
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}
