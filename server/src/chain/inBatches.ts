/**
 * How many questions are asked at the same time, how many before their turn, how long a list of answers may be, and the weight of
 * waiting answers at which no more are asked.
 */
export type BatchOptions = { atOnce: number; ahead: number; most: number; heaviest?: number }

/**
 * The answers to `questions` in their order, in lists of as many as have arrived: at least one. While the caller works on a
 * list, more are asked. A question that fails throws when its turn has come.
 */
export async function* inBatches<Q, A>(
  questions: Iterable<Q>,
  { atOnce, ahead, most, heaviest = Number.POSITIVE_INFINITY }: BatchOptions,
  ask: (question: Q) => Promise<A>,
  weigh: (answer: A) => number = () => 1,
): AsyncGenerator<A[], undefined> {
  const rest = questions[Symbol.iterator]()
  const asked: { answer: Promise<A>; hasArrived: boolean; weight: number }[] = []
  let open = 0
  let weight = 0
  let isOver = false
  const askMore = () => {
    while (!isOver && open < atOnce && asked.length < ahead && (weight < heaviest || asked.length === 0)) {
      const next = rest.next()
      if (next.done) return
      const entry = { answer: ask(next.value), hasArrived: false, weight: 0 }
      const end = () => {
        open -= 1
        askMore()
      }
      const arrive = (answer: A) => {
        entry.hasArrived = true
        entry.weight = weigh(answer)
        weight += entry.weight
        end()
      }
      entry.answer.then(arrive, end)
      open += 1
      asked.push(entry)
    }
  }
  try {
    for (askMore(); asked[0] !== undefined; askMore()) {
      await asked[0].answer
      const missing = asked.findIndex(entry => !entry.hasArrived)
      const arrived = asked.splice(0, Math.min(missing < 0 ? asked.length : Math.max(1, missing), most))
      for (const entry of arrived) weight -= entry.weight
      yield await Promise.all(arrived.map(entry => entry.answer))
    }
  } finally {
    isOver = true
  }
}
