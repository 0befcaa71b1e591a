import { nextTick } from 'node:process'
import type { Duplex } from 'node:stream'
import type pg from 'pg'

/**
 * Makes what a connection is given in one turn of the event loop leave in one write: each is a call of the operating system, which
 * wakes the database for a part of what it is about to be sent.
 */
export function joinWrites(client: pg.ClientBase): void {
  // The driver corks the statements with parameters only, each on its own; it shows its socket to nobody.
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection
  const write = stream.write
  let isJoining = false
  const flush = () => {
    isJoining = false
    stream.uncork()
  }
  stream.write = (...given: unknown[]) => {
    if (!isJoining) {
      isJoining = true
      stream.cork()
      nextTick(flush)
    }
    return Reflect.apply(write, stream, given)
  }
}
