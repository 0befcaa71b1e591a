import { AppError } from '../domain/errors.ts'

const DEPTH_MAX = 32

/**
 * The value of a JSON text (RFC 8259) as strict as money needs it: one document, no key twice in an object, at most 32
 * levels deep. Throws `invalid_json` with the offset, `duplicate_key` or `json_too_complex`.
 */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (depthOf(text) > DEPTH_MAX) throw tooDeep()
    throw new AppError('invalid_json', `The body is not JSON: ${reason(error, text)}.`, { cause: error })
  }
  checkKeys(text)
  return value
}

function reason(error: unknown, text: string): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined
  if (text === '') return 'it is empty'
  return position === undefined
    ? `it ends too early, at offset ${text.length}`
    : `unexpected character at offset ${position}`
}

function tooDeep(): AppError {
  return new AppError('json_too_complex', `The body is nested deeper than ${DEPTH_MAX} levels.`)
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const character of text) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth)
    else if (character === '}' || character === ']') depth--
  }
  return deepest
}

/** Walks a text that is known to be JSON: JSON.parse keeps the last of two equal keys, a proxy may have read the first. */
function checkKeys(text: string): void {
  const open: (Set<string> | null)[] = []
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match
    if (found === '{') open.push(new Set())
    else if (found === '[') open.push(null)
    else if (found === '}' || found === ']') open.pop()
    else checkKey(text, open.at(-1), found, token.lastIndex)
    if (open.length > DEPTH_MAX) throw tooDeep()
  }
}

function checkKey(text: string, keys: Set<string> | null | undefined, quoted: string, end: number): void {
  const colon = /\s*:/y
  colon.lastIndex = end
  if (!keys || !colon.test(text)) return
  const key = JSON.parse(quoted) as string
  if (keys.has(key)) {
    throw new AppError('duplicate_key', `The key ${quoted} stands twice in one object: send it once.`, { param: key })
  }
  keys.add(key)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/
const BIDI = /[\u202a-\u202e\u2066-\u2069]/

/** Throws `invalid_unicode` or `invalid_character` with the path of the first text that Postgres or a page could not hold. */
export function checkTexts(value: unknown, path = ''): void {
  if (typeof value === 'string') checkText(value, path)
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) checkTexts(item, `${path}[${index}]`)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const inner = path === '' ? key : `${path}.${key}`
      checkText(key, inner)
      checkTexts(item, inner)
    }
  }
}

function checkText(text: string, param: string): void {
  if (!text.isWellFormed()) {
    throw new AppError(
      'invalid_unicode',
      `${printable(param)} holds half of a surrogate pair: send whole characters.`,
      { param: printable(param) },
    )
  }
  if (CONTROL.test(text) || BIDI.test(text)) {
    const message = `${printable(param)} holds a control or direction-changing character: remove it.`
    throw new AppError('invalid_character', message, { param: printable(param) })
  }
}

function printable(param: string): string {
  return param
    .toWellFormed()
    .replace(new RegExp(`${CONTROL.source}|${BIDI.source}`, 'g'), '\ufffd')
    .slice(0, 200)
}
