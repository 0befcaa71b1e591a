/** The answers to `questions`, in their order, with up to `ahead` of them asked before their turn. */
export async function* inOrder<Q, A>(
  questions: Iterable<Q>,
  ahead: number,
  ask: (question: Q) => Promise<A>,
): AsyncGenerator<A, undefined> {
  const asked: Promise<A>[] = []
  for (const question of questions) {
    const answer = ask(question)
    // Whoever takes the answer learns of its failure; one that is never taken must not end the process.
    answer.catch(() => undefined)
    asked.push(answer)
    if (asked.length < ahead) continue
    const first = asked.shift()
    if (first !== undefined) yield await first
  }
  for (const answer of asked) yield await answer
}
