import { CRYPTO, FIAT } from '../../src/domain/currency.ts'
import { type Endpoint, type Field, fieldsOf } from './contract.ts'
import { type Document, type Operation, resolve, type Schema } from './document.ts'

/** What the API's list parameters are called. */
const STANDARD = [
  'page',
  'limit',
  'startingAfter',
  'ids',
  ...['gt', 'gte', 'lt', 'lte', 'isnull', 'notnull'].map(op => `createdAt[${op}]`),
]

/** Where the document says something else than an endpoint's line, each a short text that names the place; `page` are the fields of a page. */
export function compareEndpoint(document: Document, endpoint: Endpoint, page: readonly Field[] = []): string[] {
  const { method, path, isList, query } = endpoint
  // The name of what the path names is no promise.
  const found = Object.entries(document.paths).find(([each]) => unnamed(each) === unnamed(`/api/v1${path}`))?.[1]
  const operation = found?.[method]
  const place = `${method.toUpperCase()} ${path}`
  if (operation === undefined) return [`${place}: missing`]
  const parameters = (operation.parameters ?? []).filter(each => each.in === 'query')
  const wanted = [...(isList ? STANDARD : []), ...query]
  const has = (name: string) => parameters.some(each => each.name === name || each.name.startsWith(`${name}[`))
  return [
    ...wanted.filter(name => !has(name)).map(name => `no query parameter ${name}`),
    ...parameters.filter(each => each.required).map(each => `requires the query parameter ${each.name}`),
    ...bodyProblems(document, endpoint, operation),
    ...answerProblems(document, endpoint.answer, page, operation),
  ].map(problem => `${place}: ${problem}`)
}

function unnamed(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '{}')
}

function bodyProblems(document: Document, { body }: Endpoint, { requestBody }: Operation): string[] {
  if (requestBody === undefined) return body === null ? [] : [`body is not ${body}`]
  const [content] = Object.values(requestBody.content)
  const given = content === undefined ? null : resolve(document, content.schema)
  return body === null || given?.name === body ? [] : [`body is not ${body}`]
}

function answerProblems(
  document: Document,
  answer: string | null,
  page: readonly Field[],
  { responses }: Operation,
): string[] {
  const [type, content] = Object.entries(responses[200]?.content ?? {})[0] ?? []
  if (answer === null) return []
  if (answer === 'file') return content !== undefined && type !== 'application/json' ? [] : ['answer is not a file']
  if (content === undefined) return [`answer is not ${answer}`]
  const item = /^Page<(\w+)>$/.exec(answer)?.[1]
  const { schema } = resolve(document, content.schema)
  const rows = item === undefined ? content.schema : schema.properties?.data
  const isIt =
    rows !== undefined && typeProblems(document, item === undefined ? answer : `[${item}]`, rows).length === 0
  if (!isIt) return [`answer is not ${answer}`]
  return item === undefined ? [] : fieldProblems(document, page, schema, { isRequest: false, isPut: false })
}

/** Where the document says something else than an object's table; `isRequest` where clients send it, `isPut` where all is optional. */
export function compareObject(
  document: Document,
  name: string,
  fields: readonly Field[],
  how: { isRequest: boolean; isPut: boolean },
): string[] {
  if (document.components.schemas[name] === undefined) return [`${name}: missing`]
  const { schema } = resolve(document, { $ref: `#/components/schemas/${name}` })
  return fieldProblems(document, fields, schema, how).map(problem => `${name}.${problem}`)
}

function fieldProblems(
  document: Document,
  fields: readonly Field[],
  { properties = {}, required = [] }: Schema,
  how: { isRequest: boolean; isPut: boolean },
): string[] {
  return fields.flatMap(({ name, always, type, notes }) => {
    const own = properties[name]
    if (own === undefined) return [`${name}: missing`]
    const mark = markProblems(always, required.includes(name), own.default !== undefined, how)
    return [...mark, ...typeProblems(document, type, own), ...noteProblems(document, notes, own)].map(
      problem => `${name}: ${problem}`,
    )
  })
}

function markProblems(
  always: boolean,
  isRequired: boolean,
  hasDefault: boolean,
  { isRequest, isPut }: { isRequest: boolean; isPut: boolean },
): string[] {
  if (isPut) return isRequired ? ['required, though a PUT changes what is given'] : []
  if (always) return isRequired || hasDefault ? [] : ['not required']
  // An answer may promise more than the table.
  return isRequest && isRequired ? ['required, though the table leaves it open'] : []
}

/** What a value of each of the table's types is in JSON, and the format that says so. */
const SCALARS: Readonly<Record<string, { types: readonly string[]; format?: string; pattern?: RegExp }>> = {
  string: { types: ['string'] },
  uuid: { types: ['string'], format: 'uuid' },
  datetime: { types: ['string'], format: 'date-time' },
  amt8: { types: ['string'], pattern: /^\^\[[01]-9\]/ },
  file: { types: ['string'], format: 'binary' },
  boolean: { types: ['boolean'] },
  number: { types: ['number', 'integer'] },
  int64: { types: ['integer'] },
  object: { types: ['object'] },
}

function typeProblems(document: Document, type: string, own: Schema): string[] {
  const { name, schema } = resolve(document, own)
  const types = [schema.type ?? []].flat().filter(each => each !== 'null')
  if (type === '') return []
  const item = /^\[(.*)\]$/.exec(type)?.[1]
  if (item !== undefined) {
    if (types.join() !== 'array' || schema.items === undefined) return ['no list']
    return typeProblems(document, item, schema.items).map(problem => `[] ${problem}`)
  }
  const inner = /^\{(.*)\}$/.exec(type)?.[1]
  if (inner !== undefined) return fieldProblems(document, fieldsOf(inner), schema, { isRequest: false, isPut: false })
  const scalar = SCALARS[type]
  if (scalar !== undefined) {
    const isOne = types.length > 0 && types.every(each => scalar.types.includes(each))
    if (!isOne) return [`is ${types.join() || 'anything'}, not ${type}`]
    if (scalar.format !== undefined && schema.format !== scalar.format) return [`no ${scalar.format}`]
    return scalar.pattern?.test(schema.pattern ?? '') === false ? ['no amount'] : []
  }
  if (/^[A-Z]\w+$/.test(type) && type !== 'Crypto') return name === type ? [] : [`is not ${type}`]
  return valueProblems(type, schema)
}

/** Of a list of values: each is there, and none beside them; a currency may be any. */
function valueProblems(type: string, schema: Schema): string[] {
  const given = (schema.enum ?? (schema.const === undefined ? [] : [schema.const]))
    .filter(each => each !== null)
    .map(String)
  const isCurrency = type.split('|').includes('Crypto')
  const wanted = isCurrency ? [...CRYPTO] : type.split('|')
  const allowed: string[] = isCurrency ? [...CRYPTO, ...FIAT] : wanted
  const missing = wanted.filter(value => !given.includes(value))
  const extra = given.filter(value => !allowed.includes(value))
  return [
    ...(missing.length > 0 ? [`lacks ${missing.join('|')}`] : []),
    ...(extra.length > 0 ? [`also has ${extra.join('|')}`] : []),
  ]
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
  const { schema, isNullable } = resolve(document, own)
  return notes.flatMap(note => {
    const [word = '', value = ''] = note.split(' ')
    if (note === 'nullable') return isNullable ? [] : ['never null']
    if (word === 'default') {
      const given = own.default ?? schema.default
      return String(given) === value ? [] : [`default is ${given}, not ${value}`]
    }
    const names = BOUNDS[word as keyof typeof BOUNDS]
    // Of an amount, which is text, the pattern says it.
    if (names === undefined || (schema.pattern !== undefined && word.length === 3)) return []
    return names.some(name => String(schema[name]) === value) ? [] : [`no ${word} ${value}`]
  })
}
