import { answerOf, bodyOf, operations, type Schema, schemas } from './openapi.ts'

const ANY_OBJECT = 'Record<string, unknown>'
const AMOUNT = '^[1-9][0-9]{0,18}$'

const asked = reachable(operations.flatMap(({ operation }) => bodyOf(operation)?.schema ?? []))
const answered = reachable(operations.flatMap(({ operation }) => answerOf(operation) ?? []))

/** The names of all schemas that these lead to. */
function reachable(from: readonly Schema[]): Set<string> {
  const names = new Set<string>()
  const open = [...from]
  for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
    for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (!names.has(name)) open.push(schemas[name] ?? {})
      names.add(name)
    }
  }
  return names
}

/** A schema in TypeScript; what is asked takes more than what is answered: amounts as numbers, times as dates. */
export function typeOf(schema: Schema, isAsked: boolean): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  if (schema.allOf !== undefined) {
    // A named schema that may be null is itself and any object or null, of which only the null says something.
    const parts = schema.allOf.map(each => typeOf(each, isAsked))
    const saying = parts.filter(part => !part.startsWith(ANY_OBJECT)).join(' & ')
    return parts.includes(`${ANY_OBJECT} | null`) ? `${saying} | null` : saying
  }
  const ways = schema.anyOf ?? schema.oneOf
  if (ways !== undefined) return [...new Set(ways.map(each => typeOf(each, isAsked)))].join(' | ')
  const types = [schema.type ?? []].flat()
  if (types.length > 1) return types.map(type => typeOf({ ...schema, type }, isAsked)).join(' | ')
  switch (types[0]) {
    case 'string':
      if (isAsked && schema.pattern === AMOUNT) return 'Amount'
      if (isAsked && schema.format === 'binary') return 'Blob'
      return isAsked && schema.format === 'date-time' ? 'string | Date' : 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return `(${typeOf(schema.items ?? {}, isAsked)})[]`
    case 'object':
      return objectType(schema, isAsked)
    default:
      return 'unknown'
  }
}

function objectType({ properties, required = [], additionalProperties }: Schema, isAsked: boolean): string {
  if (properties === undefined || Object.keys(properties).length === 0) {
    const isMap = typeof additionalProperties === 'object'
    return isMap ? `Record<string, ${typeOf(additionalProperties, isAsked)}>` : ANY_OBJECT
  }
  const fields = Object.entries(properties).map(([name, schema]) => {
    const doc = schema.description === undefined ? '' : `/** ${schema.description} */\n`
    const type = fieldType(schema, isAsked)
    const key = /^\w+$/.test(name) ? name : JSON.stringify(name)
    return `${doc}${key}${required.includes(name) ? `: ${type}` : `?: ${type} | undefined`}`
  })
  return `{\n${fields.join('\n')}\n}`
}

/** The document marks an object itself where a field may be without one: its rows and answers are never null. */
function fieldType(schema: Schema, isAsked: boolean): string {
  const type = typeOf(schema, isAsked)
  return schema.$ref !== undefined && isNullable(schemas[type]) ? `${type} | null` : type
}

function isNullable(schema: Schema | undefined): boolean {
  return Array.isArray(schema?.type) && schema.type.includes('null')
}

/** Every schema of the document as a type. */
export function typesText(): string {
  const types = Object.entries(schemas).map(([name, schema]) => {
    const { type, ...rest } = schema
    const whole = isNullable(schema) ? { ...rest, type: [type ?? []].flat().filter(each => each !== 'null') } : schema
    return `export type ${name} = ${typeOf(whole, asked.has(name) && !answered.has(name))}`
  })
  const amount =
    '/** A whole number at 8 decimals, whatever the currency: 12.50 is "1250000000". */\nexport type Amount = string | number | bigint'
  return `${[amount, ...types].join('\n\n')}\n`
}
