import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { AppError } from '../domain/errors.ts'
import { checkTexts, parseJson } from './json.ts'

const BYTES_MAX = 64 * 1024
const FORM_BYTES_MAX = 6 * 1024 * 1024
const FORM_PARTS_MAX = 20
const PART_HEADERS_MAX = 4 * 1024
const READ_MS = 10_000

/**
 * The JSON value of a request's body: `application/json` in UTF-8 of at most 64 KB that arrives within 10 seconds.
 * With `incoming`, the same request as Node has it, no web stream is made of it, which costs more than all the rest.
 * Throws `content_type`, `body_too_large`, `request_timeout`, `invalid_json` and what `parseJson` and `checkTexts` throw.
 */
export async function readJsonBody(
  request: Request,
  { readMs = READ_MS, incoming }: { readMs?: number; incoming?: IncomingMessage | undefined } = {},
): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) {
    throw new AppError('content_type', 'Send the body as JSON, with the header Content-Type: application/json.')
  }
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    throw new AppError('content_type', 'Send the body without Content-Encoding.')
  }
  if (Number(request.headers.get('content-length') ?? 0) > BYTES_MAX) throw tooLarge()
  const bytes = await (incoming === undefined ? readStream(request, readMs) : readIncoming(incoming, readMs))
  if (!isUtf8(bytes)) throw new AppError('invalid_json', 'The body is not UTF-8.')
  const value = parseJson(bytes.toString())
  checkTexts(value)
  return value
}

/** What a page's own form sends: up to 64 KB that arrive within 10 seconds. Throws `body_too_large` and `request_timeout`. */
export async function readPageForm(request: Request, readMs = READ_MS): Promise<URLSearchParams> {
  if (Number(request.headers.get('content-length') ?? 0) > BYTES_MAX) throw tooLarge()
  return new URLSearchParams((await readStream(request, readMs)).toString())
}

/**
 * The fields of a `multipart/form-data` body of at most 6 MB that arrives within 10 seconds: text, or a `File` each. A field that
 * is given twice throws `duplicate_key`; otherwise throws as `readJsonBody`.
 */
export async function readForm(request: Request, readMs = READ_MS): Promise<Record<string, string | File>> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new AppError('content_type', 'Send the body as a form, with the header Content-Type: multipart/form-data.')
  }
  if (Number(request.headers.get('content-length') ?? 0) > FORM_BYTES_MAX) throw tooLarge(FORM_BYTES_MAX)
  const bytes = await readStream(request, readMs, FORM_BYTES_MAX)
  if (!isShort(bytes, type)) {
    throw new AppError('invalid_form', `A form has at most ${FORM_PARTS_MAX} parts, each with short headers.`)
  }
  const headers = { 'content-type': type }
  const form = await new Response(new Uint8Array(bytes), { headers }).formData().catch(() => {
    throw new AppError(
      'invalid_form',
      'The form is not whole: send it as multipart/form-data, each part with its name.',
    )
  })
  const fields = new Map<string, string | File>()
  for (const [name, value] of form) {
    if (fields.has(name)) throw new AppError('duplicate_key', `The form has ${name} twice.`, { param: name })
    fields.set(name, value)
  }
  checkTexts(Object.fromEntries([...fields].filter(([, value]) => typeof value === 'string')))
  // Unlike an assignment, this takes `__proto__` for a name like any other.
  return Object.fromEntries(fields)
}

/** Whether a form has few parts, each with few headers: one that is made to be slow keeps its parser busy for seconds. */
function isShort(bytes: Buffer, type: string): boolean {
  const [, quoted, plain = ''] = /;\s*boundary=(?:"([^"]*)"|([^\s;]*))/i.exec(type) ?? []
  const delimiter = `\r\n--${quoted ?? plain}`
  let parts = 0
  for (let at = 0; at !== -1; at = bytes.indexOf(delimiter, at + 1)) {
    parts += 1
    if (parts > FORM_PARTS_MAX + 1 || bytes.indexOf('\r\n\r\n', at + 1) - at > PART_HEADERS_MAX) return false
  }
  return true
}

function tooLarge(bytesMax = BYTES_MAX): AppError {
  return new AppError('body_too_large', `The body is larger than ${bytesMax / 1024} KB.`)
}

function tooLate(readMs: number): AppError {
  return new AppError('request_timeout', `The body did not arrive within ${readMs / 1000} seconds.`)
}

function readIncoming(incoming: IncomingMessage, readMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (error: AppError | null) => {
      clearTimeout(timer)
      incoming.off('data', read).off('end', finish).off('close', breakOff).off('error', breakOff)
      if (error === null) return resolve(Buffer.concat(chunks))
      incoming.pause()
      reject(error)
    }
    const read = (chunk: Buffer) => {
      size += chunk.length
      if (size > BYTES_MAX) end(tooLarge())
      else chunks.push(chunk)
    }
    const finish = () => end(null)
    const breakOff = () => end(new AppError('invalid_json', 'The body ends too early.'))
    const timer = setTimeout(() => end(tooLate(readMs)), readMs)
    incoming.on('data', read).on('end', finish).on('close', breakOff).on('error', breakOff)
  })
}

async function readStream(request: Request, readMs: number, bytesMax = BYTES_MAX): Promise<Buffer> {
  if (request.body === null) return Buffer.alloc(0)
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
      if (size > bytesMax) {
        reader.cancel().catch(() => undefined)
        throw tooLarge(bytesMax)
      }
      chunks.push(part.value)
    }
  } finally {
    clearTimeout(timer)
  }
  if (late) throw tooLate(readMs)
  return Buffer.concat(chunks)
}
