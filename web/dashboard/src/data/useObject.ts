import { useSuspenseQuery } from '@tanstack/react-query'

/** Not everything that changes is told by the stream. */
const AGAIN_AFTER_MS = 20_000

/**
 * One object of the API, which the page waits for; what the stream tells of its `kind` makes it stale. Null without an id. What
 * cannot be read is thrown to the page's `Failure`.
 */
export function useObject<T>(kind: string, id: string, read: (id: string) => PromiseLike<T>): T
export function useObject<T>(kind: string, id: string | undefined, read: (id: string) => PromiseLike<T>): T | null
export function useObject<T>(kind: string, id: string | undefined, read: (id: string) => PromiseLike<T>): T | null {
  const { data } = useSuspenseQuery<T | null>({
    queryKey: [kind, 'get', id ?? null],
    queryFn: async () => (id === undefined ? null : await read(id)),
    refetchInterval: AGAIN_AFTER_MS,
  })
  return data
}
