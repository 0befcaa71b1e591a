import openApi from '../../openapi.json' with { type: 'json' }

type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  pattern?: string
  format?: string
  maxLength?: number
  items?: Schema
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

/** A place in a request: names and, for places in lists, numbers; in a schema `[]` and `*` stand for any of them. */
export type Place = readonly (string | number)[]

/** A text that a request may hold as its sender likes: no choice of some, no pattern, no id and no time. */
export type FreeText = { readonly place: Place; readonly maxLength: number; readonly format: string | null }

const NO_LIMIT = 200
const FIXED_FORMATS = new Set(['uuid', 'date-time'])
const DEPTH_MAX = 12

/** The free texts of each operation's request, by its operationId, from the published schema. */
export function freeTexts(): Map<string, FreeText[]> {
  const found = new Map<string, FreeText[]>()
  for (const methods of Object.values(openApi.paths)) {
    for (const operation of Object.values(methods) as { operationId: string; requestBody?: unknown }[]) {
      const content = (operation.requestBody as { content?: Record<string, { schema: Schema }> } | undefined)?.content
      const schema = Object.values(content ?? {})[0]?.schema
      const texts = new Map<string, FreeText>()
      if (schema !== undefined) walk(schema, [], texts)
      if (texts.size > 0) found.set(operation.operationId, [...texts.values()])
    }
  }
  return found
}

function walk(given: Schema, place: Place, texts: Map<string, FreeText>): void {
  if (place.length > DEPTH_MAX) return
  const schema = resolve(given)
  for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
    walk(option, place, texts)
  const { format = null, maxLength = NO_LIMIT } = schema
  const isFixed = schema.enum !== undefined || schema.const !== undefined || schema.pattern !== undefined
  if ([schema.type].flat().includes('string') && !isFixed && !FIXED_FORMATS.has(format ?? '')) {
    texts.set(place.join('.'), { place, maxLength, format })
  }
  if (schema.items !== undefined) walk(schema.items, [...place, '[]'], texts)
  for (const [name, each] of Object.entries(schema.properties ?? {})) walk(each, [...place, name], texts)
  if (typeof schema.additionalProperties === 'object') walk(schema.additionalProperties, [...place, '*'], texts)
}

function resolve(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema
  const names = schema.$ref.split('/').slice(1)
  return resolve(names.reduce((value, name) => (value as Record<string, unknown>)[name], openApi as unknown) as Schema)
}

/** The texts that stand in a body, each with its place. */
export function textsIn(value: unknown, place: Place = []): { place: Place; text: string }[] {
  if (typeof value === 'string') return [{ place, text: value }]
  if (Array.isArray(value)) return value.flatMap((each, index) => textsIn(each, [...place, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => textsIn(each, [...place, name]))
}

/** Whether a place of a body is that of a schema. */
export function isAt(place: Place, of: Place): boolean {
  return (
    place.length === of.length &&
    of.every(
      (name, index) => name === '*' || (name === '[]' ? typeof place[index] === 'number' : name === place[index]),
    )
  )
}

/** A copy of a body with the texts that `change` gives for their places; null leaves a text as it is. */
export function withTexts<T>(value: T, change: (place: Place, text: string) => string | null, place: Place = []): T {
  if (typeof value === 'string') return (change(place, value) ?? value) as T
  if (Array.isArray(value)) return value.map((each, index) => withTexts(each, change, [...place, index])) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withTexts(each, change, [...place, name])]),
  ) as T
}

/** A place as errors name it: `lineItems.data[0].quantity`. */
export function paramOf(place: Place): string {
  return place.map((name, index) => (typeof name === 'number' ? `[${name}]` : index === 0 ? name : `.${name}`)).join('')
}
