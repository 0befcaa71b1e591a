import { answerOf, bodyOf, type Call, operations, type Parameter, type Schema, schemas } from './openapi.ts'
import { typeOf } from './sdkTypes.ts'

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

/** The client: a method for each operation. */
export function resourcesText(): string {
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
    `import { type CallOptions, type ClientOptions, createSend, type Send } from './client.ts'`,
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
