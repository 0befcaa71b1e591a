import { BitstreamError } from '@bitstream/sdk'
import { queryOptions } from '@tanstack/react-query'
import { isUnattended } from './attended.ts'
import { queryClient } from './queryClient.ts'

/** An organization that the person works for. */
type Membership = { id: string; name: string; role: Role }

/** What the members of an organization may be. */
export type Role = 'owner' | 'admin' | 'developer' | 'support' | 'viewer'

/** Who is signed in; `stage` is `waiting` while the second factor is to come. */
export type SignIn = {
  user: { id: string; email: string; firstName: string; lastName: string }
  /** With what the person may do there: `<resource>:read`, `<resource>:write`, or `*` for all of it. */
  organization: Membership & { scopes: readonly string[] }
  organizations: Membership[]
  stage: 'waiting' | 'whole'
  /** When a password, passkey or code was last given. */
  confirmedAt: string
  isStrong: boolean
  csrfToken: string
  /** What the person has to prove who they are with; while a second factor is waited for, what may be given. */
  factors: { password: boolean; totp: boolean; passkeys: number }
  /** An owner where real money moves, who has no second factor yet. */
  mustHaveSecondFactor: boolean
}

/** What `GET /api/account/state` answers. */
export type AccountState = {
  mode: 'test' | 'live'
  canDemo: boolean
  /** Whether nobody has an account yet: the first owner is made with the link that the server printed. */
  needsSetup: boolean
  signIn: SignIn | null
}

/** The state of the account, which everything else waits for. */
export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: readAccount,
  staleTime: Number.POSITIVE_INFINITY,
})

/** The person and the organization that the page shows; null before anybody has signed in. */
let shownTo: string | null = null

function whoseIs({ signIn }: AccountState): string | null {
  return signIn && `${signIn.user.id} ${signIn.organization.id}`
}

/** Where the cookie is of another person or organization now, what this page shows is not what it would change: it begins anew. */
async function readAccount(): Promise<AccountState> {
  const state = await ask<AccountState>('GET', '/state')
  const whose = whoseIs(state)
  shownTo ??= whose
  if (whose === null || whose === shownTo) return state
  location.assign('/')
  // Whoever keeps the page all the same, for what is not saved on it, keeps the token that changes nothing.
  return queryClient.getQueryData(accountQuery.queryKey) ?? state
}

/** The state as last read; throws before it was read. */
export function accountNow(): AccountState {
  const state = queryClient.getQueryData(accountQuery.queryKey)
  if (state === undefined) throw new Error('the state of the account is read first')
  return state
}

/** Takes `state` for what is known from now on, and forgets all that another person or organization saw. */
export function takeAccount(state: AccountState): void {
  shownTo = whoseIs(state)
  queryClient.setQueryData(accountQuery.queryKey, state)
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'account' })
}

/** Asks what only people may ask; throws a `BitstreamError`. An end of the sign-in is noticed wherever it happens. */
export async function ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
  const response = await guardedFetch(`/api/account${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer = await response.json().catch(() => null)
  if (response.ok) return answer as T
  throw new BitstreamError({
    code: answer?.code ?? 'internal_error',
    message: answer?.message ?? 'The server did not answer as it should: try again in a moment.',
    statusCode: response.status,
    requestId: answer?.requestId ?? null,
    param: answer?.param ?? null,
    errors: answer?.errors ?? [],
  })
}

/**
 * `fetch` with the token that each change must carry, and with whether anybody is at the page; who turns out to be signed out sees the page
 * for that. A token that another tab has renewed is read anew, and the change made once more.
 */
export const guardedFetch: typeof fetch = async (input, init) => {
  const before = signInNow()
  const response = await sentWith(before?.csrfToken, input, init)
  if (before === undefined) return response
  if (response.status === 401) await queryClient.invalidateQueries({ queryKey: ['account'] })
  if (response.status !== 403 || (await codeOf(response)) !== 'cross_site') return response
  const { signIn: now } = await queryClient.fetchQuery({ ...accountQuery, staleTime: 0 })
  if (now === null || now.csrfToken === before.csrfToken) return response
  return await sentWith(now.csrfToken, input, init)
}

function signInNow(): SignIn | undefined {
  return queryClient.getQueryData(accountQuery.queryKey)?.signIn ?? undefined
}

async function sentWith(token: string | undefined, ...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const headers = new Headers(init?.headers)
  if (token !== undefined) headers.set('x-csrf-token', token)
  // The server signs out whoever does nothing for half an hour, though pages read anew all the time.
  if (isUnattended()) headers.set('x-unattended', '1')
  return await fetch(input, { ...init, headers })
}

async function codeOf(response: Response): Promise<unknown> {
  const answer = await response
    .clone()
    .json()
    .catch(() => null)
  return answer?.code
}
