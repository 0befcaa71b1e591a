import { isDeepStrictEqual } from 'node:util'

/** What to change about a thing; what is undefined or left out stays. */
export type Changes<T> = { [K in keyof T]?: T[K] | undefined }

/** `before` with `changes`, changed at `now`; `before` itself where they change nothing, so that repeating a request does nothing. */
export function withChanges<T extends { updatedAt: Date }>(before: T, changes: Changes<T>, now: Date): T {
  const after = { ...before }
  for (const key of Object.keys(changes) as (keyof T)[]) {
    const value = changes[key]
    if (value !== undefined) after[key] = value as T[typeof key]
  }
  return isDeepStrictEqual(after, before) ? before : { ...after, updatedAt: now }
}
