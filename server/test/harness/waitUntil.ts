import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks `condition` every 5 ms until it gives something other than false, null or undefined, and resolves with that.
 * Rejects after `timeoutMs` (30 s unless told), naming what it waited for.
 */
export async function waitUntil<T>(
  description: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 30_000 }: { timeoutMs?: number } = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = await condition()
    if (value !== false && value !== null && value !== undefined) return value as Exclude<T, false | null | undefined>
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${description}`)
    await delay(5)
  }
}
