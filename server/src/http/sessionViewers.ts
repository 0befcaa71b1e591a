import { getPayersSession, type PayersSession } from '../actions/getCheckoutSession.ts'
import type { Context } from '../context.ts'

const EVERY_MS = 1_000

/**
 * Sessions for those who only look, of whom there may be any number: for all of them this process reads a session at most once a
 * second. What is seen is never older than a second, nor than a change that was told. A session is forgotten a second after the
 * last look.
 */
export type SessionViewers = {
  /** The session, or null if there is none; soon after a change it waits for the next reading, a second at most. */
  see: (id: string) => Promise<PayersSession | null>
  /** Calls `tell` with the session as it is after a change, once for changes that come within a second; returns what ends that. */
  watch: (id: string, tell: (seen: PayersSession | null) => void) => () => void
  /** Whoever sees the session next sees it read anew, also within the second: for payers who did something to it. */
  renew: (id: string) => void
}

type Viewed = {
  /** The last reading, while it may be shown. */
  shown: Promise<PayersSession | null> | null
  /** Whether a second is not over since the session was read. */
  isPaced: boolean
  /** Whether the next look may read it all the same. */
  isRenewed: boolean
  /** Whether those who watch have not been told of the last change. */
  isChanged: boolean
  /** The reading at the end of the second, for those who wait for it. */
  next: PromiseWithResolvers<PayersSession | null> | null
  readonly watchers: Set<(seen: PayersSession | null) => void>
  readonly stop: () => void
}

/** The viewers of this process. */
export function createSessionViewers(ctx: Context): SessionViewers {
  const all = new Map<string, Viewed>()

  const open = (id: string): Viewed => {
    const known = all.get(id)
    if (known !== undefined) return known
    const stop = ctx.live.subscribe(id, () => {
      Object.assign(viewed, { shown: null, isChanged: true })
      if (viewed.watchers.size > 0) see(id).catch(error => ctx.log.warn({ err: error }, 'a change could not be told'))
    })
    const viewed: Viewed = {
      shown: null,
      isPaced: false,
      isRenewed: false,
      isChanged: false,
      next: null,
      watchers: new Set(),
      stop,
    }
    all.set(id, viewed)
    return viewed
  }
  const forget = (id: string, viewed: Viewed) => {
    if (viewed.isPaced || viewed.watchers.size > 0) return
    viewed.stop()
    all.delete(id)
  }
  const read = async (id: string, viewed: Viewed): Promise<PayersSession | null> => {
    const { isChanged } = viewed
    Object.assign(viewed, { isRenewed: false, isChanged: false })
    const seen = await getPayersSession(ctx, id)
    if (isChanged) for (const tell of viewed.watchers) tell(seen)
    return seen
  }
  const show = (id: string, viewed: Viewed): Promise<PayersSession | null> => {
    viewed.shown = read(id, viewed)
    if (viewed.isPaced) return viewed.shown
    viewed.isPaced = true
    setTimeout(() => {
      Object.assign(viewed, { shown: null, isPaced: false, isRenewed: false })
      viewed.next?.resolve(show(id, viewed))
      viewed.next = null
      forget(id, viewed)
    }, EVERY_MS).unref()
    return viewed.shown
  }
  const see = (id: string): Promise<PayersSession | null> => {
    const viewed = open(id)
    if (viewed.shown !== null) return viewed.shown
    if (!viewed.isPaced || viewed.isRenewed) return show(id, viewed)
    viewed.next ??= Promise.withResolvers()
    return viewed.next.promise
  }

  return {
    see,
    watch: (id, tell) => {
      const viewed = open(id)
      viewed.watchers.add(tell)
      return () => {
        viewed.watchers.delete(tell)
        forget(id, viewed)
      }
    },
    renew: id => {
      const viewed = all.get(id)
      if (viewed !== undefined) Object.assign(viewed, { shown: null, isRenewed: true })
    },
  }
}
