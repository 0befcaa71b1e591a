import type { HttpBindings } from '@hono/node-server'
import type { Context as HonoContext } from 'hono'

/** The request as Node has it; undefined where no port is open. */
export function incomingOf(c: HonoContext): HttpBindings['incoming'] | undefined {
  return (c.env as Partial<HttpBindings> | undefined)?.incoming
}

/** The values of a header as sent, each line apart; a plain Request has already joined them. */
export function headerLines(c: HonoContext, name: string): string[] {
  const lines = incomingOf(c)?.headersDistinct?.[name]
  if (lines !== undefined) return lines
  const value = c.req.header(name)
  return value === undefined ? [] : [value]
}
