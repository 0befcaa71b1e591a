import type { InvalidateQueryFilters } from '@tanstack/react-query'
import { queryClient } from './queryClient.ts'

/** What the stream tells: an object of this kind changed, or of any where it is `*`. */
type Change = { object: string; id: string | null }

const AGAIN_AFTER_MS = 5_000

/** What is shown of other kinds where one changes. */
const SHOWN_WITH: Readonly<Record<string, readonly string[]>> = {
  checkout_session: ['unmatched_payment', 'balance', 'coupon'],
  refund: ['unmatched_payment', 'balance'],
  sweep: ['balance'],
  organization: ['account'],
  user: ['account', 'sign_in'],
  passkey: ['account'],
}

let source: EventSource | null = null
let timer: ReturnType<typeof setTimeout>
/** Whether the account may have changed unheard; what else was read before the stream opens always may have. */
let hasMissed = false

/**
 * Makes stale what the server says has changed, so that pages show it without being loaded anew. It begins before a page reads anything
 * but the account: what is read later, the stream tells of, and what was read before it opened is read once more.
 */
export function hearChanges(): void {
  if (source === null && !document.hidden) connect()
}

/** Listens no more. */
export function hearNothing(): void {
  hasMissed = true
  clearTimeout(timer)
  source?.close()
  source = null
}

function connect(): void {
  const opened = new EventSource('/api/account/changes')
  source = opened
  opened.onmessage = ({ data }) => {
    const { object } = JSON.parse(data) as Change
    if (object === '*') void staleAll()
    else for (const kind of [object, ...(SHOWN_WITH[object] ?? [])]) void renew(kind)
  }
  opened.onerror = () => {
    hasMissed = true
    // The browser connects anew by itself, unless the server refused: perhaps nobody is signed in any more.
    if (opened.readyState !== EventSource.CLOSED) return
    void queryClient.invalidateQueries({ queryKey: ['account'] })
    timer = setTimeout(connect, AGAIN_AFTER_MS)
  }
  opened.onopen = async () => {
    if (hasMissed) await queryClient.invalidateQueries({ queryKey: ['account'] })
    hasMissed = false
    await staleAll()
  }
}

/** The kinds that are being read anew, and whether they changed again since that began. */
const renewing = new Map<string, boolean>()

/** Reads a kind anew, one time after the other: changes that come faster than answers would otherwise let none arrive. */
async function renew(kind: string): Promise<void> {
  const isUnderWay = renewing.has(kind)
  renewing.set(kind, isUnderWay)
  if (isUnderWay) return
  do {
    renewing.set(kind, false)
    await readAnew({ queryKey: [kind] })
  } while (renewing.get(kind) === true)
  renewing.delete(kind)
}

function staleAll(): Promise<void> {
  return readAnew({ predicate: ({ queryKey }) => queryKey[0] !== 'account' })
}

/** A first answer that is on its way is waited for by the client, and may be of before the change: then it is asked for once more. */
async function readAnew(filters: InvalidateQueryFilters): Promise<void> {
  const waiting = queryClient
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: 'fetching' })
    .filter(({ state }) => state.data === undefined)
  await queryClient.invalidateQueries(filters)
  if (waiting.length === 0) return
  // A page that shows nothing before its answer is there does not use it yet: the client itself would not wait.
  await Promise.allSettled(waiting.map(({ promise }) => promise))
  await queryClient.invalidateQueries({ predicate: query => waiting.includes(query) })
}
