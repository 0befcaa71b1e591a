import type { Endpoint, Field } from './contract.ts'

/** A JSON schema, as far as it is looked at. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  default?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: unknown
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
}

type Operation = {
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

/** An OpenAPI document, as far as it is looked at. */
export type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** What the API's list parameters are called. */
const STANDARD = [
  'page',
  'limit',
  'startingAfter',
  'ids',
  ...['gt', 'gte', 'lt', 'lte', 'isnull', 'notnull'].map(op => `createdAt[${op}]`),
]

/** Where the document says something else than an endpoint's line, each a short text that names the place. */
export function compareEndpoint(document: Document, { method, path, isList, query, body, answer }: Endpoint): string[] {
  const place = `${method.toUpperCase()} ${path}`
  // The name of what the path names is no promise.
  const found = Object.entries(document.paths).find(([each]) => unnamed(each) === unnamed(`/api/v1${path}`))?.[1]
  const operation = found?.[method]
  if (operation === undefined) return [`${place}: missing`]
  const named = (operation.parameters ?? []).filter(each => each.in === 'query').map(({ name }) => name)
  const wanted = [...(isList ? STANDARD : []), ...query]
  const has = (name: string) => named.some(each => each === name || each.startsWith(`${name}[`))
  const given = operation.requestBody === undefined ? null : schemaOf(operation.requestBody.content)
  const answered = schemaOf(operation.responses[200]?.content)
  return [
    ...wanted.filter(name => !has(name)).map(name => `${place}: no query parameter ${name}`),
    ...(body !== null && (given === null || !mentions(given, body)) ? [`${place}: body is not ${body}`] : []),
    ...(answer !== null && (answered === null || !mentions(answered, answer))
      ? [`${place}: answer is not ${answer}`]
      : []),
  ]
}

function unnamed(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '{}')
}

function schemaOf(content: Record<string, { schema: Schema }> | undefined): Schema | null {
  return Object.values(content ?? {})[0]?.schema ?? null
}

function mentions(schema: Schema, name: string): boolean {
  return JSON.stringify(schema).includes(`"#/components/schemas/${name}"`)
}

/** Where the document says something else than an object's table; `isRequest` where clients send it, `isPut` where all is optional. */
export function compareObject(
  document: Document,
  name: string,
  fields: readonly Field[],
  { isRequest, isPut }: { isRequest: boolean; isPut: boolean },
): string[] {
  const schema = flat(document, document.components.schemas[name])
  if (schema === null) return [`${name}: missing`]
  return fields.flatMap(field => {
    const place = `${name}.${field.name}`
    const own = schema.properties?.[field.name]
    if (own === undefined) return [`${place}: missing`]
    const required = schema.required?.includes(field.name) ?? false
    const mark = isPut ? [] : markProblems(field, required, isRequest)
    return [...mark, ...typeProblems(document, field.type, own), ...noteProblems(document, field.notes, own)].map(
      problem => `${place}: ${problem}`,
    )
  })
}

function markProblems({ always }: Field, required: boolean, isRequest: boolean): string[] {
  if (always && !required) return ['not required']
  // An answer may promise more than the table.
  return isRequest && !always && required ? ['required, though the table leaves it open'] : []
}

/** The schema without references, alternatives to null and wrappers. */
function flat(document: Document, schema: Schema | undefined): Schema | null {
  if (schema === undefined) return null
  if (schema.$ref !== undefined) return flat(document, document.components.schemas[schema.$ref.split('/').at(-1) ?? ''])
  const parts = schema.allOf ?? (schema.anyOf ?? schema.oneOf)?.filter(each => each.type !== 'null')
  if (parts === undefined) return schema
  const flattened = parts.map(part => flat(document, part) ?? {})
  const [first = {}] = flattened
  if (flattened.length === 1) return { ...first, ...(schema.default !== undefined && { default: schema.default }) }
  if (schema.allOf !== undefined) {
    return {
      ...schema,
      type: 'object',
      properties: Object.assign({}, ...flattened.map(part => part.properties ?? {})),
      required: flattened.flatMap(part => part.required ?? []),
    }
  }
  const values = flattened.flatMap(part => part.enum ?? (part.const === undefined ? [] : [part.const]))
  return { ...first, ...schema, ...(values.length > 0 && { enum: values }) }
}

const SCALARS: Readonly<Record<string, readonly string[]>> = {
  string: ['string'],
  uuid: ['string'],
  datetime: ['string'],
  amt8: ['string'],
  file: ['string'],
  boolean: ['boolean'],
  number: ['number', 'integer'],
  int64: ['number', 'integer'],
  object: ['object'],
}

function typeProblems(document: Document, type: string, own: Schema): string[] {
  const schema = flat(document, own)
  if (schema === null) return ['refers to nothing']
  const types = [schema.type ?? []].flat().filter(each => each !== 'null')
  const list = /^\[(.*)\]$/.exec(type)?.[1]
  if (list !== undefined) {
    if (!types.includes('array') || schema.items === undefined) return ['no list']
    return typeProblems(document, list, schema.items).map(problem => `[] ${problem}`)
  }
  const allowed = SCALARS[type]
  if (allowed !== undefined) {
    const wrong = types.length > 0 && !types.some(each => allowed.includes(each))
    const isTime = type !== 'datetime' || schema.format === 'date-time'
    return wrong ? [`is ${types.join()}, not ${type}`] : isTime ? [] : ['no date-time']
  }
  if (/^[A-Z]\w+$/.test(type) && type !== 'Crypto') {
    return type in document.components.schemas && mentions(own, type) ? [] : [`is not ${type}`]
  }
  // `Crypto|usd|inr` is our `Currency`.
  const values = type.split('|').filter(value => value !== 'Crypto')
  const missing = values.filter(value => !schema.enum?.map(String).includes(value) && String(schema.const) !== value)
  return missing.length > 0
    ? [`lacks ${missing.join('|')}`]
    : type.startsWith('Crypto') && schema.enum === undefined
      ? ['no list of currencies']
      : []
}

const BOUNDS = {
  min: ['minimum', 'exclusiveMinimum'],
  max: ['maximum'],
  minItems: ['minItems'],
  maxItems: ['maxItems'],
  minLen: ['minLength'],
  maxLen: ['maxLength'],
} as const

function noteProblems(document: Document, notes: readonly string[], own: Schema): string[] {
  const schema = flat(document, own) ?? {}
  return notes.flatMap(note => {
    const [word = '', value = ''] = note.split(' ')
    if (word === 'default')
      return String(own.default ?? schema.default) === value
        ? []
        : [`default is ${own.default ?? schema.default}, not ${value}`]
    const names = BOUNDS[word as keyof typeof BOUNDS]
    // Of an amount, which is text, the pattern says it.
    if (names === undefined || (schema.type === 'string' && word.length === 3)) return []
    return names.some(name => String(schema[name as keyof Schema]) === value) ? [] : [`no ${word} ${value}`]
  })
}
