/** A page of a list, newest first; `hasMore` says whether another one follows. */
export type Page<T> = { page: number; limit: number; count: number; hasMore: boolean; query: object; data: T[] }

/** A list that was asked for: `await` it for one page, or go through all of it with `for await`. */
export type List<T> = PromiseLike<Page<T>> & AsyncIterable<T>

/** A list whose pages `load` fetches; through all of it each page begins after the last row of the one before, so that new rows move nothing. */
export function listOf<T extends { id: string | number }>(
  load: (more: { startingAfter?: string; page?: undefined }) => Promise<Page<T>>,
): List<T> {
  return {
    // biome-ignore lint/suspicious/noThenProperty: it is awaited on purpose.
    then: (resolve, reject) => load({}).then(resolve, reject),
    async *[Symbol.asyncIterator]() {
      let page = await load({})
      while (true) {
        yield* page.data
        const last = page.data.at(-1)
        if (!page.hasMore || last === undefined) return
        page = await load({ startingAfter: String(last.id), page: undefined })
      }
    },
  }
}
