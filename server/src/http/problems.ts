import type { z } from '@hono/zod-openapi'
import { AppError, ERRORS, type ErrorCode, type Problem } from '../domain/errors.ts'
import { PARAM } from './rules.ts'

type Issue = z.core.$ZodIssue

/** Everything that `error` finds wrong with a request, as one `AppError` whose `param`s are paths such as `lineItems.data[0].quantity`. */
export function toAppError(error: z.ZodError, schema: z.ZodType): AppError {
  const problems = error.issues.flatMap(issue => toProblems(issue, schema))
  const first = problems[0]
  if (first === undefined) throw error
  return new AppError(first.code, first.message, { param: first.param, problems })
}

function toProblems(issue: Issue, schema: z.ZodType): Problem[] {
  const param = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path)
    return issue.keys.map(key => unknownParameter(key, param === '' ? key : `${param}.${key}`, known))
  }
  const { code, message } = describe(issue)
  return [
    { code, message: message.replaceAll(PARAM, param === '' ? 'The body' : param), param: param === '' ? null : param },
  ]
}

/** The problem of a parameter that does not exist, with the nearest one that does. */
export function unknownParameter(key: string, param: string, known: string[]): Problem {
  const near = nearest(key, known)
  const hint = near === null ? '' : ` Did you mean ${near}?`
  return { code: 'parameter_unknown', message: `There is no parameter ${param}.${hint}`, param }
}

function describe(issue: Issue): { code: ErrorCode; message: string } {
  switch (issue.code) {
    case 'custom': {
      const code = issue.params?.code
      return {
        code: typeof code === 'string' && code in ERRORS ? (code as ErrorCode) : 'parameter_invalid',
        message: issue.message,
      }
    }
    case 'invalid_type':
      if (issue.input === undefined) return { code: 'parameter_missing', message: `${PARAM} is required.` }
      return { code: 'parameter_invalid', message: `${PARAM} must be ${article(issue.expected)}.` }
    case 'invalid_value':
      return { code: 'parameter_invalid', message: `${PARAM} must be one of ${issue.values.join(', ')}.` }
    case 'too_big':
      if (issue.origin === 'array')
        return { code: 'array_too_long', message: `${PARAM} may have at most ${issue.maximum} entries.` }
      return { code: 'parameter_invalid', message: `${PARAM} must be at most ${issue.maximum}.` }
    case 'too_small':
      if (issue.origin === 'array')
        return {
          code: 'array_too_short',
          message: `${PARAM} must have at least ${issue.minimum} ${issue.minimum === 1 ? 'entry' : 'entries'}.`,
        }
      return { code: 'parameter_invalid', message: `${PARAM} must be at least ${issue.minimum}.` }
    default:
      return { code: 'parameter_invalid', message: `${PARAM} is not valid.` }
  }
}

function article(expected: string): string {
  if (expected === 'int') return 'a whole number'
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`
}

function pathText(path: PropertyKey[]): string {
  return path
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

/** The keys of the object schema that stands at `path` below `schema`; none if it is no object. */
function knownKeys(schema: z.ZodType, path: PropertyKey[]): string[] {
  let at: Shape | undefined = schema as unknown as Shape
  for (const part of [...path, null]) {
    while (at !== undefined && wrapped(at) !== undefined) at = wrapped(at)
    if (part === null) break
    at = typeof part === 'number' ? at?._zod.def.element : at?._zod.def.shape?.[String(part)]
  }
  return Object.keys(at?._zod.def.shape ?? {})
}

/** What an optional, a default or a transformation is about. */
function wrapped({ _zod: { def } }: Shape): Shape | undefined {
  if (def.in !== undefined && def.in._zod.def.type !== 'transform') return def.in
  return def.innerType ?? def.out
}

type Shape = {
  _zod: {
    def: { type: string; innerType?: Shape; in?: Shape; out?: Shape; element?: Shape; shape?: Record<string, Shape> }
  }
}

/** The word of `known` that is at most a third of its length away from `word`, or null. */
export function nearest(word: string, known: string[]): string | null {
  if (word.length > 60) return null
  const ranked = known
    .map(candidate => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  const best = ranked[0]
  return best !== undefined && best.far <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : null
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
