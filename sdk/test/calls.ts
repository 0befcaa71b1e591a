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
    const parameters = /^\(?([^)=]*)/.exec(call.toString())?.[1]?.split(',') ?? []
    const ids = parameters.findIndex(each => /^(body|query|options)$/.test(each.trim()))
    return { name, call: (id, body) => call(...Array(Math.max(ids, 0)).fill(id), body) }
  })
}

/** The same client, which adds the name of each call that is made to `made`. */
export function recorded<T extends object>(client: T, made: Set<string>, prefix = ''): T {
  return new Proxy(client, {
    get(target, property, receiver) {
      const value: unknown = Reflect.get(target, property, receiver)
      const name = `${prefix}${String(property)}`
      if (typeof value === 'object' && value !== null) return recorded(value, made, `${name}.`)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        made.add(name)
        return (value as Call)(...given)
      }
    },
  })
}

type Call = (...given: unknown[]) => PromiseLike<unknown>

function* walk(node: object, prefix = ''): Generator<[string, Call]> {
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === 'function') yield [prefix + name, value as Call]
    else yield* walk(value, `${prefix}${name}.`)
  }
}
