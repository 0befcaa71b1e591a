import type { Logger } from 'pino'
import type { WatchedChain } from './chain/chainNode.ts'
import type { GasNode } from './chain/gasNode.ts'
import type { Rates } from './chain/rates.ts'
import type { Config } from './config.ts'
import type { Asset } from './domain/asset.ts'
import type { Chains } from './domain/chainConfig.ts'
import type { Hex } from './domain/hex.ts'
import type { SecretBox } from './secretBox.ts'
import type { KnownChains } from './store/chains.ts'
import type { Database } from './store/database.ts'
import type { HealthBoard } from './store/healthBoard.ts'
import type { LiveSessions } from './store/liveSessions.ts'
import type { Mailer } from './workers/mailer.ts'
import type { Sender } from './workers/sendWebhook.ts'

/** The world as every action, route and worker sees it; tests replace only the clock, randomness, the chain and what goes out. */
export type Context = {
  config: Config
  db: Database
  /** The chains that are served. */
  chains: Chains
  /** The nodes behind each of them, asked by watchers and whoever looks something up; never inside a transaction. */
  nodes: ReadonlyMap<number, WatchedChain>
  /** The account that pays the gas of sweeps, on each chain that is served; empty where merchants' wallets do. */
  gas: ReadonlyMap<number, GasNode>
  /** All chains and assets that the database has ever known: old sessions name them. */
  known: KnownChains
  /** Who says what currencies are worth; never asked inside a transaction. */
  rates: Rates
  clock: Clock
  /** `size` random bytes from the operating system. */
  random: (size: number) => Uint8Array
  /** The only way out: guarded requests to merchants' servers. */
  sender: Sender
  /** The way out for e-mail; null where no server is configured that sends it. */
  mailer: Mailer | null
  secrets: SecretBox
  /** Tells who asked that a session has changed. */
  live: LiveSessions
  /** What is wrong with chains and assets now, in memory. */
  health: HealthBoard
  log: Logger
  /** The wallet and the taps of the test world; null wherever real money moves. */
  testWallet: TestWallet | null
}

/** `amountRaw` base units of `asset` for `to`. */
export type TestPayment = { asset: Asset; to: Hex; amountRaw: bigint }

/** A funded wallet that pays on the local chains, and what else can be done to them; transactions are mined when it answers. */
export type TestWallet = {
  /** Sends the payment, and answers with the transaction's hash. */
  pay: (payment: TestPayment) => Promise<Hex>
  /** Sends several payments in one asset by a contract, in one transaction. */
  payTogether: (payments: readonly [TestPayment, ...TestPayment[]]) => Promise<Hex>
  /** Gives coins out of nothing. */
  give: (gift: TestPayment) => Promise<Hex>
  /** Takes the transaction back by a reorg of its block and those after it, whose other transactions come again. */
  drop: (chainId: number, hash: Hex) => Promise<void>
  /** Uses the wallet's next nonce for nothing. */
  spendNonce: (chainId: number) => Promise<Hex>
  /** Resolves once a block that is mined now is dated after `moment`. */
  pass: (chainId: number, moment: Date) => Promise<void>
  /** Moves our clock and the chains' together, forward. */
  advance: (ms: number) => Promise<void>
  /** What the local chain knows of a transaction; null when it knows none of that hash. */
  transaction: (hash: Hex) => Promise<TestTransaction | null>
}

/** A transaction of the local chain as its explorer shows it; `value` is in wei, token amounts in base units. */
export type TestTransaction = {
  chainId: number
  hash: Hex
  status: 'waiting' | 'succeeded' | 'failed'
  /** Null while it waits. */
  block: { number: bigint; time: Date; confirmations: bigint } | null
  from: Hex
  /** Null where it creates a contract. */
  to: Hex | null
  value: bigint
  tokenTransfers: { token: Hex; from: Hex; to: Hex; amountRaw: bigint }[]
}

/** Where the time comes from. */
export type Clock = { now: () => Date }
