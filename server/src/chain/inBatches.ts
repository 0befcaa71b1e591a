/** How many questions are asked at the same time, how many before their turn, and how long a list of answers may be. */
export type BatchOptions = { atOnce: number; ahead: number; most: number }

/**
 * The answers to `questions` in their order, in lists of as many as have arrived: at least one. While the caller works on a
 * list, more are asked. A question that fails throws when its turn has come.
 */
export async function* inBatches<Q, A>(
  questions: Iterable<Q>,
  { atOnce, ahead, most }: BatchOptions,
  ask: (question: Q) => Promise<A>,
): AsyncGenerator<A[], undefined> {
  const rest = questions[Symbol.iterator]()
  const asked: { answer: Promise<A>; hasArrived: boolean }[] = []
  let open = 0
  let isOver = false
  const askMore = () => {
    while (!isOver && open < atOnce && asked.length < ahead) {
      const next = rest.next()
      if (next.done) return
      const entry = { answer: ask(next.value), hasArrived: false }
      const end = (hasArrived: boolean) => {
        entry.hasArrived = hasArrived
        open -= 1
        askMore()
      }
      entry.answer.then(
        () => end(true),
        () => end(false),
      )
      open += 1
      asked.push(entry)
    }
  }
  try {
    for (askMore(); asked[0] !== undefined; askMore()) {
      await asked[0].answer
      const missing = asked.findIndex(entry => !entry.hasArrived)
      const arrived = asked.splice(0, Math.min(missing < 0 ? asked.length : Math.max(1, missing), most))
      yield await Promise.all(arrived.map(entry => entry.answer))
    }
  } finally {
    isOver = true
  }
}
