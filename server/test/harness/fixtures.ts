import { randomBytes } from 'node:crypto'
import { depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { depositProxyInitCodeHash } from '@bitstream/contracts/depositProxy.ts'
import pino from 'pino'
import type { Caller } from '../../src/actions/caller.ts'
import { createCheckoutSession } from '../../src/actions/createCheckoutSession.ts'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import { type Lead, leadChain } from '../../src/actions/leadChain.ts'
import type { FoundBlock } from '../../src/actions/matchTransfers.ts'
import { recordBlocks } from '../../src/actions/recordBlocks.ts'
import { recordReorg } from '../../src/actions/recordReorg.ts'
import type { BlockHeader, Transfer } from '../../src/chain/chainNode.ts'
import { fixedRates, type Rates } from '../../src/chain/rates.ts'
import type { Context } from '../../src/context.ts'
import { TEST_RATES } from '../../src/dev/testRates.ts'
import { assetId, NATIVE } from '../../src/domain/asset.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import type { Crypto, Currency } from '../../src/domain/currency.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Marks } from '../../src/domain/finality.ts'
import { bytesToHex, type Hex } from '../../src/domain/hex.ts'
import type { CheckoutSession, SessionOptions } from '../../src/domain/session.ts'
import { uuidv7 } from '../../src/domain/uuid.ts'
import { createSecretBox } from '../../src/secretBox.ts'
import { syncChains } from '../../src/store/chains.ts'
import { asWorker, openDatabase } from '../../src/store/database.ts'
import { openHealthBoard } from '../../src/store/healthBoard.ts'

/** A clock that stands until it is told to move. */
export type TestClock = { now: () => Date; advance: (ms: number) => void }

/** A clock that stands at `start`, or at a whole second of today. */
export function testClock(start = new Date('2026-03-01T12:00:00.000Z')): TestClock {
  let time = start.getTime()
  return {
    now: () => new Date(time),
    advance: ms => {
      time += ms
    },
  }
}

/** What a test chain has beside its defaults: three confirmations, and the addresses of the tokens that it knows. */
export type TestChainConfig = {
  chainId?: number
  confirmations?: number
  rpcUrl?: string
  pollMs?: number
  tokens?: Partial<Record<'usdc' | 'usdt' | 'dai', Hex>>
}

const TOKENS = {
  usdc: { address: bytesToHex(new Uint8Array(20).fill(0xc6)), decimals: 6 },
  usdt: { address: bytesToHex(new Uint8Array(20).fill(0xd6)), decimals: 6 },
  dai: { address: bytesToHex(new Uint8Array(20).fill(0xd8)), decimals: 18 },
} as const

/** A chain as the deployment serves it, with USDC (6), USDT (6), DAI (18) and ether (18). */
export function testChainConfig(options: TestChainConfig = {}): ChainConfig {
  const { chainId = 80001, confirmations = 3, rpcUrl = 'http://127.0.0.1:9', pollMs = 50, tokens = {} } = options
  const asset = (currency: Crypto, address: Hex, decimals: number) => ({
    id: assetId(chainId, address),
    chainId,
    address,
    currency,
    symbol: currency.toUpperCase(),
    name: `Test ${currency.toUpperCase()}`,
    decimals,
    coingeckoId: `test-${currency}`,
    isPublic: true,
  })
  return {
    chain: {
      id: chainId,
      name: `Test chain ${chainId}`,
      icon: '',
      currency: 'eth',
      blockExplorerTransactionUrl: 'http://127.0.0.1/tx/',
      blockExplorerName: 'Explorer',
      type: 'evm',
      isBeta: false,
      isTestnet: true,
      isEIP1559Supported: true,
      hasMonitoring: true,
      forkOf: null,
      isPublic: true,
      confirmations,
    },
    assets: [
      ...(['usdc', 'usdt', 'dai'] as const).map(token =>
        asset(token, tokens[token] ?? TOKENS[token].address, TOKENS[token].decimals),
      ),
      asset('eth', NATIVE, 18),
    ],
    deposit: { factory: depositFactoryAddress, initCodeHash: depositProxyInitCodeHash },
    providers: [{ name: 'node', rpcUrl, wsUrl: null, isOwn: true }],
    publicRpcUrls: [],
    quorum: 1,
    finality: [{ below: null, wait: confirmations, witness: 'quorum' }],
    pollMs,
    blockTimeMs: null,
    coinAlias: null,
    sanctionsOracle: null,
    feeds: null,
  }
}

/** A context on the database at `url` with a clock of its own, no organization and nothing listening; `close` ends its connections. */
export async function openBareContext(
  url: string,
  options: { chains?: readonly ChainConfig[]; rates?: Rates } = {},
): Promise<Context & { clock: TestClock; close: () => Promise<void> }> {
  const chains = new Map((options.chains ?? [testChainConfig()]).map(config => [config.chain.id, config]))
  const db = openDatabase(url, { maxConnections: 6, onError: () => undefined })
  const known = await asWorker(db, tx => syncChains(tx, chains))
  return {
    config: {
      mode: 'test',
      host: '127.0.0.1',
      port: 0,
      databaseUrl: url,
      dataDir: '',
      publicUrl: 'http://127.0.0.1:8080',
      secretKey: new Uint8Array(32).fill(7),
      chains: [...chains.values()],
      rateSources: [],
      gasKey: null,
      webhookAllowedHosts: [],
      email: null,
      rateLimitPerS: null,
      payerRateLimitPerS: null,
      trustedProxies: 0,
      maxConnections: 6,
      logLevel: 'silent',
    },
    db,
    chains,
    nodes: new Map(),
    gas: new Map(),
    known,
    rates: options.rates ?? fixedRates(TEST_RATES),
    clock: testClock(),
    random: size => randomBytes(size),
    sender: {
      send: () => Promise.reject(new Error('nothing is sent in this test')),
      resolveHost: () => Promise.resolve(),
      fetch: () => Promise.reject(new Error('nothing is fetched in this test')),
    },
    mailer: null,
    secrets: createSecretBox(new Uint8Array(32).fill(7), 'webhook secret'),
    live: {
      subscribe: () => () => undefined,
      subscribeToChanges: () => () => undefined,
      close: () => Promise.resolve(),
    },
    health: openHealthBoard(db, { everyMs: null, onError: () => undefined }),
    log: pino({ enabled: false }),
    testWallet: null,
    close: () => db.close(),
  }
}

/** An organization with a wallet on each of the context's chains, as a caller with a secret key. */
export async function createOrganization(ctx: Context, options: { name?: string } = {}): Promise<Caller> {
  const { name = 'Test merchant' } = options
  const now = ctx.clock.now()
  const newId = () => uuidv7(now, ctx.random(10))
  const organizationId = newId()
  const address = bytesToHex(ctx.random(20))
  const { owner } = ctx.db
  await owner.query('insert into organizations (id, created_at, updated_at, name) values ($1, $2, $2, $3)', [
    organizationId,
    now,
    name,
  ])
  const wallets = [...ctx.chains.keys()].map(chainId => ({ chainId, address, isDefault: true }))
  for (const wallet of wallets) {
    await owner.query(
      `insert into withdrawal_addresses (id, organization_id, created_at, updated_at, name, chain_id, address, is_default)
       values ($1, $2, $3, $3, 'Main', $4, $5, true)`,
      [newId(), organizationId, now, wallet.chainId, Buffer.from(address.slice(2), 'hex')],
    )
  }
  const { rows } = await owner.query<{ settings_version: string }>(
    'select settings_version from organizations where id = $1',
    [organizationId],
  )
  return {
    organizationId,
    organizationName: name,
    organizationStatus: 'active',
    settingsVersion: BigInt(rows[0]?.settings_version ?? ''),
    toleranceBps: 0,
    allowedCurrencies: null,
    confirmations: [],
    allowedChains: null,
    preferredChainId: null,
    preferredCurrency: null,
    feePpm: null,
    withdrawalAddresses: wallets,
    key: { id: newId(), type: 'secret', scopes: ['*'], userId: null },
    person: null,
  }
}

const SESSION_OPTIONS: SessionOptions = {
  submitType: 'pay',
  customerCreation: 'if_required',
  customerUpdate: null,
  nameCollection: false,
  emailCollection: false,
  phoneNumberCollection: false,
  shippingAddressCollection: false,
  billingAddressCollection: false,
  customFields: null,
  afterCompletion: null,
  afterCompletionConfirmMsg: null,
  customerDetails: { address: {} },
  allowPromotionCodes: false,
  defaultPromotionCode: null,
}

/** A session made as a merchant makes it: 10 USDC (amounts at 8 decimals) on all chains of the caller, open for an hour. */
export async function createSession(
  ctx: Context,
  caller: Caller,
  options: {
    amount?: bigint
    currency?: Currency
    expiresAt?: Date
    chainIds?: readonly number[]
    /** Who shares the money on each of `chainIds`, instead of the caller's wallet. */
    receivers?: { splitPercentage: number; address: Hex }[]
  } = {},
): Promise<CheckoutSession> {
  const { amount = 10_00000000n, currency = 'usdc', expiresAt, chainIds, receivers: withdrawalAddresses } = options
  let created: CheckoutSession | undefined
  const asked = {
    lines: [
      {
        quantity: 1,
        price: {
          currency,
          unitAmount: amount,
          product: {
            name: 'Coffee',
            description: null,
            images: [],
            unitLabel: null,
            url: null,
            metadata: null,
            visibility: 10 as const,
          },
        },
      },
    ],
    successUrl: 'http://127.0.0.1:8080/thanks',
    cancelUrl: null,
    expiresAt,
    metadata: null,
    clientReferenceId: null,
    options: SESSION_OPTIONS,
    setting: {
      allowedChains: chainIds?.map(chainId => ({ chainId, withdrawalAddresses })),
      preferredChainId: undefined,
      allowSwap: false,
      allowFiatPayment: false,
    },
  }
  const render = (session: CheckoutSession) => {
    created = session
    return ''
  }
  await createCheckoutSession(ctx, caller, asked, null, render, () => Promise.resolve(caller))
  invariant(created, 'a session was made')
  return created
}

/** An endpoint that is told about `events`; nothing is sent to it unless a worker runs. Returns its id. */
export async function createWebhookEndpoint(ctx: Context, caller: Caller, events: readonly string[]): Promise<string> {
  const now = ctx.clock.now()
  const id = uuidv7(now, ctx.random(10))
  await ctx.db.owner.query(
    `insert into webhook_endpoints (organization_id, id, created_at, updated_at, description, url, enabled_events, secret, is_disabled)
     values ($1, $2, $3, $3, '', $4, $5, $6, false)`,
    [caller.organizationId, id, now, `http://127.0.0.1:9/${id}`, events, ctx.secrets.seal('whsec_test')],
  )
  return id
}

const LABELS = new Map<string, Hex>()

/** 32 bytes that stand for `label`, the same for the same label in one process. */
export function hashFor(label: string): Hex {
  const hash = LABELS.get(label) ?? bytesToHex(randomBytes(32))
  LABELS.set(label, hash)
  return hash
}

/** A hand-made block after `parent` (null: number 0), one second later unless told; `branch` tells rivals of one height apart. */
export function blockAfter(
  parent: BlockHeader | null,
  options: { branch?: string; time?: Date; number?: bigint } = {},
): BlockHeader {
  const { branch = 'a', number = parent === null ? 0n : parent.number + 1n } = options
  const parentHash = parent?.hash ?? bytesToHex(new Uint8Array(32))
  const time = options.time ?? new Date((parent?.time ?? testClock().now()).getTime() + 1000)
  return { number, hash: hashFor(`block ${branch} ${number} after ${parentHash}`), parentHash, time }
}

/** A payment to the session's address in a hand-made block: its whole price in `asset`, USDC unless told, in a transaction of its own. */
export function paymentTo(
  session: CheckoutSession,
  block: BlockHeader,
  options: { asset?: Hex; chainId?: number; amountRaw?: bigint; tx?: string; logIndex?: number } = {},
): Transfer {
  const { asset = TOKENS.usdc.address, chainId = 80001, tx = `tx of ${session.id}`, logIndex = 0 } = options
  const due = session.assets.find(row => row.asset.address === asset)
  return {
    chainId,
    asset,
    to: session.deposit.address,
    from: bytesToHex(new Uint8Array(20).fill(0xaa)),
    amountRaw: options.amountRaw ?? due?.amountRaw ?? 1n,
    txHash: hashFor(tx),
    place: asset === NATIVE ? `native:${session.deposit.address}` : `${logIndex}`,
    blockHash: block.hash,
    blockNumber: block.number,
  }
}

/** How far a chain can be relied on that is read up to `head`, where every provider agrees and no node tags anything. */
export function allAgree(head: bigint): Marks {
  return { head, safe: null, finalized: null, agreed: head, agreedByAll: head }
}

/** Records one block of a chain that all agree on. */
export async function recordBlock(ctx: Context, lead: Lead, block: FoundBlock): Promise<void> {
  await recordBlocks(ctx, lead, [block], allAgree(block.header.number))
}

/** A chain of hand-made blocks that is recorded as a watcher does it. */
export type RecordedChain = {
  lead: Lead
  tip: () => BlockHeader
  /** Records a block after the newest, one second of the clock later, with what `transfersIn` puts into it. */
  mine: (transfersIn?: (header: BlockHeader) => Transfer[], branch?: string) => Promise<BlockHeader>
  /** Records that very block. */
  record: (header: BlockHeader, transfers: Transfer[]) => Promise<void>
  /** Records that the blocks after `ancestor` are lost. */
  goBackTo: (ancestor: BlockHeader) => Promise<void>
}

/** Begins to lead `chainId`, from a hand-made first block of the clock's time on. */
export async function recordChain(ctx: Context & { clock: TestClock }, chainId = 80001): Promise<RecordedChain> {
  const { lead, known } = await leadChain(ctx, chainId, async () => blockAfter(null, { time: ctx.clock.now() }))
  let tip = known.at(-1)
  const newest = () => {
    invariant(tip, 'the chain has a block')
    return tip
  }
  const record = async (header: BlockHeader, transfers: Transfer[]) => {
    await recordBlock(ctx, lead, { header, transfers })
    tip = header
  }
  return {
    lead,
    tip: newest,
    record,
    mine: async (transfersIn = () => [], branch = 'a') => {
      ctx.clock.advance(1000)
      const header = blockAfter(newest(), { branch, time: ctx.clock.now() })
      await record(header, transfersIn(header))
      return header
    },
    goBackTo: async ancestor => {
      ctx.clock.advance(1000)
      await recordReorg(ctx, lead, newest().hash, ancestor)
      tip = ancestor
    },
  }
}

/** The session as it is stored now. */
export async function readSession(ctx: Context, session: CheckoutSession): Promise<CheckoutSession> {
  const seen = await getCheckoutSession(ctx, session.organizationId, session.id)
  invariant(seen, 'the session is stored')
  return seen.found
}

/** The types of all events of an object, oldest first; throws when its sequence has a gap. */
export async function eventTypes(ctx: Context, objectId: string): Promise<string[]> {
  const { rows } = await ctx.db.owner.query<{ type: string; sequence: number }>(
    'select type, sequence from events where object_id = $1 order by sequence',
    [objectId],
  )
  for (const [index, row] of rows.entries()) invariant(row.sequence === index + 1, 'sequences have no gap')
  return rows.map(row => row.type)
}
