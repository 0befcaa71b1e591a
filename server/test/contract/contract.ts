import { readFileSync } from 'node:fs'

/** A field of an object's table: `type` as it is written, such as `[Asset]` or `open|complete`, and what stands in its brackets. */
export type Field = { name: string; always: boolean; type: string; notes: string[] }

/** An endpoint's line: query parameters beyond those of every list (`isList`), and the names of what goes in and comes out. */
export type Endpoint = {
  method: string
  path: string
  isList: boolean
  query: string[]
  body: string | null
  answer: string | null
}

/** The tables of docs/api-contract.md: endpoints of the API, and objects by name. */
export function readContract(): { endpoints: Endpoint[]; objects: Map<string, Field[]> } {
  const text = readFileSync(new URL('../../../docs/api-contract.md', import.meta.url), 'utf8')
  const lines = text.split('\n')
  return {
    endpoints: lines.flatMap(line => endpointsOf(line)),
    objects: new Map(
      lines.flatMap(line => {
        const match = /^- \*\*(\w+)\*\* \{ (.*?) ?\}$/.exec(line)
        return match?.[1] === undefined ? [] : [[match[1], fieldsOf(match[2] ?? '')]]
      }),
    ),
  }
}

function endpointsOf(line: string): Endpoint[] {
  const match = /^- `([A-Z|]+) (\/api\/v1\S*)`(.*)$/.exec(line)
  if (match?.[2] === undefined) return []
  const rest = match[3] ?? ''
  const query = /query ([\w, ]+?)(?: →|$)/.exec(rest)?.[1]
  const about = {
    path: match[2].replace('/api/v1', ''),
    isList: /· std/.test(rest),
    query: query === undefined ? [] : query.split(', '),
    body: /(?:body|multipart:)\s*([A-Z]\w+)/.exec(rest)?.[1] ?? null,
    answer: /→ \[?(?:Page<)?([A-Z]\w+)/.exec(rest)?.[1] ?? null,
  }
  return (match[1] ?? '').split('|').map(method => ({ ...about, method: method.toLowerCase() }))
}

/** `name*: type (note, note); …`; a semicolon within brackets separates nothing. */
function fieldsOf(text: string): Field[] {
  return text.split(/;\s*(?![^(]*\))/).flatMap(part => {
    const match = /^(\w+)(\*?): ([^(]+?)\s*(?:\((.*)\))?$/.exec(part.trim())
    if (match?.[1] === undefined) return []
    const notes = (match[4] ?? '').split(',').map(note => note.trim())
    return [{ name: match[1], always: match[2] === '*', type: match[3] ?? '', notes: notes.filter(Boolean) }]
  })
}
