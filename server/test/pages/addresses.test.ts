// Where the money goes: what a payer reads, scans, copies and opens is one address and one amount, the one that the merchant's own
// server computes. The whole test world, a real browser, two networks, every coin; the QR code is read from a picture.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { verifySession } from '../../../sdk/src/verifySession.ts'
import { NATIVE } from '../../src/domain/asset.ts'
import { createMerchant, type Session } from '../e2e/merchant.ts'
import { createPayerWallet } from '../e2e/payerWallet.ts'
import { readQrPicture } from '../e2e/qrCode.ts'
import { launchBrowser } from '../harness/browser.ts'
import { startDevWorld } from '../harness/devWorld.ts'
import { waitUntil } from '../harness/waitUntil.ts'

type WalletLink = {
  scheme: string
  target_address: string
  chain_id: string
  function_name?: string
  parameters: { address?: string; uint256?: string; value?: string }
}
/** What wallets make of a link, by a parser that is not ours. */
const { parse: parseLink } = createRequire(import.meta.url)('eth-url-parser') as { parse: (link: string) => WalletLink }

const CHAINS = [80_001, 80_002] as const
const SESSIONS = 200
const PAID_IN_PART_EACH = 10
const COPIED_EACH = 10
const COINS = ['usdc', 'usdt', 'dai', 'btc', 'matic', 'eth'] as const
const CURRENCIES = [...COINS, 'eur', 'inr'] as const
/** At 8 decimals: the least that every coin has, round ones, and many digits. */
const AMOUNTS = ['100', '100000000', '1234567800', '99', '700000000000000', '12345600', '1']

/** A browser that paints no moving pictures, which cost more than all the rest. */
const STILL = { reducedMotion: 'reduce', viewport: { width: 900, height: 900 } } as const

const [world, browser] = await Promise.all([startDevWorld(), launchBrowser()])
after(() => Promise.all([browser.close(), world.stop()]))
const merchant = createMerchant(world)
const second = '0x5ec0000000000000000000000000000000000002'
await merchant.request('POST', '/organization/withdrawal-addresses', {
  ...{ name: 'Second network', address: second, chainId: CHAINS[1] },
})
const wallets = { [CHAINS[0]]: world.withdrawalAddresses[CHAINS[0]] ?? '', [CHAINS[1]]: second }

/** A session of the coin, amount and network that are the turn of `index`. */
async function createTurn(index: number): Promise<Session> {
  const currency = CURRENCIES[index % CURRENCIES.length] ?? 'usdc'
  const amount = AMOUNTS[index % AMOUNTS.length] ?? '100'
  // The coins of 6 decimals have no smaller step, and what states print has two.
  const step =
    currency === 'usdc' || currency === 'usdt' ? 100n : currency === 'eur' || currency === 'inr' ? 1_000_000n : 1n
  const unitAmount = `${((BigInt(amount) + step - 1n) / step) * step}`
  const chainId = currency === 'matic' ? CHAINS[0] : currency === 'eth' ? CHAINS[1] : CHAINS[index % 2 === 0 ? 0 : 1]
  const allowedChains = index % 3 === 0 && currency !== 'matic' && currency !== 'eth' ? CHAINS : [chainId]
  return await merchant.createSession({
    lines: [{ currency, unitAmount }],
    paymentSetting: { allowedChains: allowedChains.map(id => ({ chainId: id })), preferredChainId: chainId },
  })
}

type Way = Session['addresses'][number]

/** A session, the way to pay it that is looked at, and what of it is still due, in base units. */
type Turn = { session: Session; way: Way; due: bigint }

async function createTurns(): Promise<Turn[]> {
  const sessions: Session[] = []
  for (let index = 0; index < SESSIONS; index += 20) {
    sessions.push(...(await Promise.all(Array.from({ length: 20 }, (_, offset) => createTurn(index + offset)))))
  }
  const turns = sessions.map((session, index) => {
    const way = session.addresses[index % session.addresses.length] ?? assert.fail('a way to pay')
    return { session, way, due: BigInt(way.amountRaw) }
  })
  for (const [index, turn] of turns.entries()) {
    if (index % PAID_IN_PART_EACH === 0) turns[index] = await payInPart(turn)
  }
  for (const turn of turns) await partSeen(turn)
  return turns
}

const payers = new Map(CHAINS.map(chainId => [chainId as number, createPayerWallet(world, chainId)]))

/** A third of what is due arrives, but no more than a whole coin; nothing where it cannot be parted. */
async function payInPart(turn: Turn): Promise<Turn> {
  const { way, due } = turn
  const { asset, paymentAddress } = way
  const coin = 10n ** BigInt(asset.decimals)
  const part = due / 3n < coin ? due / 3n : coin
  if (part === 0n) return turn
  const payer = payers.get(asset.chainId)
  assert.ok(payer)
  const currency = asset.symbol === 'WBTC' ? 'btc' : asset.symbol.toLowerCase()
  for (const given of new Set([asset.chainId === CHAINS[0] ? 'matic' : 'eth', currency])) {
    const gift = { address: payer.address, currency: given, chainId: asset.chainId }
    await merchant.request('POST', '/test/faucet', gift)
  }
  await payer.send(asset.address, paymentAddress, part)
  return { ...turn, due: due - part }
}

/** Resolves once the part that was paid is on the session's page; it takes no longer than its chain is behind. */
async function partSeen({ session, way, due }: Turn): Promise<void> {
  const part = BigInt(way.amountRaw) - due
  if (part === 0n) return
  const isSeen = async () => {
    const { addresses } = await merchant.getSession(session)
    return addresses.find(({ id }) => id === way.id)?.amountReceivedRaw === `${part}`
  }
  await waitUntil('the part is seen', isSeen, { timeoutMs: 60_000 })
}

const turns = await createTurns()

type Shown = Record<'address' | 'amount' | 'token' | 'link', string | null> & {
  code: { x: number; y: number; width: number; height: number }
}

/** What the page says, and where its code is, in one call. */
function readPage(page: Page): Promise<Shown> {
  return page.evaluate(`({
    address: document.querySelector('#address').textContent,
    amount: document.querySelector('#amount').textContent,
    token: document.querySelector('#token code')?.textContent ?? null,
    link: document.querySelector('#open-wallet').getAttribute('href'),
    code: document.querySelector('svg.qr').getBoundingClientRect().toJSON(),
  })`)
}

/** A decimal amount as written, in base units. */
function unitsOf(text: string, decimals: number): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  assert.match(text, /^\d+(\.\d+)?$/)
  assert.ok(fraction.length <= decimals, text)
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}

/** A whole number that may be written with an exponent. */
function wholeOf(text: string): bigint {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e\+(\d+))?$/.exec(text) ?? []
  return unitsOf(`${whole}${fraction}`.padEnd(whole.length + Number(exponent), '0'), 0)
}

/** That the wallet link asks for exactly this, as a wallet reads it. */
function checkLink(link: string, { way, due }: Turn): void {
  const { asset, paymentAddress } = way
  const { scheme, target_address, chain_id, function_name, parameters } = parseLink(link)
  assert.deepEqual([scheme, chain_id], ['ethereum', `${asset.chainId}`], link)
  if (asset.address === NATIVE) {
    assert.deepEqual([target_address, function_name], [paymentAddress, undefined], link)
    assert.equal(wholeOf(parameters.value ?? ''), due, link)
    return
  }
  assert.deepEqual(
    [target_address, function_name, parameters.address],
    [asset.address, 'transfer', paymentAddress],
    link,
  )
  assert.equal(wholeOf(parameters.uint256 ?? ''), due, link)
}

test(`C2.1, C2.8: of ${SESSIONS} sessions the address that is shown, scanned, linked and answered is the derived one`, async () => {
  const page = await (await browser.newContext({ ...STILL, javaScriptEnabled: false })).newPage()
  const devtools = await page.context().newCDPSession(page)
  // Playwright's own pictures of elements take three times as long.
  const takePicture = async (clip: Shown['code']) => {
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'png', clip: { ...clip, scale: 1 } })
    return Buffer.from(data, 'base64')
  }
  const seen = new Set<string>()
  let parts = 0
  for (const turn of turns) {
    const { session, way, due } = turn
    verifySession(session, { wallets })
    const answer = await page.goto(`${world.apiUrl}/payment/checkout-session/${session.id}?asset=${way.id}`)
    assert.equal(answer?.status(), 200)
    const { asset, paymentAddress } = way
    const shown = await readPage(page)
    assert.equal(shown.address, paymentAddress)
    assert.equal(readQrPicture(await takePicture(shown.code)), paymentAddress)
    assert.equal(unitsOf(shown.amount ?? '', asset.decimals), due, session.id)
    assert.equal(shown.token, asset.address === NATIVE ? null : asset.address)
    checkLink(shown.link ?? '', turn)
    seen.add(`${asset.symbol} on ${asset.chainId}`)
    if (due < BigInt(way.amountRaw)) parts++
  }
  const tokens = ['DAI', 'USDC', 'USDT', 'WBTC'].flatMap(symbol => CHAINS.map(chainId => `${symbol} on ${chainId}`))
  assert.deepEqual([...seen].sort(), [...tokens, 'ETH on 80002', 'MATIC on 80001'].sort())
  assert.equal(new Set(turns.map(({ way }) => way.paymentAddress)).size, SESSIONS, 'no address is given out twice')
  assert.ok(parts > SESSIONS / PAID_IN_PART_EACH / 2, `${parts} were paid in part`)
  await page.context().close()
})

test('C2.8: the clipboard gets the very bytes of address and amount', async () => {
  const context = await browser.newContext({ ...STILL, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  const copied = async (what: 'address' | 'amount') => {
    await page.locator(`#copy-${what}`).click()
    await page.locator(`#copy-${what}.copy-done`).waitFor()
    return String(await page.evaluate('navigator.clipboard.readText()'))
  }
  for (const { session, way, due } of turns.filter((_, index) => index % COPIED_EACH === 0)) {
    await page.goto(`${world.apiUrl}/payment/checkout-session/${session.id}?asset=${way.id}`)
    assert.equal(await copied('address'), way.paymentAddress)
    assert.equal(unitsOf(await copied('amount'), way.asset.decimals), due)
  }
  await context.close()
})

test('F167: two tabs with another network chosen in each are both right, until one of them is paid', async () => {
  const session = await merchant.createSession({
    lines: [{ currency: 'usdc', unitAmount: '100000000' }],
    paymentSetting: { allowedChains: CHAINS.map(chainId => ({ chainId })) },
  })
  const tabs: Page[] = []
  for (const way of session.addresses) {
    const page = await (await browser.newContext(STILL)).newPage()
    // It learns of the payment by an event alone.
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 60_000)
    await page.goto(`${session.url}?asset=${way.id}`)
    const { address, link } = await readPage(page)
    assert.equal(address, way.paymentAddress)
    checkLink(link ?? '', { session, way, due: BigInt(way.amountRaw) })
    tabs.push(page)
  }
  assert.deepEqual(
    session.addresses.map(({ asset }) => asset.chainId),
    [...CHAINS],
  )
  const [first] = session.addresses
  const payer = payers.get(CHAINS[0])
  assert.ok(first && payer)
  for (const currency of ['matic', 'usdc']) {
    await merchant.request('POST', '/test/faucet', { address: payer.address, currency, chainId: CHAINS[0] })
  }
  await payer.send(first.asset.address, first.paymentAddress, BigInt(first.amountRaw))
  await Promise.all(tabs.map(page => page.locator('#status', { hasText: 'Payment seen, confirming' }).waitFor()))
  for (const page of tabs) {
    assert.equal(await page.locator('#address').count(), 0, 'nothing more is to be paid')
    await page.context().close()
  }
})

test('an address that pays another wallet is not proven', () => {
  const { session } = turns[0] ?? assert.fail('a session')
  assert.throws(() => verifySession(session, { wallets: { ...wallets, [CHAINS[0]]: second } }), {
    code: 'wallet_mismatch',
  })
})

test('the program had nothing to complain about', () => {
  assert.equal(world.complaints(), '')
})
