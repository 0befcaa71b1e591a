// Balances: where the money is, whether that is true, and moving it to the merchant's wallet.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WatchedChain } from '../../src/chain/chainNode.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { createBrowserWallet, putWallets, WalletError } from '../e2e/browserWallet.ts'
import { newSession } from '../harness/sessionFixtures.ts'
import { checkScreen, openDashboard } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api, ctx, pay } = dashboard
const button = (name: string) => page.getByRole('button', { name, exact: true })

const HASH: Hex = `0x${'ab'.repeat(32)}`
const wallet = createBrowserWallet(1, `0x${'11'.repeat(20)}`)
wallet.known.add(80001)
await putWallets(page, new Map(), [wallet])

/** Lets the chain say that so much lies at every address, with null that it does not answer. */
function letChainSay(balanceRaw: bigint | null): void {
  const node = {
    header: async () => ({}),
    balances: async (wanted: readonly object[]) => (balanceRaw === null ? null : wanted.map(() => balanceRaw)),
  } as unknown as WatchedChain
  ;(ctx.nodes as Map<number, WatchedChain>).set(80001, node)
}

test('money is shown where it is, held against the chain, and swept by the own wallet where the server has no gas', async () => {
  await dashboard.visit('/balances')
  await page.getByText('No money yet').waitFor()
  await checkScreen(page, 'balances-empty')
  await pay((await newSession(api)).id)
  // The page is told by itself.
  await page.getByRole('cell', { name: '100.00 USDC' }).first().waitFor()
  await page.getByText('the server has no gas account here').waitFor()
  await checkScreen(page, 'balances')

  letChainSay(100_000_000n)
  await button('Compare with the network').click()
  await page.getByText(/^Exact at block/).waitFor()
  await checkScreen(page, 'balances-exact')
  letChainSay(99_999_999n)
  await button('Compare with the network').click()
  await page.getByText(/^1 balance differs at block/).waitFor()
  await page.getByText('the network 99.999999 USDC').waitFor()
  await checkScreen(page, 'balances-differ')
  letChainSay(null)
  await button('Compare with the network').click()
  await page.getByText('This could not be compared').waitFor()

  await button('Sweep now').click()
  const asked = page.getByRole('dialog')
  await asked.getByText('100.00 USDC goes to your withdrawal addresses').waitFor()
  await asked.getByText('nothing moves before you say so there').waitFor()
  await asked.getByRole('button', { name: 'Sweep now' }).click()
  await page.getByRole('dialog', { name: 'Send this with your wallet' }).waitFor()
  const dialog = page.getByRole('dialog')
  const [sweep] = (await api.ok('GET', '/sweeps')).data as { call: { to: string; data: string } }[]
  await dialog.getByText('The call, for any other wallet').click()
  await dialog.getByText(String(sweep?.call.data)).waitFor()
  await checkScreen(page, 'sweep')

  wallet.answers.set('eth_sendTransaction', () => {
    throw new WalletError(4001)
  })
  await dialog.getByRole('button', { name: 'Send with Test Fox' }).click()
  await dialog.getByText('You declined it in the wallet').waitFor()
  wallet.answers.set('eth_sendTransaction', () => HASH)
  await dialog.getByRole('button', { name: 'Send with Test Fox' }).click()
  await dialog.getByText('Your wallet has sent it').waitFor()
  const { params = [] } = wallet.asked.findLast(({ method }) => method === 'eth_sendTransaction') ?? {}
  const { to, data } = sweep?.call ?? {}
  assert.deepEqual(params, [{ from: wallet.accounts[0], to, data, value: '0x0' }])
  assert.equal(wallet.chainId, 80001)
  await checkScreen(page, 'sweep-sent')
  await button('Close').first().click()
  await page.getByRole('table', { name: 'Sweeps' }).getByText('100.00 USDC').waitFor()
  assert.equal(((await api.ok('GET', '/balances')).data as { onDeposits: string }[])[0]?.onDeposits, '100000000')
})
