import { readFileSync } from 'node:fs'

/** A schema of the document, as far as it is read. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  pattern?: string
  enum?: unknown[]
  const?: unknown
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  description?: string
}

/** A name in a path or a query. */
export type Parameter = { name: string; in: string; schema: Schema; required?: boolean }

type Operation = {
  operationId: string
  summary: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } }

const document = JSON.parse(readFileSync(new URL('../server/openapi.json', import.meta.url), 'utf8')) as Document

/** The schemas of `server/openapi.json` by their names. */
export const { schemas } = document.components

/** What can be asked of the server, each path below that of the API. */
export const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path: path.replace('/api/v1', ''),
    operation,
  })),
)

/** One thing to ask. */
export type Call = (typeof operations)[number]

/** What a call sends; null for nothing. */
export function bodyOf({ requestBody }: Operation): { schema: Schema; isForm: boolean; isNeeded: boolean } | null {
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
  if (content === undefined) return null
  return { schema: content.schema, isForm: type === 'multipart/form-data', isNeeded: requestBody?.required === true }
}

/** The schema of a JSON answer; null where the answer is a file. */
export function answerOf({ responses }: Operation): Schema | null {
  return responses[200]?.content?.['application/json']?.schema ?? null
}
