import { readFileSync } from 'node:fs'

/** A JSON schema, as far as it is looked at. */
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
  default?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: boolean | Schema
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minProperties?: number
  maxProperties?: number
}

/** What stands at one method of one path. */
export type Operation = {
  operationId?: string
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
  security?: Record<string, string[]>[]
}

/** An OpenAPI document, as far as it is looked at. */
export type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** The committed server/openapi.json. */
export function readDocument(): Document {
  return JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'))
}

/** A schema without references: what it is called, what it says when all its parts are taken together, and whether it takes null. */
export type Resolved = { name: string | null; schema: Schema; isNullable: boolean }

/** Follows references, and takes the parts of `allOf` and the literals of `anyOf` together; throws at a reference to nothing. */
export function resolve(document: Document, schema: Schema): Resolved {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/components/schemas/', '')
    const target = document.components.schemas[name]
    if (target === undefined) throw new Error(`${schema.$ref} is not there`)
    return { ...resolve(document, target), name }
  }
  const { anyOf, oneOf, allOf, ...own } = schema
  const isNullable = [schema.type].flat().includes('null')
  if (allOf !== undefined) {
    const parts = [...allOf, own].map(part => resolve(document, part))
    // What only says that it may be null, or describes, adds nothing of its own.
    const saying = parts.filter(({ schema: part }) => part.properties !== undefined || part.enum !== undefined)
    return {
      name: saying.length === 1 ? (saying[0]?.name ?? null) : null,
      schema: together(parts.map(part => part.schema)),
      isNullable: parts.some(part => part.isNullable),
    }
  }
  const choices = anyOf ?? oneOf
  if (choices === undefined) return { name: null, schema, isNullable }
  const parts = choices.map(part => resolve(document, part))
  const saying = parts.filter(({ schema: part }) => part.type !== 'null')
  const [first] = saying
  const values = saying.flatMap(({ schema: part }) => part.enum ?? (part.const === undefined ? [] : [part.const]))
  return {
    name: saying.length === 1 ? (first?.name ?? null) : null,
    schema: { ...first?.schema, ...own, ...(values.length > 0 && { enum: values }) },
    isNullable: isNullable || parts.some(part => part.isNullable),
  }
}

function together(parts: readonly Schema[]): Schema {
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map(part => part.properties ?? {})),
    required: parts.flatMap(part => part.required ?? []),
  }
}
