import { useInfiniteQuery } from '@tanstack/react-query'

/** A list as `useList` gives it; it is empty once it was read and has no row. */
export type List<T extends { id: string }> = ReturnType<typeof useList<T>>

type Page<T> = { data: T[]; hasMore: boolean }

const PAGE = 100

/**
 * The rows of a list of the API, a hundred at a time as they are scrolled to. `key` begins with the resource, as in
 * `['checkout_session', 'list', filters]`: what the stream tells of it makes the list stale.
 */
export function useList<T extends { id: string }>(
  key: readonly unknown[],
  read: (page: { limit: number; startingAfter?: string }) => Promise<Page<T>>,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read({ limit: PAGE, ...(pageParam !== null && { startingAfter: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: page => (page.hasMore ? (page.data.at(-1)?.id ?? null) : null),
  })
  const rows = query.data?.pages.flatMap(({ data }) => data) ?? []
  const onEnd = query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined
  const { isPending: isLoading, hasNextPage: hasMore, error } = query
  const isEmpty = !isLoading && error === null && rows.length === 0
  return { rows, onEnd, hasMore, isLoading, isEmpty, error, retry: () => void query.refetch() }
}
