import { type Document, resolve, type Schema } from './document.ts'

const FORMATS: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  uri: /^[a-z]+:\/\/\S+$/,
  email: /^\S+@\S+$/,
}

/**
 * Where a value that we answered with is not as its schema says: a place and what is wrong there. Also a field that the schema does not
 * name is wrong, and a time that is not UTC with milliseconds.
 */
export function problemsOf(document: Document, schema: Schema, value: unknown, place = ''): string[] {
  const ways = schema.anyOf ?? schema.oneOf
  if (ways !== undefined) {
    const found = ways.map(way => problemsOf(document, way, value, place))
    return found.some(problems => problems.length === 0) ? [] : (found[0] ?? [])
  }
  if (schema.$ref !== undefined) {
    return problemsOf(document, document.components.schemas[schema.$ref.replace(/.*\//, '')] ?? {}, value, place)
  }
  const { schema: whole, isNullable } = resolve(document, schema)
  if (value === null && isNullable) return []
  const wrong = (what: string) => [`${place || 'the answer'} ${what}`]
  const types = [whole.type ?? []].flat()
  const type = typeOf(value)
  if (types.length > 0 && !types.includes(type) && !(type === 'integer' && types.includes('number'))) {
    return wrong(`is ${type}, not ${types.join(' or ')}`)
  }
  if (whole.enum !== undefined && !whole.enum.includes(value)) return wrong(`is ${JSON.stringify(value)}`)
  if (whole.const !== undefined && whole.const !== value) return wrong(`is ${JSON.stringify(value)}`)
  if (typeof value === 'string') return textProblems(whole, value).flatMap(wrong)
  if (typeof value === 'number') {
    const { minimum = value, maximum = value } = whole
    return value < minimum || value > maximum ? wrong(`is ${value}`) : []
  }
  if (Array.isArray(value)) {
    const { minItems = 0, maxItems = value.length, items = {} } = whole
    const counted = value.length < minItems || value.length > maxItems ? wrong(`has ${value.length} items`) : []
    return [...counted, ...value.flatMap((item, index) => problemsOf(document, items, item, `${place}[${index}]`))]
  }
  return typeof value === 'object' && value !== null ? fieldProblems(document, whole, value, place) : []
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

function textProblems({ pattern, format = '', minLength = 0, maxLength }: Schema, value: string): string[] {
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return [`is ${value}, not ${pattern}`]
  if (FORMATS[format]?.test(value) === false) return [`is ${value}, not ${format}`]
  // Characters, as JSON Schema counts them, not UTF-16 units.
  const { length } = [...value]
  return length < minLength || length > (maxLength ?? length) ? [`has ${length} characters`] : []
}

function fieldProblems(document: Document, schema: Schema, value: object, place: string): string[] {
  const { properties = {}, required = [], additionalProperties } = schema
  const at = (name: string) => (place === '' ? name : `${place}.${name}`)
  // An object of which nothing at all is said may have whatever it has.
  const isOpen = Object.keys(properties).length === 0 && additionalProperties !== false
  return [
    ...required.filter(name => !(name in value)).map(name => `${at(name)} is missing`),
    ...Object.entries(value).flatMap(([name, item]) => {
      const own = Object.hasOwn(properties, name) ? properties[name] : undefined
      if (own !== undefined) return problemsOf(document, own, item, at(name))
      if (typeof additionalProperties === 'object') return problemsOf(document, additionalProperties, item, at(name))
      return isOpen ? [] : [`${at(name)} is not documented`]
    }),
  ]
}
