// What the wallet's script is given: a transaction that pays what the page shows, and the facts of its network; and that the link
// to a wallet app asks for the same.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeFunctionData, erc20Abi } from 'viem'
import {
  SAMPLE_ADDRESS,
  SAMPLE_FRAME,
  SAMPLE_STATES,
  SAMPLE_WALLETS,
  sampleAddress,
  sampleAsset,
  samplePaymentPage,
} from '../../../test/harness/samplePaymentPage.ts'
import { NATIVE } from '../../domain/asset.ts'
import type { Hex } from '../../domain/hex.ts'
import { renderPaymentPage } from './paymentPage.ts'
import type { PaymentPage } from './paymentPageView.ts'

type WalletLink = {
  scheme: string
  target_address: string
  chain_id: string
  function_name?: string
  parameters: { address?: string; uint256?: string; value?: string }
}

const { parse: parseLink } = createRequire(import.meta.url)('eth-url-parser') as { parse: (link: string) => WalletLink }

const OPTIONS = {
  script: { path: '/assets/checkout-1.js', integrity: 'sha256-AAAA' },
  ...SAMPLE_WALLETS,
  selectedAddressId: null,
  apiPath: '/api',
  testWalletPath: null,
}

function render(view: PaymentPage): string {
  return renderPaymentPage(SAMPLE_FRAME, view, OPTIONS)
}

function attribute(page: string, name: string): string | null {
  const text = new RegExp(` ${name}="([^"]*)"`).exec(page)?.[1]
  return text?.replaceAll('&quot;', '"').replaceAll('&amp;', '&') ?? null
}

/** A page that asks for `due` base units of which `received` have come, of a token or the coin. */
function pageOf(token: Hex, due: bigint, received: bigint): string {
  const asset = sampleAsset({ address: token, decimals: 18 })
  const uri =
    token === NATIVE
      ? `ethereum:${SAMPLE_ADDRESS}@80001?value=${due}`
      : `ethereum:${token}@80001/transfer?address=${SAMPLE_ADDRESS}&uint256=${due}`
  const address = sampleAddress({ asset, amountRaw: `${due}`, amountReceivedRaw: `${received}`, uri })
  return render(samplePaymentPage({ status: received > 0n ? 'incomplete' : 'open', addresses: [address] }))
}

const token = fc.oneof(
  fc.constant(NATIVE),
  fc.stringMatching(/^[1-9a-f][0-9a-f]{39}$/).map((digits): Hex => `0x${digits}`),
)
const due = fc.bigInt({ min: 2n, max: 10n ** 30n })

test('C2.8: the wallet and the link to one are asked for the rest of what is due, to the base unit and in viem’s encoding', () => {
  fc.assert(
    fc.property(token, due, fc.bigInt({ min: 0n, max: 10n ** 30n }), (contract, amount, part) => {
      const received = part % amount
      const rest = amount - received
      const page = pageOf(contract, amount, received)
      const args = [SAMPLE_ADDRESS, rest] as const
      assert.deepEqual(
        JSON.parse(attribute(page, 'data-transaction') ?? ''),
        contract === NATIVE
          ? { to: SAMPLE_ADDRESS, value: `0x${rest.toString(16)}` }
          : { to: contract, data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args }) },
      )
      const link = parseLink(attribute(page, 'id="open-wallet" href') ?? '')
      assert.equal(link.chain_id, '80001')
      assert.equal(link.target_address, contract === NATIVE ? SAMPLE_ADDRESS : contract)
      assert.equal(link.function_name, contract === NATIVE ? undefined : 'transfer')
      assert.equal(link.parameters.address, contract === NATIVE ? undefined : SAMPLE_ADDRESS)
      assert.equal(exact(link.parameters.value ?? link.parameters.uint256 ?? ''), rest)
    }),
  )
})

/** The parser writes amounts as JavaScript writes large numbers. */
function exact(text: string): bigint {
  const [, whole = '', fraction = '', power = '0'] = /^(\d+)(?:\.(\d+))?(?:e\+(\d+))?$/.exec(text) ?? []
  return BigInt(whole + fraction.padEnd(Number(power), '0'))
}

test('the script is loaded where something can be paid, and the wallets have their place beside the address alone', () => {
  for (const [name, view] of Object.entries(SAMPLE_STATES)) {
    const page = render(view)
    const isOver = ['complete', 'completeForNothing', 'timeUp', 'timeUpInPart', 'expired', 'expiredEarly'].includes(
      name,
    )
    // Before the page is first painted: a wallet that is found moves nothing then.
    const tag = '<script type="module" src="/assets/wallet-1.js" integrity="sha256-BBBB" blocking="render"></script>'
    assert.equal(page.includes(tag), !isOver, name)
    assert.equal(page.includes('wallet-1.js'), !isOver, name)
    assert.equal(page.includes('id="wallet"'), page.includes('id="address"'), name)
  }
})

test('the place is hidden, and tells of the network and nothing of the server’s own', () => {
  const page = render(SAMPLE_STATES.open)
  assert.match(page, /<section class="wallet" id="wallet"[^>]* hidden>/)
  assert.deepEqual(JSON.parse(attribute(page, 'data-network') ?? ''), SAMPLE_WALLETS.networks.get(80001))
  assert.equal(JSON.parse(attribute(page, 'data-names') ?? '')['1'], 'Ethereum')
  assert.equal(attribute(page, 'data-seen'), '0')
  assert.equal(attribute(render(SAMPLE_STATES.paidInPart), 'data-seen'), '1')
})

test('a chain that the server has left, or that no such wallet knows, has no place for wallets', () => {
  const asset = sampleAsset({ chainId: 5 })
  assert.doesNotMatch(render(samplePaymentPage({ addresses: [sampleAddress({ asset })] })), /id="wallet"/)
  const bitcoin = sampleAsset({ chain: { ...sampleAsset().chain, type: 'bitcoin' } })
  assert.doesNotMatch(render(samplePaymentPage({ addresses: [sampleAddress({ asset: bitcoin })] })), /id="wallet"/)
})
