import { AppError } from '../domain/errors.ts'
import { checkTexts, parseJson } from './json.ts'

const BYTES_MAX = 64 * 1024
const READ_MS = 10_000

/**
 * The JSON value of a request's body: `application/json` in UTF-8 of at most 64 KB that arrives within 10 seconds.
 * Throws `content_type`, `body_too_large`, `request_timeout`, `invalid_json` and what `parseJson` and `checkTexts` throw.
 */
export async function readJsonBody(request: Request, readMs = READ_MS): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) {
    throw new AppError('content_type', 'Send the body as JSON, with the header Content-Type: application/json.')
  }
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    throw new AppError('content_type', 'Send the body without Content-Encoding.')
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readBytes(request, readMs))
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid_json', 'The body is not UTF-8.', { cause: error })
  }
  const value = parseJson(text)
  checkTexts(value)
  return value
}

async function readBytes(request: Request, readMs: number): Promise<Uint8Array> {
  const tooLarge = () => new AppError('body_too_large', `The body is larger than ${BYTES_MAX / 1024} KB.`)
  if (Number(request.headers.get('content-length') ?? 0) > BYTES_MAX) throw tooLarge()
  if (request.body === null) return new Uint8Array()
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  let late = false
  const timer = setTimeout(() => {
    late = true
    reader.cancel().catch(() => undefined)
  }, readMs)
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length
      if (size > BYTES_MAX) {
        reader.cancel().catch(() => undefined)
        throw tooLarge()
      }
      chunks.push(part.value)
    }
  } finally {
    clearTimeout(timer)
  }
  if (late) throw new AppError('request_timeout', `The body did not arrive within ${readMs / 1000} seconds.`)
  return Buffer.concat(chunks)
}
