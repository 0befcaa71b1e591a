import { useSuspenseQuery } from '@tanstack/react-query'

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
  })
  return data
}
