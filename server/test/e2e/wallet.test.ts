// A person pays with a wallet of the browser: the whole program, a real browser and real chains, where a wallet's transaction is
// signed by a development account of the chain. What a wallet does or answers never moves more than the page says, and never tells
// the merchant anything.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { decodeFunctionData, encodeFunctionData, erc20Abi } from 'viem'
import { NATIVE } from '../../src/domain/asset.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { launchBrowser } from '../harness/browser.ts'
import { startDevWorld } from '../harness/devWorld.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { type BrowserWallet, createBrowserWallet, putWallets, rpc, WalletError } from './browserWallet.ts'
import { createMerchant, type Session, wayToPay } from './merchant.ts'
import { createPayerWallet } from './payerWallet.ts'

const CHAIN_ID = 80_001
const OTHER_CHAIN_ID = 80_002
const TEN_MINUTES_MS = 600_000
const FOX = '#wallet-0'

const [world, browser] = await Promise.all([startDevWorld(), launchBrowser()])
after(async () => {
  await Promise.all([browser.close(), world.stop()])
})

const merchant = createMerchant(world)
const stranger = createPayerWallet(world, CHAIN_ID)
const rpcUrls = new Map(Object.entries(world.chains).map(([id, { rpcUrl }]) => [Number(id), rpcUrl]))
const node = (method: string, ...params: unknown[]) => rpc(rpcUrls.get(CHAIN_ID) ?? '', method, params)
/** Rich, without tokens, and without coin for gas. */
const [rich, poor, dry] = (await node('eth_accounts')) as [Hex, Hex, Hex]
for (const address of [rich, dry]) {
  for (const currency of ['usdc', 'usdt']) {
    await merchant.request('POST', '/test/faucet', { address, currency, chainId: CHAIN_ID })
  }
}
await node('anvil_setBalance', dry, '0x1')
for (const currency of ['usdc', 'matic']) {
  await merchant.request('POST', '/test/faucet', { address: stranger.address, currency, chainId: CHAIN_ID })
}

/** A wallet that can pay, changed as told. */
function fox(change: (wallet: BrowserWallet) => void = () => undefined): BrowserWallet {
  const wallet = createBrowserWallet(CHAIN_ID, rich)
  change(wallet)
  return wallet
}

function refuse(code: number): () => never {
  return () => {
    throw new WalletError(code)
  }
}

type VisitOptions = {
  symbol?: string
  prepare?: (page: Page) => Promise<unknown>
  complaints?: RegExp
  browser?: Parameters<Browser['newContext']>[0]
}

/** Opens the page of `session` in a browser with `wallets`; the page must have made no complaint. */
async function visit(
  session: Session,
  wallets: BrowserWallet[],
  act: (page: Page) => Promise<void>,
  { symbol = 'USDC', prepare, complaints = /favicon\.ico/, ...options }: VisitOptions = {},
): Promise<void> {
  const context = await browser.newContext(options.browser)
  const said: string[] = []
  context.on('console', message => said.push(message.text()))
  context.on('weberror', error => said.push(error.error().message))
  try {
    const page = await context.newPage()
    await putWallets(page, rpcUrls, wallets)
    await prepare?.(page)
    await page.goto(`${session.url}?asset=${wayToPay(session, symbol).id}`)
    await act(page)
  } finally {
    await context.close()
  }
  assert.deepEqual(
    said.filter(text => !complaints.test(text)),
    [],
  )
}

function status(page: Page, text: string): Promise<void> {
  return page.locator('#status', { hasText: text }).waitFor()
}

async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? ''
}

/** Waits until the page tells that of the wallet. */
function told(page: Page, text: string | RegExp): Promise<void> {
  return page.locator('#wallet-told', { hasText: text }).waitFor()
}

/** The id of what has the focus. */
function focused(page: Page): Promise<unknown> {
  return page.evaluate('document.activeElement.id')
}

/** Mines until the session is complete. */
function completed(session: Session): Promise<Session> {
  return waitUntil('session is complete', async () => {
    await stranger.mine(1)
    const now = await merchant.getSession(session)
    return now.status === 'complete' && now
  })
}

/** What the wallet was asked to send, each once. */
function orders(wallet: BrowserWallet): unknown[] {
  return wallet.asked.filter(({ method }) => method === 'eth_sendTransaction').map(({ params }) => params[0])
}

const HARMLESS = new Set([
  'eth_requestAccounts',
  'eth_accounts',
  'eth_chainId',
  'eth_call',
  'eth_getBalance',
  'eth_estimateGas',
  'eth_gasPrice',
  'wallet_switchEthereumChain',
  'wallet_addEthereumChain',
  'eth_sendTransaction',
])

/** No approvals, no signatures: the one thing that a wallet is asked to do is the transaction that the page shows. */
function assertHarmless(wallet: BrowserWallet, session: Session, symbol = 'USDC'): void {
  assert.deepEqual(
    wallet.asked.map(({ method }) => method).filter(method => !HARMLESS.has(method)),
    [],
  )
  const { asset, paymentAddress, amountRaw } = wayToPay(session, symbol)
  const args = [paymentAddress, BigInt(amountRaw)] as const
  const transaction =
    asset.address === NATIVE
      ? { to: paymentAddress, value: `0x${BigInt(amountRaw).toString(16)}` }
      : { to: asset.address, data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args }) }
  const chainId = `0x${asset.chainId.toString(16)}`
  for (const order of orders(wallet)) assert.deepEqual(order, { from: wallet.accounts[0], chainId, ...transaction })
}

for (const { symbol, lines } of [
  { symbol: 'USDC', lines: [{ currency: 'usdc', unitAmount: '1234567800' }] },
  { symbol: 'USDT', lines: [{ currency: 'usdt', unitAmount: '100000000' }] },
  { symbol: 'MATIC', lines: [{ currency: 'matic', unitAmount: '150000001' }] },
]) {
  test(`a payment in ${symbol} with one click, until the page says done`, async () => {
    const session = await merchant.createSession({ lines })
    const wallet = fox()
    await visit(
      session,
      [wallet],
      async page => {
        const button = page.locator(FOX)
        assert.equal(await button.textContent(), 'Pay with Test Fox')
        await button.click()
        await status(page, 'Payment seen, confirming')
        assert.equal(await page.locator('#wallet').count(), 0)
        const paid = await completed(session)
        await status(page, 'Payment complete')
        assert.deepEqual(
          paid.paymentIntent.transactions.map(({ transactionHash }) => transactionHash),
          wallet.sent,
        )
        assert.deepEqual([wallet.sent.length, paid.exceptions], [1, []])
      },
      { symbol },
    )
    assertHarmless(wallet, session, symbol)
  })
}

test('the rest of a part is what the wallet is asked for', async () => {
  const session = await merchant.createSession()
  const { asset, paymentAddress } = wayToPay(session, 'USDC')
  const wallet = fox()
  await visit(session, [wallet], async page => {
    await stranger.send(asset.address, paymentAddress, 400_000n)
    await page.locator('#amount', { hasText: '0.60' }).waitFor()
    await page.locator(FOX).click()
    await completed(session)
    await status(page, 'Payment complete')
  })
  const [{ data }] = orders(wallet) as [{ data: Hex }]
  assert.deepEqual(decodeFunctionData({ abi: erc20Abi, data }).args?.[1], 600_000n)
})

test('a wallet on another network is asked to switch, and one that does not know the network to add it', async () => {
  for (const isKnown of [true, false]) {
    const session = await merchant.createSession()
    const wallet = fox(each => {
      each.chainId = OTHER_CHAIN_ID
      if (!isKnown) each.known.clear()
    })
    await visit(session, [wallet], async page => {
      await page.locator(FOX).click()
      await completed(session)
      await status(page, 'Payment complete')
    })
    assertHarmless(wallet, session)
    const added = wallet.asked
      .filter(({ method }) => method === 'wallet_addEthereumChain')
      .map(({ params }) => params[0])
    const network = {
      chainId: '0x13881',
      chainName: 'Test network',
      nativeCurrency: { name: 'MATIC', symbol: 'MATIC', decimals: 18 },
      rpcUrls: [rpcUrls.get(CHAIN_ID)],
    }
    assert.deepEqual(added, isKnown ? [] : [network])
  }
})

type Trouble = { title: string; make: (wallet: BrowserWallet) => void; says: string; symbol?: string }

const ADDED_NEVER =
  'Test network could not be added to Test Fox, so nothing was sent. Add it in the wallet yourself, then'

const TROUBLES: Trouble[] = [
  {
    title: 'the payer shows no account',
    make: wallet => wallet.answers.set('eth_requestAccounts', refuse(4001)),
    says: 'You declined in Test Fox, so nothing was sent.',
  },
  {
    title: 'the wallet waits for another answer',
    make: wallet => wallet.answers.set('eth_requestAccounts', refuse(-32002)),
    says: 'Test Fox is already asking you something, so nothing was sent.',
  },
  {
    title: 'the wallet is locked',
    make: wallet => {
      wallet.accounts = []
    },
    says: 'Test Fox shows this page no account, so nothing was sent.',
  },
  {
    title: 'the page may not see the accounts',
    make: wallet => wallet.answers.set('eth_requestAccounts', refuse(4100)),
    says: 'Test Fox shows this page no account, so nothing was sent.',
  },
  {
    title: 'the wallet is disconnected',
    make: wallet => wallet.answers.set('eth_getBalance', refuse(4900)),
    says: 'Test Fox has no connection to the network, so nothing was sent.',
  },
  {
    title: 'the wallet fails',
    make: wallet => wallet.answers.set('eth_getBalance', refuse(-32603)),
    says: 'Test Fox could not do this, so nothing was sent.',
  },
  {
    title: 'F171: the payer does not switch from another network of the server',
    make: wallet => {
      wallet.chainId = OTHER_CHAIN_ID
      wallet.answers.set('wallet_switchEthereumChain', refuse(4001))
    },
    says: 'Test Fox is on Other test network, but this payment goes over Test network. Nothing was sent.',
  },
  {
    title: 'F171: the wallet cannot switch from a network that is widely used',
    make: wallet => {
      wallet.chainId = 8_453
      wallet.answers.set('wallet_switchEthereumChain', refuse(4200))
    },
    says: 'Test Fox is on Base, but this payment goes over Test network. Nothing was sent.',
  },
  {
    title: 'F171: the wallet says that it switched and did not, from a network that nobody knows',
    make: wallet => {
      wallet.chainId = 424_242
      wallet.answers.set('wallet_switchEthereumChain', () => null)
    },
    says: 'Test Fox is on network 424242, but this payment goes over Test network. Nothing was sent.',
  },
  {
    title: 'F171: the wallet cannot add the network',
    make: wallet => {
      wallet.chainId = OTHER_CHAIN_ID
      wallet.known.clear()
      wallet.answers.set('wallet_addEthereumChain', refuse(-32601))
    },
    says: ADDED_NEVER,
  },
  {
    title: 'F171: the payer declines to add the network',
    make: wallet => {
      wallet.chainId = OTHER_CHAIN_ID
      wallet.known.clear()
      wallet.answers.set('wallet_addEthereumChain', refuse(4001))
    },
    says: 'You declined in Test Fox, so nothing was sent.',
  },
  {
    title: 'F171: the account has too little of the token',
    make: wallet => {
      wallet.accounts = [poor]
    },
    says: 'This account has 0.00 USDC, and the payment takes 1.00 USDC. Nothing was sent.',
  },
  {
    title: 'F171: the account has too little of the coin',
    make: wallet => {
      wallet.accounts = [dry]
    },
    says: 'This account has 0.000000000000000001 MATIC, and the payment takes 1.00 MATIC. Nothing was sent.',
    symbol: 'MATIC',
  },
  {
    title: 'F171: the account has too little for the fee of a token',
    make: wallet => {
      wallet.accounts = [dry]
    },
    says: 'and this account has 0.00 MATIC left for it. Nothing was sent.',
  },
  {
    title: 'F171: the account has the coin and nothing for its fee',
    make: wallet => {
      wallet.answers.set('eth_getBalance', () => `0x${(10n ** 18n).toString(16)}`)
    },
    says: 'and this account has 0.00 MATIC left for it. Nothing was sent.',
    symbol: 'MATIC',
  },
  {
    title: 'the payer declines the payment',
    make: wallet => wallet.answers.set('eth_sendTransaction', refuse(4001)),
    says: 'You declined in Test Fox, so nothing was sent.',
  },
  {
    title: 'the account changes while the wallet asks',
    make: wallet => wallet.answers.set('eth_accounts', () => [poor]),
    says: 'The account, the network or the amount has changed meanwhile, so nothing was sent.',
  },
  {
    title: 'the network changes while the wallet asks',
    make: wallet =>
      wallet.answers.set('eth_estimateGas', () => {
        wallet.chainId = OTHER_CHAIN_ID
        return '0x5208'
      }),
    says: 'The account, the network or the amount has changed meanwhile, so nothing was sent.',
  },
]

for (const { title, make, says, symbol = 'USDC' } of TROUBLES) {
  test(`${title}: the page says so, nothing is sent, and the next press pays`, async () => {
    const session = await merchant.createSession({
      lines: [{ currency: symbol.toLowerCase(), unitAmount: '100000000' }],
    })
    const wallet = fox(make)
    await visit(
      session,
      [wallet],
      async page => {
        await page.locator(FOX).click()
        await told(page, says)
        assert.equal(await textOf(page, '#live'), await textOf(page, '#wallet-told'), 'a screen reader hears it')
        assert.deepEqual(wallet.sent, [])
        Object.assign(wallet, { accounts: [rich], chainId: CHAIN_ID })
        wallet.answers.clear()
        await page.locator(FOX).click()
        await status(page, 'Payment seen, confirming')
      },
      { symbol },
    )
    assert.equal(wallet.sent.length, 1)
    assertHarmless(wallet, session, symbol)
  })
}

test('F171: where no public node is known the payer is told to add the network, and the wallet is not asked', async () => {
  const session = await merchant.createSession()
  const wallet = fox(each => {
    each.chainId = OTHER_CHAIN_ID
    each.known.clear()
  })
  await visit(
    session,
    [wallet],
    async page => {
      await page.locator(FOX).click()
      await told(page, ADDED_NEVER)
    },
    {
      prepare: page =>
        page.route(`${session.url}*`, async route => {
          const response = await route.fetch()
          const body = (await response.text()).replace(/(rpcUrls&quot;:)\[[^\]]*\]/, '$1[]')
          await route.fulfill({ response, body })
        }),
    },
  )
  assert.deepEqual(
    wallet.asked.map(({ method }) => method).filter(method => method.startsWith('wallet_')),
    ['wallet_switchEthereumChain'],
  )
})

test('an amount that changes while the wallet asks is not sent; the next press pays the new one', async () => {
  const session = await merchant.createSession()
  const { asset, paymentAddress } = wayToPay(session, 'USDC')
  const wallet = fox()
  await visit(session, [wallet], async page => {
    wallet.answers.set('eth_gasPrice', async () => {
      await stranger.send(asset.address, paymentAddress, 250_000n)
      await page.locator('#amount', { hasText: '0.75' }).waitFor()
      return '0x1'
    })
    await page.locator(FOX).click()
    await told(page, 'The account, the network or the amount has changed meanwhile')
    assert.deepEqual(orders(wallet), [])
    wallet.answers.clear()
    await page.locator(FOX).click()
    await completed(session)
    await status(page, 'Payment complete')
  })
  assert.equal(orders(wallet).length, 1)
})

/** The page's time stands until the test moves it. */
async function holdClock(page: Page): Promise<void> {
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 60_000)
}

const HASHES: { title: string; hash: () => Promise<unknown>; shown: boolean }[] = [
  { title: 'a random hash', hash: async () => `0x${'5c504ed4'.repeat(8)}`, shown: true },
  {
    title: "the hash of somebody else's payment",
    hash: () => stranger.send(world.chains[CHAIN_ID]?.tokens.usdc ?? NATIVE, poor, 1n),
    shown: true,
  },
  {
    title: 'the hash of a transaction that failed',
    hash: () =>
      node('eth_sendTransaction', {
        from: rich,
        to: world.chains[CHAIN_ID]?.tokens.usdc,
        data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [poor, 10n ** 30n] }),
        gas: '0x186a0',
      }),
    shown: true,
  },
  {
    title: 'a hash of another chain',
    hash: () => rpc(rpcUrls.get(OTHER_CHAIN_ID) ?? '', 'eth_sendTransaction', [{ from: rich, to: poor, value: '0x1' }]),
    shown: true,
  },
  { title: 'no hash at all', hash: async () => '<b>sent</b>', shown: false },
]

for (const { title, hash, shown } of HASHES) {
  test(`F172: a wallet that answers ${title} is looked for and never believed`, async () => {
    const session = await merchant.createSession()
    let claimed = ''
    const wallet = fox(({ answers }) =>
      answers.set('eth_sendTransaction', async () => {
        claimed = String(await hash())
        return claimed
      }),
    )
    await visit(
      session,
      [wallet],
      async page => {
        await page.locator(FOX).click()
        await told(page, 'Sent. Looking for it on the network')
        const link = page.locator('#wallet-told a')
        assert.equal(await link.count(), shown ? 1 : 0)
        if (shown) {
          assert.equal(await link.textContent(), claimed)
          assert.equal(await link.getAttribute('href'), `${world.apiUrl}/test/transactions/${claimed}`)
        }
        await page.reload()
        await told(page, 'Sent. Looking for it on the network')
        await page.clock.fastForward(TEN_MINUTES_MS - 60_000)
        await told(page, 'Sent. Looking for it on the network')
        await page.clock.fastForward(60_000)
        await told(
          page,
          'Not found on the network. Look in your wallet: pay again only if it says that the payment failed.',
        )
        await page.reload()
        await told(page, 'Not found on the network.')
        const { status: now, paymentStatus, paymentIntent } = await merchant.getSession(session)
        assert.deepEqual([now, paymentStatus, paymentIntent.transactions], ['open', 'unpaid', []])
        wallet.answers.clear()
        await page.locator(FOX).click()
        await page.locator('#wallet-again-yes').click()
        await waitUntil('the payment is sent', () => wallet.sent.length > 0)
      },
      { prepare: holdClock },
    )
  })
}

test('what the wallet said is over when the server sees a payment', async () => {
  const session = await merchant.createSession()
  const { asset, paymentAddress } = wayToPay(session, 'USDC')
  const wallet = fox(({ answers }) => answers.set('eth_sendTransaction', () => `0x${'0'.repeat(64)}`))
  await visit(session, [wallet], async page => {
    await page.locator(FOX).click()
    await told(page, 'Sent. Looking for it on the network')
    await stranger.send(asset.address, paymentAddress, 400_000n)
    await page.locator('#amount', { hasText: '0.60' }).waitFor()
    assert.equal(await page.locator('#wallet-told').isVisible(), false)
    await page.reload()
    assert.equal(await page.locator('#wallet-told').isVisible(), false)
  })
})

test('a double click sends once; once sent, a press asks whether to pay again', async () => {
  const session = await merchant.createSession()
  let finish: (hash: string) => void = () => undefined
  const wallet = fox(({ answers }) =>
    answers.set('eth_sendTransaction', () => {
      return new Promise<string>(resolve => {
        finish = resolve
      })
    }),
  )
  await visit(session, [wallet], async page => {
    const button = page.locator(FOX)
    await button.dblclick()
    await waitUntil('the wallet is asked', () => orders(wallet).length > 0)
    await told(page, 'Continue in Test Fox.')
    await button.click({ force: true })
    assert.equal(await page.locator('#wallet-again-no').count(), 0)
    assert.equal(wallet.asked.filter(({ method }) => method === 'eth_requestAccounts').length, 1)
    await page.reload()
    await told(page, 'Test Fox was asked to pay. If you confirmed it there, the payment shows here by itself.')
    await button.click()
    await told(page, 'You may have paid already.')
    await page.locator('#wallet-again-no').click()
    assert.equal(await page.locator('#wallet-again-no').count(), 0)
    assert.equal(await focused(page), 'wallet-0')
    finish(`0x${'1'.repeat(64)}`)
    await button.click()
    assert.equal(orders(wallet).length, 1)
    wallet.answers.set('eth_sendTransaction', refuse(4001))
    await page.locator('#wallet-again-yes').click()
    await told(page, 'You declined in Test Fox')
    await button.click()
    await told(page, 'You may have paid already.')
    assert.equal(orders(wallet).length, 2)
  })
})

test('a wallet that fails while it sends may have sent: a press asks before it pays again', async () => {
  const session = await merchant.createSession()
  const wallet = fox(({ answers }) => answers.set('eth_sendTransaction', refuse(-32603)))
  await visit(session, [wallet], async page => {
    await page.locator(FOX).click()
    await told(page, 'Test Fox reported a problem. Look there whether the payment was sent before you pay again.')
    await page.locator(FOX).click()
    await told(page, 'You may have paid already.')
    assert.equal(orders(wallet).length, 1)
  })
})

test('a wallet that was closed without an answer is asked anew by a later press, and its late answer sends nothing', async () => {
  const session = await merchant.createSession()
  const answers: ((accounts: Hex[]) => void)[] = []
  const wallet = fox(each =>
    each.answers.set('eth_requestAccounts', () => new Promise<Hex[]>(resolve => answers.push(resolve))),
  )
  await visit(
    session,
    [wallet],
    async page => {
      await page.locator(FOX).click()
      await told(page, 'Continue in Test Fox. If it does not open by itself, open it.')
      await page.locator(FOX).click()
      await page.clock.fastForward(2_000)
      await page.locator(FOX).click()
      await waitUntil('both are asked', () => answers.length === 2)
      for (const answer of answers) answer([rich])
      await completed(session)
      await status(page, 'Payment complete')
    },
    { prepare: holdClock },
  )
  assert.equal(wallet.sent.length, 1)
})

test('while a wallet is asked to send, nobody is asked any more whether to pay again', async () => {
  const session = await merchant.createSession()
  const wallet = fox(({ answers }) => answers.set('eth_sendTransaction', () => `0x${'1'.repeat(64)}`))
  const accounts: ((accounts: Hex[]) => void)[] = []
  const never = () => new Promise<never>(() => undefined)
  await visit(
    session,
    [wallet],
    async page => {
      await page.locator(FOX).click()
      await told(page, 'sent')
      wallet.answers.set('eth_requestAccounts', () => new Promise<Hex[]>(resolve => accounts.push(resolve)))
      wallet.answers.set('eth_sendTransaction', never)
      await page.locator(FOX).click()
      await page.locator('#wallet-again-yes').click()
      await waitUntil('it is asked for its account', () => accounts.length === 1)
      await page.clock.fastForward(2_000)
      await page.locator(FOX).click()
      await page.locator('#wallet-again-yes').waitFor()
      for (const answer of accounts) answer([rich])
      await waitUntil('it is asked to send', () => orders(wallet).length === 2)
      await page.clock.runFor(1_000)
      await page.locator('#wallet-again-yes').waitFor({ state: 'detached' })
      await told(page, 'Continue in Test Fox.')
    },
    { prepare: holdClock },
  )
})

const EVIL = `<img src=x onerror="document.title='evil'"><script>document.title='evil'</script>`
const PICTURE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="tomato"/><script>document.title="evil"</script></svg>')}`

test('wallets are listed by their names; what they say of themselves is text, and only data: images are shown', async () => {
  const session = await merchant.createSession()
  const uuid = (digit: number) => `0000000${digit}-19fa-4704-a166-e52e178b59d2`
  const infos = [
    { uuid: uuid(1), name: 'Plain', rdns: 'a.plain', icon: PICTURE },
    { uuid: uuid(2), name: 'Without', rdns: 'a.without' },
    { uuid: uuid(3), name: EVIL, rdns: 'a.evil', icon: 'javascript:document.title="evil"' },
    { uuid: uuid(4), name: '   ', rdns: 'a.nameless', icon: 'http://127.0.0.1:9/icon.png' },
    { uuid: uuid(1), name: 'Plain again', rdns: 'a.thief', icon: PICTURE },
    { uuid: uuid(5), name: 'Broken', rdns: 'a.broken', icon: 'data:image/png;base64,AAAA' },
  ]
  const wallets = infos.map(info => createBrowserWallet(CHAIN_ID, rich, info))
  await visit(session, [...wallets, createBrowserWallet(CHAIN_ID, rich, null)], async page => {
    await page.waitForFunction(`document.querySelectorAll('.wallet-icon:not([hidden])').length === 1`)
    assert.deepEqual(await page.locator('.wallet-option').allTextContents(), [
      'Pay with Plain',
      'Pay with Without',
      `Pay with ${EVIL.slice(0, 40)}`,
      'Pay with your browser’s wallet',
      'Pay with Broken',
    ])
    const icons = await page
      .locator('.wallet-icon')
      .evaluateAll(images =>
        images.map(image => [image.getAttribute('src')?.slice(0, 15) ?? null, image.hasAttribute('hidden')]),
      )
    assert.deepEqual(icons, [
      ['data:image/svg+', false],
      [null, true],
      [null, true],
      [null, true],
      ['data:image/png;', true],
    ])
    assert.equal(await page.locator('.wallet-option svg:visible').count(), 4)
    assert.doesNotMatch(await page.title(), /evil/)
    await page.locator('.wallet-option').nth(1).click()
    await completed(session)
    await status(page, 'Payment complete')
  })
  assert.deepEqual(
    wallets.map(({ sent }) => sent.length),
    [0, 1, 0, 0, 0, 0],
  )
})

test('a wallet that is there as window.ethereum alone pays too, and one that announces itself later takes its place', async () => {
  const session = await merchant.createSession()
  const [injected, announced] = [createBrowserWallet(CHAIN_ID, rich, null), fox()]
  await visit(session, [injected], async page => {
    assert.deepEqual(await page.locator('.wallet-option').allTextContents(), ['Pay with your browser’s wallet'])
    await page.locator('#wallet-injected').click()
    await completed(session)
    await status(page, 'Payment complete')
  })
  assertHarmless(injected, session)
  assert.equal(injected.sent.length, 1)
  await visit(await merchant.createSession(), [injected, announced], async page => {
    assert.deepEqual(await page.locator('.wallet-option').allTextContents(), ['Pay with Test Fox'])
  })
})

test('without a wallet nothing is shown of it', async () => {
  const session = await merchant.createSession()
  await visit(session, [], async page => {
    await page.waitForLoadState('load')
    assert.equal(await page.locator('#wallet').isVisible(), false)
    assert.ok(await page.locator('#open-wallet').isVisible())
  })
})

/** How far the page's content has moved by itself since it was first seen: the sum of all layout shifts. */
const LAYOUT_SHIFT = `new Promise(resolve => {
  const observer = new PerformanceObserver(() => undefined)
  observer.observe({ type: 'layout-shift', buffered: true })
  requestAnimationFrame(() => requestAnimationFrame(() => {
    resolve(observer.takeRecords().reduce((sum, { value }) => sum + value, 0))
  }))
})`

const LATE_WALLET = `dispatchEvent(new CustomEvent('eip6963:announceProvider', {
  detail: { info: { uuid: '1', name: 'Late' }, provider: { request: () => Promise.resolve([]) } }
}))`

test('a wallet moves nothing when it is found, and one that is found late nothing that can be pressed', async () => {
  const session = await merchant.createSession()
  await visit(session, [fox()], async page => {
    await page.locator(FOX).waitFor()
    assert.equal(await page.evaluate(LAYOUT_SHIFT), 0)
    assert.equal(await page.locator('.wallet-late').count(), 0)
  })
  await visit(session, [], async page => {
    const buttons = page.locator('.pay-ways :is(button, a):visible')
    const places = () => buttons.evaluateAll(all => all.map(each => [each.id, each.getBoundingClientRect().top]))
    const before = await places()
    await page.evaluate(LATE_WALLET)
    await page.locator(FOX).waitFor()
    const after = new Map((await places()).map(([id, top]) => [id, top]))
    for (const [id, top] of before) assert.equal(after.get(id ?? ''), top, `${id} stays where it is`)
  })
})

test('all of it by keyboard', async () => {
  const session = await merchant.createSession()
  const wallet = fox(({ answers }) => answers.set('eth_sendTransaction', () => `0x${'0'.repeat(64)}`))
  await visit(session, [wallet], async page => {
    const press = async (id: string, key: string) => {
      await waitUntil(`${id} has the focus`, async () => {
        if ((await focused(page)) === id) return true
        await page.keyboard.press('Tab')
        return false
      })
      await page.keyboard.press(key)
    }
    await press('wallet-0', 'Enter')
    await told(page, 'Sent. Looking for it on the network')
    assert.equal(await focused(page), 'wallet-0')
    await press('wallet-0', 'Space')
    await told(page, 'You may have paid already.')
    assert.equal(await focused(page), 'wallet-told')
    await press('wallet-again-no', 'Enter')
    assert.equal(await focused(page), 'wallet-0')
    wallet.answers.clear()
    await press('wallet-0', 'Enter')
    await press('wallet-again-yes', 'Enter')
    await completed(session)
    await status(page, 'Payment complete')
  })
  assert.equal(wallet.sent.length, 1)
})

test('the focus stays on the wallet when the page is renewed', async () => {
  const session = await merchant.createSession()
  const { asset, paymentAddress } = wayToPay(session, 'USDC')
  await visit(session, [fox()], async page => {
    await page.locator(FOX).focus()
    await stranger.send(asset.address, paymentAddress, 400_000n)
    await page.locator('#amount', { hasText: '0.60' }).waitFor()
    assert.equal(await focused(page), 'wallet-0')
  })
})

const OTHER_ADDRESS = `0x${'ab'.repeat(20)}`

const OF_WALLET = `document.getElementById('wallet').dataset.transaction`
const OF_NETWORK = `document.getElementById('wallet').dataset.network`
const SWAP_TEXT = `document.getElementById('address').textContent = '${OTHER_ADDRESS}'`
const SWAP_ORDER = `${OF_WALLET} = ${OF_WALLET}.replace(/(0xa9059cbb0{24}).{40}/, '$1${OTHER_ADDRESS.slice(2)}')`

/** What a script in the page may swap. */
const SWAPS: Record<string, string> = {
  'the address in the text': SWAP_TEXT,
  'the address that goes to the wallet': SWAP_ORDER,
  'both addresses': `${SWAP_TEXT}; ${SWAP_ORDER}`,
  'the amount that goes to the wallet': `${OF_WALLET} = ${OF_WALLET}.replace(/..."}$/, 'fff"}')`,
  'the token': `${OF_WALLET} = ${OF_WALLET}.replace(/"to":"0x.{40}"/, '"to":"${OTHER_ADDRESS}"')`,
  'the chain': `document.getElementById('wallet').dataset.network = ${OF_NETWORK}.replace('0x13881', '0x13882')`,
  'the transfer, for an approval': `${OF_WALLET} = ${OF_WALLET}.replace('0xa9059cbb', '0x095ea7b3')`,
  'the transfer, for a payment in coin': `${OF_WALLET} = '{"to":"${OTHER_ADDRESS}","value":"0xf4240"}'`,
}

for (const [title, swap] of Object.entries(SWAPS)) {
  test(`C2.4: ${title}, swapped by a script, never goes out`, async () => {
    const session = await merchant.createSession()
    const wallet = fox()
    await visit(session, [wallet], async page => {
      await page.locator(FOX).waitFor()
      // Pressed at once: the page has no second to notice by itself.
      await page.evaluate(`${swap}; document.getElementById('wallet-0').click()`)
      await page.getByText('Something on this device changed the address. Do not pay.').waitFor()
      assert.equal(await page.locator('.pay').isVisible(), false)
      assert.deepEqual(wallet.asked, [])
    })
  })
}

test('a phone puts the wallets before the code, a desktop the code before them', async () => {
  const session = await merchant.createSession()
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
  const narrow = { viewport: { width: 390, height: 844 } }
  for (const [device, isCodeFirst] of [[phone, false] as const, [narrow, true] as const, [{}, true] as const]) {
    await visit(
      session,
      [fox()],
      async page => {
        const topOf = async (selector: string) => (await page.locator(selector).boundingBox())?.y ?? Number.NaN
        const [code, link, wallet] = [await topOf('.qr'), await topOf('#open-wallet'), await topOf(FOX)]
        assert.equal(code < link && code < wallet, isCodeFirst)
        assert.ok(wallet < link)
      },
      { browser: device },
    )
  }
})
