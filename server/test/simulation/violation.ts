/** Something that must never be was found. */
export class ViolationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ViolationError'
  }
}

/** Throws a violation unless `condition` holds. */
export function holds(condition: unknown, message: () => string): asserts condition {
  if (!condition) throw new ViolationError(message())
}
