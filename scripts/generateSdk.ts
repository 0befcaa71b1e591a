import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { depositFactoryAddress } from '../contracts/abi/depositFactory.ts'
import { depositProxyInitCodeHash } from '../contracts/abi/depositProxy.ts'

type Schema = {
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
type Parameter = { name: string; in: string; schema: Schema; required?: boolean }
type Operation = {
  operationId: string
  summary: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const HEAD = '// Written by npm run generate, from server/openapi.json.\n\n'
const ANY_OBJECT = 'Record<string, unknown>'
const AMOUNT = '^[1-9][0-9]{0,18}$'

/** Calls whose name does not follow from their path. */
const NAMES: Readonly<Record<string, string>> = {
  'GET /balances': 'balances.list',
  'GET /partners/accounts': 'partners.accounts.list',
  'PUT /organization/brand': 'organization.updateBrand',
  'DELETE /organization/brand-logo': 'organization.deleteBrandLogo',
  'POST /storage/files/{storageType}': 'storage.upload',
  'POST /checkout/sessions/{id}/complete-partial-checkout-session': 'checkout.sessions.completePartial',
  'GET /checkout/sessions/{id}/completed_webhook_delivered': 'checkout.sessions.getCompleted',
  'POST /customer-portal/sessions': 'customerPortal.sessions.create',
  'PUT /users/{id}/role': 'users.updateRole',
  'POST /test/clock': 'test.advanceClock',
  'POST /payment-pages/for-checkout-session/{id}/discount': 'paymentPages.forCheckoutSession.setDiscount',
  'POST /payment-pages/for-checkout-session/{id}/details': 'paymentPages.forCheckoutSession.setDetails',
  'POST /payment-pages/for-checkout-session/{id}/amount': 'paymentPages.forCheckoutSession.setAmount',
}

const document = JSON.parse(readFileSync(`${ROOT}server/openapi.json`, 'utf8')) as Document
const { schemas } = document.components
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path: path.replace('/api/v1', ''),
    operation,
  })),
)
type Call = (typeof operations)[number]

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

function bodyOf({ requestBody }: Operation): { schema: Schema; isForm: boolean; isNeeded: boolean } | null {
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
  if (content === undefined) return null
  return { schema: content.schema, isForm: type === 'multipart/form-data', isNeeded: requestBody?.required === true }
}

/** The schema of a JSON answer; null where the answer is a file. */
function answerOf({ responses }: Operation): Schema | null {
  return responses[200]?.content?.['application/json']?.schema ?? null
}

function typeOf(schema: Schema, isAsked: boolean): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  if (schema.allOf !== undefined) {
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

function typesFile(): string {
  const types = Object.entries(schemas).map(([name, schema]) => {
    const { type, ...rest } = schema
    const whole = isNullable(schema) ? { ...rest, type: [type ?? []].flat().filter(each => each !== 'null') } : schema
    return `export type ${name} = ${typeOf(whole, asked.has(name) && !answered.has(name))}`
  })
  const amount =
    '/** A whole number at 8 decimals, whatever the currency: 12.50 is "1250000000". */\nexport type Amount = string | number | bigint'
  return `${HEAD}${[amount, ...types].join('\n\n')}\n`
}

const camel = (segment: string) => segment.replaceAll(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase())
const isName = (segment: string) => segment.startsWith('{')
const isList = ({ operation, method }: Call) =>
  method === 'GET' && (operation.parameters ?? []).some(({ name }) => name === 'startingAfter')

/** Where a call stands in the client: `checkout.sessions.create`. */
function nameOf(call: Call): string {
  const { method, path } = call
  const own = NAMES[`${method} ${path}`]
  if (own !== undefined) return own
  const segments = path.split('/').filter(Boolean)
  const places = segments.filter(segment => !isName(segment)).map(camel)
  const same = operations.filter(each => each.path === path)
  const children = operations.some(each => each.path.startsWith(`${path}/{`))
  const verb = { GET: 'get', PUT: 'update', DELETE: 'delete', POST: 'create' }[method] ?? ''
  if (isName(segments.at(-1) ?? '')) return [...places, verb].join('.')
  if (isList(call) || (children && method === 'GET')) return [...places, 'list'].join('.')
  if (children || same.some(isList)) return [...places, verb].join('.')
  if (segments.length === 1 && method === 'POST') return [...places, 'create'].join('.')
  const isSingle = same.some(each => each.method === 'GET') && (same.length > 1 || segments.length === 1)
  return isSingle ? [...places, verb].join('.') : places.join('.')
}

type Tree = { [name: string]: Tree | string }

/** The type of a query: `createdAt[gte]` and its like are one tree. */
function queryType(query: readonly Parameter[]): string {
  const fields = new Map<string, { types: string[]; inner: Parameter[] }>()
  for (const parameter of query) {
    const [, name = '', key] = /^(\w+)(?:\[(\w+)\])?$/.exec(parameter.name) ?? []
    const field = fields.get(name) ?? { types: [], inner: [] }
    fields.set(name, field)
    if (key !== undefined) field.inner.push({ ...parameter, name: key })
    else field.types.push(name === 'ids' ? 'string | readonly string[]' : queryValueType(parameter.schema))
  }
  const texts = [...fields].map(([name, { types, inner }]) => {
    const type = [...types, ...(inner.length === 0 ? [] : [queryType(inner)])].join(' | ')
    const isNeeded = query.some(each => each.name === name && each.required)
    return isNeeded ? `${name}: ${type}` : `${name}?: ${type} | undefined`
  })
  return `{ ${texts.join('; ')} }`
}

function queryValueType(schema: Schema): string {
  return schema.enum?.join() === 'true,false' ? 'boolean' : typeOf(schema, true)
}

function callText(call: Call): string {
  const { method, path, operation } = call
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const body = bodyOf(operation)
  const query = (operation.parameters ?? []).filter(each => each.in === 'query')
  const answer = answerOf(operation)
  const parameters = [
    ...names.map(name => {
      const parameter = operation.parameters?.find(each => each.in === 'path' && each.name === name)
      return `${name}: ${parameter === undefined ? 'string' : typeOf(parameter.schema, true)}`
    }),
    ...(body === null ? [] : [`body${body.isNeeded ? '' : '?'}: ${typeOf(body.schema, true)}`]),
    ...(query.length === 0 ? [] : [`query: ${queryType(query)}${query.some(each => each.required) ? '' : ' = {}'}`]),
    'options?: CallOptions',
  ]
  const segments = path
    .slice(1)
    .split('/')
    .map(each => (isName(each) ? each.slice(1, -1) : `'${each}'`))
  const parts = [
    `method: '${method}'`,
    `path: [${segments.join(', ')}]`,
    ...(query.length === 0 ? [] : [isList(call) ? 'query: { ...query, ...more }' : 'query']),
    ...(body === null ? [] : [body.isForm ? 'body, isForm: true' : 'body']),
    'options',
  ]
  const request = `{ ${parts.join(', ')} }`
  const head = `/** ${operation.summary}. */\nNAME: (${parameters.join(', ')})`
  if (isList(call)) {
    const rows = typeOf(answer?.properties?.data?.items ?? {}, false)
    return `${head}: List<${rows}> => listOf(more => send.json(${request}))`
  }
  if (answer === null) return `${head}: Promise<Response> => send.file(${request})`
  return `${head}: Promise<${typeOf(answer, false)}> => send.json(${request})`
}

function resourcesFile(): string {
  const tree: Tree = {}
  for (const call of operations) {
    const places = nameOf(call).split('.')
    const name = places.pop() ?? ''
    let node = tree
    for (const place of places) {
      const next = node[place] ?? {}
      if (typeof next === 'string') throw new Error(`${nameOf(call)}: ${place} is a call already`)
      node[place] = next
      node = next
    }
    if (node[name] !== undefined) throw new Error(`two calls are named ${nameOf(call)}`)
    node[name] = callText(call)
  }
  const text = ([name, node]: [string, Tree | string]): string =>
    typeof node === 'string'
      ? node.replace('NAME', name)
      : `${name}: {\n${Object.entries(node).map(text).join(',\n')}\n}`
  const parts = Object.entries(tree)
  const makers = parts.map(
    ([name, node]) => `const ${name}Of = (send: Send) => (${text([name, node]).slice(name.length + 2)})`,
  )
  const body = [...makers, ''].join('\n\n')
  const used = Object.keys(schemas).filter(name => new RegExp(`\\b${name}\\b`).test(body))
  return [
    `${HEAD}import { type CallOptions, type ClientOptions, createSend, type Send } from './client.ts'`,
    `import { type List, listOf } from './pages.ts'`,
    `import type { ${[...used, ...(/\bAmount\b/.test(body) ? ['Amount'] : [])].sort().join(', ')} } from './types.ts'\n`,
    body,
    `/** A client of one server for one organization: \`new Bitstream('sk_test_…', { baseUrl: 'https://pay.example.com' })\`. */\nexport class Bitstream {`,
    ...parts.map(([name]) => `readonly ${name}: ReturnType<typeof ${name}Of>`),
    `\nconstructor(apiKey: string | null, options: ClientOptions) {\nconst send = createSend(apiKey, options)`,
    ...parts.map(([name]) => `this.${name} = ${name}Of(send)`),
    `}\n}\n`,
  ].join('\n')
}

const factories = `${HEAD}/** The factories of this release, the same on every chain, with the hash of the code that they create. */
export const FACTORIES: readonly { factory: string; initCodeHash: string }[] = [
  {
    factory: '${depositFactoryAddress.toLowerCase()}',
    initCodeHash: '${depositProxyInitCodeHash}',
  },
]
`

function formatted(path: string, text: string): string {
  const biome = `${ROOT}node_modules/.bin/biome`
  return execFileSync(biome, ['format', `--stdin-file-path=${path}`], { cwd: ROOT, input: text, encoding: 'utf8' })
}

const isCheck = process.argv.includes('--check')
for (const [name, text] of Object.entries({
  'types.ts': typesFile(),
  'resources.ts': resourcesFile(),
  'factories.ts': factories,
})) {
  const path = `${ROOT}sdk/src/${name}`
  const content = formatted(path, text)
  if (!isCheck) writeFileSync(path, content)
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== content) {
    console.log(`sdk/src/${name} differs from server/openapi.json: run npm run generate`)
    process.exitCode = 1
  }
}
