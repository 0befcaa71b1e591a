import { readFileSync } from 'node:fs'

/** A field of an object's table: `type` as it is written, such as `[Asset]` or `open|complete`, empty where only the name is; and what stands in its brackets. */
export type Field = { name: string; always: boolean; type: string; notes: string[] }

/** An endpoint's line: query parameters beyond those of every list (`isList`), what goes in, and what comes out as it is written, such as `Page<Coupon>`. */
export type Endpoint = {
  method: string
  path: string
  isList: boolean
  query: string[]
  body: string | null
  answer: string | null
}

// `**Coupon** { … }`, or `**Coupon** also { … }` for what is beside the fields told already.
const OBJECT = /\*\*(\w+)\*\*(?: also| \([^)]*\))? \{ ((?:[^{}]|\{[^{}]*\})*?) ?\}/g

/** The endpoints and objects of a page such as docs/api-contract.md; throws at a field that it cannot read. */
export function parseContract(text: string): { endpoints: Endpoint[]; objects: Map<string, Field[]> } {
  const lines = text.split('\n').filter(line => line.startsWith('- '))
  const objects = new Map<string, Field[]>()
  for (const [, name = '', text = ''] of lines.flatMap(line => [...line.matchAll(OBJECT)])) {
    const fields = fieldsOf(text)
    const isNew = (field: Field) => fields.every(each => each.name !== field.name)
    objects.set(name, [...(objects.get(name) ?? []).filter(isNew), ...fields])
  }
  return { endpoints: lines.flatMap(endpointsOf), objects }
}

/** The tables of docs/api-contract.md. */
export function readContract() {
  return parseContract(readFileSync(new URL('../../../docs/api-contract.md', import.meta.url), 'utf8'))
}

function endpointsOf(line: string): Endpoint[] {
  return [...line.matchAll(/`([A-Z|]+) \/api\/v1(\/\S*)`([^`]*)/g)].flatMap(
    ([, methods = '', path = '', rest = '']) => {
      const query = /query ([\w, ]+?)(?: →|$)/.exec(rest)?.[1]
      const about = {
        path,
        isList: rest.includes('· std'),
        query: query?.split(', ') ?? [],
        body: /(?:body |multipart:)([A-Z]\w*)/.exec(rest)?.[1] ?? null,
        answer: /→ (\[[A-Z]\w*\]|[A-Z]\w*<[A-Z]\w*>|[A-Z]\w*|file)/.exec(rest)?.[1] ?? null,
      }
      return methods.split('|').map(method => ({ ...about, method: method.toLowerCase() }))
    },
  )
}

const FIELD = /^(\w+)(\*?)(?:: ([^(]+?))?\s*(?:\((.*)\))?$/

/** The fields in `name*: type (note, note); …` or `name, name`; what stands within brackets separates nothing. */
export function fieldsOf(text: string): Field[] {
  const parts = text.split(/[;,]\s+(?![^(]*\)|[^{]*\}|[^[]*\])/)
  return parts.map(part => {
    const match = FIELD.exec(part.trim())
    if (match?.[1] === undefined) throw new Error(`docs/api-contract.md: ${part} is no field`)
    const notes = (match[4] ?? '').split(',').map(note => note.trim())
    return { name: match[1], always: match[2] === '*', type: match[3] ?? '', notes: notes.filter(Boolean) }
  })
}
