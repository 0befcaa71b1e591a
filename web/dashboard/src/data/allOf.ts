import { BitstreamError } from '@bitstream/sdk'

type Parts = Readonly<Record<string, () => unknown>>
type Results<P extends Parts> = { [K in keyof P]: ReturnType<P[K]> }

/** What all parts of a form come to; throws one error with the problems of all that throw one, so that each is told beside its field. */
export function allOf<P extends Parts>(parts: P): Results<P> {
  const problems: BitstreamError['problems'][number][] = []
  const results = Object.entries(parts).map(([name, part]) => {
    try {
      return [name, part()]
    } catch (error) {
      if (!(error instanceof BitstreamError)) throw error
      const { code, message, param, docUrl } = error
      problems.push(...(error.problems.length > 0 ? error.problems : [{ code, message, param, docUrl: docUrl ?? '' }]))
      return [name, undefined]
    }
  })
  const [first] = problems
  if (first !== undefined) throw new BitstreamError({ ...first, errors: problems })
  return Object.fromEntries(results) as Results<P>
}
