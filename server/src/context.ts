import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Chains } from './domain/chainConfig.ts'
import type { SecretBox } from './secretBox.ts'
import type { Database } from './store/database.ts'
import type { LiveSessions } from './store/liveSessions.ts'
import type { Sender } from './workers/sendWebhook.ts'

/** The world as every action, route and worker sees it; tests replace only the clock, randomness, the chain and what goes out. */
export type Context = {
  config: Config
  db: Database
  chains: Chains
  clock: Clock
  /** `size` random bytes from the operating system. */
  random: (size: number) => Uint8Array
  /** The only way out: guarded requests to merchants' servers. */
  sender: Sender
  secrets: SecretBox
  /** Tells who asked that a session has changed. */
  live: LiveSessions
  log: Logger
}

/** Where the time comes from. */
export type Clock = { now: () => Date }
