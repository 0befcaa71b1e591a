import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseEnv } from 'node:util'
import { ConfigError, readConfig } from './config.ts'
import { assetId, NATIVE } from './domain/asset.ts'

const folder = mkdtempSync(join(tmpdir(), 'config-test-'))
after(() => rmSync(folder, { recursive: true }))

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const EXAMPLE = parseEnv(read('.env.example'))

/** The chains file that docs/operations.md shows. */
const CHAINS = JSON.parse(/<!-- chains file[^>]*-->\n```json\n(.*?)```/s.exec(read('docs/operations.md'))?.[1] ?? '')

const SECRET_KEY = 'a1'.repeat(32)
let files = 0

function chainsFile(content: unknown): string {
  const path = join(folder, `chains-${files++}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** What the documented chain becomes with `changes`. */
function chainWith(changes: object): object {
  return { ...CHAINS[0], ...changes }
}

function environment(changes: Record<string, string | undefined> = {}): Record<string, string | undefined> {
  const example: Record<string, string | undefined> = { ...EXAMPLE, BITSTREAM_SECRET_KEY: SECRET_KEY }
  const chains = chainsFile([chainWith({ isTestnet: (changes.BITSTREAM_MODE ?? example.BITSTREAM_MODE) === 'test' })])
  return { ...example, BITSTREAM_CHAINS_FILE: chains, ...changes }
}

function problemsOf(env: Record<string, string | undefined>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const LIVE = { BITSTREAM_MODE: 'live', BITSTREAM_PUBLIC_URL: 'https://pay.example.com' }

test('.env.example names every setting, and docs/operations.md explains each', () => {
  const settings = [...read('server/src/config.ts').matchAll(/^ {2}([A-Z_]+): (?:z\b|number\()/gm)].map(
    found => found[1],
  )
  assert.ok(settings.length >= 12)
  assert.deepEqual(Object.keys(EXAMPLE).toSorted(), settings.toSorted())
  const operations = read('docs/operations.md')
  for (const name of settings) assert.ok(operations.includes(`\`${name}\``), name)
})

test('.env.example is a configuration, once it has a secret key of its own', () => {
  const config = readConfig(environment())
  assert.equal(config.mode, 'test')
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 8080)
  assert.equal(config.databaseUrl, EXAMPLE.DATABASE_URL)
  assert.equal(config.publicUrl, 'http://127.0.0.1:8080')
  assert.deepEqual(config.secretKey, Buffer.from(SECRET_KEY, 'hex'))
  assert.deepEqual(config.webhookAllowedHosts, [])
  assert.equal(config.email, null)
  assert.equal(config.rateLimitPerS, 100)
  assert.equal(config.maxConnections, 20)
  assert.equal(config.logLevel, 'info')
  assert.deepEqual(problemsOf(environment({ BITSTREAM_SECRET_KEY: EXAMPLE.BITSTREAM_SECRET_KEY })), [
    'BITSTREAM_SECRET_KEY: must be 64 hex digits: run `openssl rand -hex 32`',
  ])
})

test('e-mail needs a server and a sender, in either mode', () => {
  const email = { BITSTREAM_SMTP_URL: 'smtps://u:hunter2@mail.example.com', BITSTREAM_EMAIL_FROM: 'pay@example.com' }
  assert.equal(readConfig(environment(email)).email?.host, 'mail.example.com')
  assert.deepEqual(problemsOf(environment({ ...LIVE, ...email, BITSTREAM_EMAIL_FROM: '' })), [
    'BITSTREAM_EMAIL_FROM: must be set with BITSTREAM_SMTP_URL, or neither',
  ])
})

test('only mode, public URL, secret key and chains file have no default', () => {
  const missing = ['BITSTREAM_MODE', 'BITSTREAM_PUBLIC_URL', 'BITSTREAM_SECRET_KEY', 'BITSTREAM_CHAINS_FILE']
  assert.deepEqual(
    problemsOf({}),
    missing.map(name => `${name}: must be set; .env.example shows how`),
  )
  const { BITSTREAM_MODE, BITSTREAM_PUBLIC_URL, BITSTREAM_SECRET_KEY, BITSTREAM_CHAINS_FILE } = environment()
  const config = readConfig({ BITSTREAM_MODE, BITSTREAM_PUBLIC_URL, BITSTREAM_SECRET_KEY, BITSTREAM_CHAINS_FILE })
  assert.equal(config.databaseUrl, null)
  assert.equal(config.dataDir, '.bitstream')
})

test('the documented chains file becomes a chain with its assets', () => {
  const [base] = readConfig(environment({ ...LIVE, BITSTREAM_CHAINS_FILE: chainsFile(CHAINS) })).chains
  assert.ok(base)
  const usdc = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
  assert.equal(base.chain.id, 8453)
  assert.equal(base.chain.confirmations, 30)
  assert.deepEqual(
    base.assets.map(({ id, chainId, address, decimals }) => ({ id, chainId, address, decimals })),
    [
      { id: assetId(8453, NATIVE), chainId: 8453, address: NATIVE, decimals: 18 },
      { id: assetId(8453, usdc), chainId: 8453, address: usdc, decimals: 6 },
    ],
  )
})

test('all problems are told at once', () => {
  const wrong = environment({
    BITSTREAM_MODE: 'production',
    BITSTREAM_PORT: '80 80',
    DATABASE_URL: 'mysql://127.0.0.1/x',
    BITSTREAM_PUBLIC_URL: 'pay.example.com',
    BITSTREAM_SECRET_KEY: 'secret',
    BITSTREAM_LOG_LEVEL: 'loud',
    BITSTREAM_COLOUR: 'blue',
  })
  assert.deepEqual(
    problemsOf(wrong).map(problem => problem.split(':')[0]),
    [
      'BITSTREAM_COLOUR',
      'BITSTREAM_MODE',
      'BITSTREAM_PORT',
      'DATABASE_URL',
      'BITSTREAM_PUBLIC_URL',
      'BITSTREAM_SECRET_KEY',
      'BITSTREAM_LOG_LEVEL',
    ],
  )
})

test('an unknown BITSTREAM_ variable is an error, others are not ours', () => {
  assert.deepEqual(problemsOf(environment({ BITSTREAM_PROT: '80', PATH: '/bin', PGHOST: 'x' })), [
    'BITSTREAM_PROT: no such setting; .env.example lists them all',
  ])
})

test('live mode refuses plain http and test networks', () => {
  assert.deepEqual(problemsOf(environment(LIVE)), [])
  const chains = chainsFile([chainWith({}), chainWith({ id: 84532, name: 'Base Sepolia', isTestnet: true })])
  assert.deepEqual(
    problemsOf(environment({ ...LIVE, BITSTREAM_PUBLIC_URL: 'http://pay.example.com', BITSTREAM_CHAINS_FILE: chains })),
    [
      'BITSTREAM_PUBLIC_URL: must be https in live mode',
      'BITSTREAM_CHAINS_FILE: Base Sepolia is a test network, the mode is live',
    ],
  )
})

test('test mode refuses main networks', () => {
  const chains = chainsFile([chainWith({ isTestnet: true }), chainWith({ id: 1, name: 'Ethereum' })])
  assert.deepEqual(problemsOf(environment({ BITSTREAM_CHAINS_FILE: chains })), [
    'BITSTREAM_CHAINS_FILE: Ethereum is a main network, the mode is test',
  ])
})

test('a chains file that is missing, no JSON, empty or wrong is named with each of its faults', () => {
  const problems = (path: string) => problemsOf(environment({ BITSTREAM_CHAINS_FILE: path }))
  const missing = join(folder, 'missing.json')
  assert.match(problems(missing).join('\n'), /^BITSTREAM_CHAINS_FILE: .*missing\.json cannot be read: ENOENT/)
  assert.match(problems(chainsFile('{')).join('\n'), /^BITSTREAM_CHAINS_FILE: .* cannot be read: /)
  assert.equal(problems(chainsFile([])).length, 1)
  const wrong = chainsFile([
    chainWith({
      isTestnet: true,
      confirmations: 0,
      providers: [{ name: 'A', rpcUrl: 'ws://127.0.0.1' }],
      factory: '0x1',
      rpcUrl: 'http://x',
    }),
  ])
  assert.deepEqual(
    problems(wrong).map(problem => problem.split(': ')[1]),
    ['0.confirmations', '0.providers.0.name', '0.providers.0.rpcUrl', '0.factory', '0'],
  )
})

test('an address in upper case is refused, since code compares addresses as text', () => {
  const assets = [{ ...CHAINS[0].assets[1], address: '0x833589FCD6EDB6E08F4C7C32D4F71B54BDA02913' }]
  assert.match(
    problemsOf(environment({ BITSTREAM_CHAINS_FILE: chainsFile([chainWith({ isTestnet: true, assets })]) })).join('\n'),
    /0\.assets\.0\.address: must be 0x and 40 lower-case hex digits$/,
  )
})

test('the public URL is an origin, hosts are a list, and 0 lifts the limit', () => {
  const config = readConfig(
    environment({
      BITSTREAM_PUBLIC_URL: 'http://localhost:9000/shop/',
      BITSTREAM_WEBHOOK_ALLOWED_HOSTS: 'shop.lan:8443, 10.0.0.7:80',
      BITSTREAM_RATE_LIMIT_PER_S: '0',
    }),
  )
  assert.equal(config.publicUrl, 'http://localhost:9000')
  assert.deepEqual(config.webhookAllowedHosts, ['shop.lan:8443', '10.0.0.7:80'])
  assert.equal(config.rateLimitPerS, null)
})

test('what would lose money is refused: a factory of others, a token without its address, an asset twice', () => {
  const problems = (changes: object) =>
    problemsOf(environment({ BITSTREAM_CHAINS_FILE: chainsFile([chainWith({ isTestnet: true, ...changes })]) })).map(
      problem => problem.split('.json: ')[1],
    )
  const [coin, usdc] = CHAINS[0].assets
  const { address: _, ...withoutAddress } = usdc
  assert.deepEqual(problems({}), [])
  assert.deepEqual(problems({ currency: 'pol', assets: [{ ...coin, currency: 'matic' }] }), [], 'two names of one coin')

  const factory = 'factory and initCodeHash of chain 8453 must be those of docs/operations.md'
  assert.deepEqual(problems({ factory: `0x${'fa'.repeat(20)}` }), [factory])
  assert.deepEqual(problems({ initCodeHash: `0x${'fa'.repeat(32)}` }), [factory])
  assert.deepEqual(problems({ assets: [coin, { ...withoutAddress, decimals: 18 }] }), [
    'USDC of chain 8453 has no address and is not the native coin, eth with 18 decimals',
    'USDC of chain 8453 has the address of another asset',
  ])
  assert.deepEqual(problems({ assets: [{ ...coin, decimals: 8 }] }), [
    'ETH of chain 8453 has no address and is not the native coin, eth with 18 decimals',
  ])
  assert.deepEqual(problems({ assets: [usdc, { ...usdc, symbol: 'USDC.e' }] }), [
    'USDC.e of chain 8453 has the address of another asset',
  ])
})

test('one provider of others is refused in live mode, as are bands that do not ascend and a quorum that cannot be', () => {
  const problems = (env: object, changes: object) =>
    problemsOf(environment({ ...env, BITSTREAM_CHAINS_FILE: chainsFile([chainWith(changes)]) })).map(problem =>
      problem.replace(/^.*(\.json|_FILE): /, ''),
    )
  const foreign = { name: 'foreign', rpcUrl: 'https://node.example.com/key' }
  const [lonely] = problems(LIVE, { providers: [foreign] })
  assert.match(lonely ?? '', /^Base has one provider that is not your own/)
  assert.deepEqual(problems(LIVE, { providers: [{ ...foreign, isOwn: true }] }), [])
  assert.deepEqual(problems(LIVE, { providers: [foreign, { ...foreign, name: 'other' }] }), [])
  assert.deepEqual(problems(LIVE, { providers: [foreign, foreign], quorum: 3 }), [
    'two providers of chain 8453 have the same name',
    'quorum 3 of chain 8453 is more than its 2 providers',
  ])
  const bands = ['finality of chain 8453 must ascend by belowUsd, the last band without one']
  assert.deepEqual(problems(LIVE, { finality: [{ belowUsd: 100, wait: 2 }] }), bands)
  assert.deepEqual(
    problems(LIVE, { finality: [{ belowUsd: 100, wait: 2 }, { belowUsd: 100, wait: 3 }, { wait: 4 }] }),
    bands,
  )
  assert.deepEqual(problems(LIVE, { finality: [{ wait: 4 }] }), [])
})

test('what payers are shown of a chain is never a node that it is read from, and holds no password', () => {
  const publicRpcUrls = (urls: string[]) => {
    const file = chainsFile([chainWith({ isTestnet: true, publicRpcUrls: urls })])
    return problemsOf(environment({ BITSTREAM_CHAINS_FILE: file })).map(problem => problem.replace(/^.*\.json: /, ''))
  }
  assert.deepEqual(publicRpcUrls(['https://mainnet.base.org']), [])
  assert.deepEqual(publicRpcUrls(['https://base.example.net/v1/a-key']), [
    'publicRpcUrls of chain 8453 are shown to payers: do not list the rpcUrl of a provider',
  ])
  for (const url of ['https://user:word@mainnet.base.org', 'https://user@mainnet.base.org']) {
    assert.deepEqual(publicRpcUrls([url]), [
      '0.publicRpcUrls.0: is shown to payers and must not hold a user or a password',
    ])
  }
})

test('bands, quorum and witnesses have their defaults', () => {
  const { finality: _, ...plain } = CHAINS[0]
  const [chain] = readConfig(environment({ BITSTREAM_CHAINS_FILE: chainsFile([{ ...plain, isTestnet: true }]) })).chains
  assert.deepEqual(chain?.finality, [{ below: null, wait: 30, witness: 'quorum' }])
  assert.equal(chain?.quorum, 2)
})

test('sources of rates are read from their file; in live mode they must be https', () => {
  const file = join(folder, 'rates.json')
  writeFileSync(file, JSON.stringify([{ name: 'local', url: 'http://127.0.0.1/{id}', price: 'usd' }]))
  const { rateSources } = readConfig(environment({ BITSTREAM_RATES_FILE: file }))
  assert.deepEqual(rateSources, [{ name: 'local', url: 'http://127.0.0.1/{id}', price: 'usd', time: null, ids: null }])
  assert.deepEqual(problemsOf(environment({ ...LIVE, BITSTREAM_RATES_FILE: file })), [
    'BITSTREAM_RATES_FILE: local must be https in live mode',
  ])
})

test('the feeds of a chain are read from the chains file', () => {
  const price = { currency: 'eth', address: `0x${'ab'.repeat(20)}`, heartbeatS: 1200 }
  const chains = chainsFile([chainWith({ isTestnet: true, feeds: { prices: [price] } })])
  const [chain] = readConfig(environment({ BITSTREAM_CHAINS_FILE: chains })).chains
  assert.deepEqual(chain?.feeds, { sequencer: null, prices: [price] })
})
