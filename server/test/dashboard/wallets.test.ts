// Wallets of the merchant: what is told of one before it is saved, its proof by a signature, and how long payments are waited for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { WatchedChain } from '../../src/chain/chainNode.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { createBrowserWallet, putWallets, WalletError } from '../e2e/browserWallet.ts'
import { checkScreen, openDashboard } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api, ctx } = dashboard
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const said = (text: string | RegExp) => page.getByText(text, { exact: true }).first().waitFor()

const [key, elsewhere] = [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())]
const wallet = createBrowserWallet(80001, elsewhere.address)
wallet.answers.set('personal_sign', ([message]) => key.signMessage({ message: { raw: message as Hex } }))
await putWallets(page, new Map(), [wallet])

// Of this chain every address is an account that has sent nothing.
const unused = { head: async () => ({}), code: async () => '0x', nonce: async () => 0n }
;(ctx.nodes as Map<number, WatchedChain>).set(80001, unused as unknown as WatchedChain)

type Saved = { address: string; provedAt: string | null }
const saved = async () => {
  const all = (await api.call('GET', '/organization/withdrawal-addresses')).answer as unknown as Saved[]
  return all.find(({ address }) => address === key.address.toLowerCase())
}

test('F177: a wallet that never sent anything is warned of before it is saved, and then proved by its signature', async () => {
  await dashboard.visit('/settings/addresses')
  await page
    .getByText(/Not proved by a signature/)
    .first()
    .waitFor()
  await button(/^Add/).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Treasury')
  const address = dialog.getByRole('textbox', { name: 'Address' })
  await address.fill(`0x${'00'.repeat(18)}dEaD`)
  await dialog.getByText(/is a token or a part of the network/).waitFor()
  await address.fill(key.address)
  await dialog.getByText('This wallet has never sent anything').waitFor()
  await dialog.getByText(/no deposit address of an exchange/).waitFor()
  await checkScreen(page, 'settings-addresses-add')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await said('Saved')

  await button('Prove that Treasury is yours').click()
  await page.getByText(/receives its payments in this wallet/).waitFor()
  await checkScreen(page, 'settings-addresses-prove')
  const sign = button('Sign with Test Fox')
  await sign.click()
  await page.getByText(/^This wallet does not show/).waitFor()
  wallet.accounts = [key.address]
  const answer = wallet.answers.get('personal_sign')
  wallet.answers.set('personal_sign', () => {
    throw new WalletError(4001)
  })
  await sign.click()
  await page.getByText(/^You declined it/).waitFor()
  await page.getByText('Sign elsewhere, and paste the signature').click()
  await page.getByLabel('Signature').fill(`0x${'11'.repeat(65)}`)
  await button('Check the signature').click()
  await page.getByText(/^This is not a signature by/).waitFor()
  assert.equal((await saved())?.provedAt, null)
  if (answer !== undefined) wallet.answers.set('personal_sign', answer)
  await sign.click()
  await said('Proved')
  assert.notEqual((await saved())?.provedAt, null)
  await checkScreen(page, 'settings-addresses-proved')
})

test('a merchant waits for more confirmations than the server; less is refused beside the field', async () => {
  await dashboard.visit('/settings/payments')
  const form = page.locator('form', { hasText: 'Payments on Test chain 80001 are final' })
  const save = form.getByRole('button', { name: 'Save' })
  const confirmations = async () => (await api.ok('GET', '/organization/payment-setting')).confirmations
  await form.getByText(/^The server waits for 3 confirmations/).waitFor()
  await form.getByLabel(/are final$/).selectOption({ label: 'After more confirmations' })
  const field = form.getByRole('textbox', { name: 'Confirmations' })
  await field.fill('2')
  await save.click()
  await form.getByText(/must be at least 3/).waitFor()
  await checkScreen(page, 'settings-payments-refused')
  assert.equal(await page.evaluate('document.activeElement.name'), 'wait-80001')
  await field.fill('12')
  await form.getByText(/^12 blocks/).waitFor()
  await save.click()
  await said('Saved')
  assert.deepEqual(await confirmations(), [{ chainId: 80001, wait: 12 }])
  await dashboard.visit('/settings/payments')
  assert.equal(await field.inputValue(), '12')
  await form.getByLabel(/are final$/).selectOption({ label: 'When the server says so' })
  await save.click()
  await said('Saved')
  assert.deepEqual(await confirmations(), [])
})
