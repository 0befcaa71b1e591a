import { BitstreamError } from '@bitstream/sdk'
import { QueryClient } from '@tanstack/react-query'

/** What was read, kept for the whole page. The stream of changes makes it stale; a client retries by itself where that helps. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: (failures, error) => failures < 1 && !(error instanceof BitstreamError) },
    mutations: { retry: false },
  },
})

/** Reads anew what is shown of these kinds, by which query keys begin. */
export async function refresh(...kinds: readonly string[]): Promise<void> {
  await Promise.all(kinds.map(kind => queryClient.invalidateQueries({ queryKey: [kind] })))
}
