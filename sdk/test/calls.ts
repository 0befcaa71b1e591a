import type { Bitstream } from '../src/bitstream.ts'

/** A call of a client by its name; `call` gives an id for each that it takes, then its body. */
export type OpenCall = { name: string; call: (id: string, body: object) => PromiseLike<unknown> }

/** The names of all calls of a client, such as `checkout.sessions.create`. */
export function callsOf(client: Bitstream): string[] {
  return [...walk(client)].map(([name]) => name)
}

/** All calls of a client, to be made without knowing what each takes. */
export function openCalls(client: Bitstream): OpenCall[] {
  return [...walk(client)].map(([name, call]) => {
    const ids = /^(?:async )?\(?([^)=]*)/.exec(call.toString())?.[1]?.split(',') ?? []
    const before = ids.map(each => each.trim()).findIndex(each => /^(body|query|options)\b/.test(each))
    return { name, call: (id, body) => call(...Array(Math.max(before, 0)).fill(id), body) }
  })
}

type Call = (...given: unknown[]) => PromiseLike<unknown>

function* walk(node: object, prefix = ''): Generator<[string, Call]> {
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === 'function') yield [prefix + name, value as Call]
    else yield* walk(value, `${prefix}${name}.`)
  }
}
