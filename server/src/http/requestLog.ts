import { keepApiRequests } from '../actions/apiRequests.ts'
import type { Context } from '../context.ts'
import type { ApiRequest } from '../domain/apiRequest.ts'

const WRITE_EVERY_MS = 1_000
/** Of one organization, and of all, in that time: a flood of requests must not become one of rows. */
const OF_ONE_MAX = 20
const OF_ALL_MAX = 1_000

/** What takes note of answered requests. */
export type RequestLog = {
  /** Keeps it in memory and returns at once. */
  note: (request: ApiRequest) => void
  /** Writes what is left and takes no more. */
  close: () => Promise<void>
}

/**
 * A log of requests that costs those who ask nothing: once a second what was noted is written in one statement. It may lose that
 * second when the process dies, and what is beyond 20 requests of one organization in it.
 */
export function openRequestLog(ctx: Context): RequestLog {
  let noted: ApiRequest[] = []
  let isClosed = false
  let timer: NodeJS.Timeout | null = null
  const ofOne = new Map<string, number>()
  const write = async () => {
    timer = null
    const requests = noted
    noted = []
    ofOne.clear()
    if (requests.length === 0) return
    await keepApiRequests(ctx, requests).catch(error =>
      ctx.log.warn({ err: error }, 'requests of the API could not be noted'),
    )
  }
  return {
    note: request => {
      const count = ofOne.get(request.organizationId) ?? 0
      if (isClosed || count >= OF_ONE_MAX || noted.length >= OF_ALL_MAX) return
      ofOne.set(request.organizationId, count + 1)
      noted.push(request)
      timer ??= setTimeout(write, WRITE_EVERY_MS).unref()
    },
    close: async () => {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
      await write()
    },
  }
}
