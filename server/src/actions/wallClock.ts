import type { Clock } from '../context.ts'

/**
 * The time outside: receivers hold the timestamp of a webhook against their own clocks, whereas `ctx.clock`, which decides
 * everything else, may stand still or run ahead.
 */
export const wallClock: Clock = { now: () => new Date() }
