// Wallets of merchants: proved by a signature, and screened on a real chain before they are saved.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { deterministicDeployerAddress } from '@bitstream/contracts/deterministicDeployer.ts'
import { testAccountAbi, testAccountAddress, testAccountBytecode } from '@bitstream/contracts/testAccount.ts'
import { testSanctionsAbi, testSanctionsAddress, testSanctionsBytecode } from '@bitstream/contracts/testSanctions.ts'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { encodeFunctionData } from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { type ChainWallet, openChainWallet } from '../../test/harness/chainWallet.ts'
import { createSession, type TestClock, testChainConfig, testClock } from '../../test/harness/fixtures.ts'
import { openMember } from '../../test/harness/memberVisitor.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { checksumAddress } from '../domain/address.ts'
import type { Hex } from '../domain/hex.ts'

const PATH = '/api/v1/organization/withdrawal-addresses'
const CHECKS = '/api/account/wallet-checks'
const MINUTE = 60_000
const SILENT = 80002

const clock: TestClock = testClock()
let chain: TestChain
let wallet: ChainWallet
let t: TestContext
before(async () => {
  chain = await startTestChain()
  wallet = await openChainWallet(chain.rpcUrl)
  for (const code of [testAccountBytecode, testSanctionsBytecode]) {
    await wallet.send({ to: deterministicDeployerAddress, data: `0x${'00'.repeat(32)}${code.slice(2)}` })
  }
  const served = testChainConfig({ rpcUrl: chain.rpcUrl, tokens: { usdc: testUsdcAddress } })
  t = await createTestContext({
    clock,
    chains: [{ ...served, sanctionsOracle: testSanctionsAddress }, testChainConfig({ chainId: SILENT })],
  })
})
after(async () => {
  await t.close()
  await chain.stop()
})

type Saved = { id: string; address: Hex; provedAt: string | null }
type Challenge = { message: string; expiresAt: string }

/** A merchant without wallets, and its owner. */
async function newMerchant() {
  const api = await openApiCaller(t.ctx)
  const { organizationId } = api.caller
  await t.ctx.db.owner.query('delete from withdrawal_addresses where organization_id = $1', [organizationId])
  const owner = await openMember(t.ctx, organizationId, 'owner')
  const save = (address: Hex, name = 'Cold') => owner.ok<Saved>('POST', PATH, { name, address, chainId: 80001 })
  const ofAddress = (id: string, what: string) => `/api/account/withdrawal-addresses/${id}/${what}`
  const challenge = async (id: string) => (await owner.ok<Challenge>('POST', ofAddress(id, 'challenge'))).message
  const prove = (id: string, signature: Hex) => owner.fetch<Saved>('POST', ofAddress(id, 'proof'), { signature })
  const read = async (id: string) => await owner.ok<Saved>('GET', `${PATH}/${id}`)
  return { api, organizationId, owner, save, challenge, prove, read, ofAddress }
}

const newKey = (): PrivateKeyAccount => privateKeyToAccount(generatePrivateKey())
const addressOf = ({ address }: PrivateKeyAccount) => address.toLowerCase() as Hex

test('F177: a wallet is proved by its signature of what the server asked for, once, and the log says so', async () => {
  const { owner, save, challenge, prove, read } = await newMerchant()
  const key = newKey()
  const { id, provedAt } = await save(addressOf(key))
  assert.equal(provedAt, null)
  const message = await challenge(id)
  for (const part of [checksumAddress(addressOf(key)), 'chain 80001', t.ctx.config.publicUrl ?? '', 'Code: ']) {
    assert.ok(message.includes(part), message)
  }
  const signature = await key.signMessage({ message })

  const stranger = newKey()
  for (const wrong of [
    await stranger.signMessage({ message }),
    await key.signMessage({ message: `${message} ` }),
    '0x00',
    `0x${'00'.repeat(65)}`,
  ] as const) {
    const { status, code } = await prove(id, wrong)
    assert.deepEqual([status, code], [400, 'signature_invalid'], wrong)
  }
  assert.equal((await read(id)).provedAt, null)

  clock.advance(1_000)
  const { status, body } = await prove(id, signature)
  assert.deepEqual([status, body.provedAt], [200, clock.now().toISOString()])
  assert.deepEqual(await read(id), body)
  assert.equal((await prove(id, signature)).code, 'signature_invalid')
  const { data } = await owner.ok<{ data: { action: string; objectId: string; detail: Record<string, unknown> }[] }>(
    'GET',
    '/api/account/audit?limit=1',
  )
  assert.deepEqual([data[0]?.action, data[0]?.objectId], ['withdrawal_address.proved', id])
  assert.deepEqual([data[0]?.detail.message, data[0]?.detail.signature], [message, signature])
})

test('F177: a signature for another wallet, of another organization, an older question or a later time proves nothing', async () => {
  const { owner, save, challenge, prove, read, ofAddress } = await newMerchant()
  const other = await newMerchant()
  const [key, second] = [newKey(), newKey()]
  const { id } = await save(addressOf(key))
  const { id: secondId } = await save(addressOf(second), 'Hot')
  const theirs = await other.save(addressOf(key))

  const signed = async (of: Promise<string>) => await key.signMessage({ message: await of })
  const first = await signed(challenge(id))
  const forOther = await signed(other.challenge(theirs.id))
  await challenge(secondId)
  assert.equal((await prove(secondId, first)).code, 'signature_invalid')
  assert.equal((await prove(id, forOther)).code, 'signature_invalid')
  const absent = await other.owner.fetch('POST', ofAddress('00000000-0000-7000-8000-000000000000', 'challenge'))
  for (const what of ['challenge', 'proof']) {
    const body = what === 'proof' ? { signature: first } : undefined
    const foreign = await other.owner.fetch('POST', ofAddress(id, what), body)
    assert.deepEqual([foreign.status, foreign.code], [absent.status, absent.code])
    assert.equal(await other.owner.refused('POST', ofAddress('none', what), body), '404 resource_missing')
  }

  // What was asked last alone counts, and for a quarter of an hour.
  const next = await signed(challenge(id))
  assert.equal((await prove(id, first)).code, 'signature_invalid')
  clock.advance(15 * MINUTE)
  await owner.enter()
  assert.equal((await prove(id, next)).code, 'signature_invalid')
  assert.equal((await prove(id, await signed(challenge(id)))).status, 200)
  assert.notEqual((await read(id)).provedAt, null)
  const admin = await openMember(t.ctx, owner.state?.signIn?.organization.id ?? '', 'admin')
  assert.equal(await admin.refused('POST', ofAddress(id, 'challenge')), '403 insufficient_permissions')
})

test('F177: whatever changes about a wallet is to be proved anew; being the default is no change of it', async () => {
  const { owner, save, challenge, prove, read } = await newMerchant()
  const [key, next] = [newKey(), newKey()]
  const { id } = await save(addressOf(key))
  const { id: otherId } = await save(addressOf(next), 'Hot')
  const proveNow = async (by = key) =>
    assert.equal((await prove(id, await by.signMessage({ message: await challenge(id) }))).status, 200)
  await proveNow()
  await owner.ok('POST', `${PATH}/${otherId}/mark-as-default`)
  await owner.ok('POST', `${PATH}/${id}/mark-as-default`)
  assert.notEqual((await read(id)).provedAt, null)
  const renamed = await owner.ok<Saved>('PUT', `${PATH}/${id}`, { name: 'Colder' })
  assert.equal(renamed.provedAt, null)
  await proveNow()
  const asked = await challenge(id)
  const moved = newKey()
  const changed = await owner.ok<Saved>('PUT', `${PATH}/${id}`, { address: addressOf(moved) })
  assert.equal(changed.provedAt, null)
  for (const signer of [key, moved]) {
    assert.equal((await prove(id, await signer.signMessage({ message: asked }))).code, 'signature_invalid')
  }
  assert.equal((await read(id)).provedAt, null)
  await proveNow(moved)
})

test('F177: a wallet that is a contract says itself who signs for it (EIP-1271)', async () => {
  const { save, challenge, prove, read } = await newMerchant()
  const [key, stranger] = [newKey(), newKey()]
  const data = encodeFunctionData({ abi: testAccountAbi, functionName: 'setOwner', args: [key.address] })
  await wallet.send({ to: testAccountAddress, data })
  const { id } = await save(testAccountAddress)
  const message = await challenge(id)
  assert.equal((await prove(id, await stranger.signMessage({ message }))).code, 'signature_invalid')
  assert.equal((await prove(id, '0x1234')).code, 'signature_invalid')
  assert.equal((await prove(id, await key.signMessage({ message }))).status, 200)
  assert.notEqual((await read(id)).provedAt, null)
})

test('F177: a wallet that is a contract gets little gas to answer, so that none keeps the nodes from others', async () => {
  const { owner, save, challenge, prove } = await newMerchant()
  const [frugal, endless] = [addressOf(newKey()), addressOf(newKey())]
  const { id } = await save(frugal)
  // Signs whatever it is asked with less than 6,000,000 gas.
  await wallet.call('anvil_setCode', frugal, '0x63005b8d805a10631626ba7e60e01b025f5260205ff3')
  await challenge(id)
  assert.equal((await prove(id, '0x12')).status, 200)
  // Computes for ever.
  await wallet.call('anvil_setCode', endless, '0x5b5f56')
  await owner.ok('POST', CHECKS, { address: endless, chainId: 80001 })
  const { id: endlessId } = await save(endless, 'Endless')
  await challenge(endlessId)
  assert.equal((await prove(endlessId, '0x12')).code, 'signature_invalid')
  assert.deepEqual(
    t.ctx.nodes
      .get(80001)
      ?.providers()
      .map(({ problem }) => problem),
    [null],
  )
})

test('F177: who looks at wallets again and again waits, so that the nodes are there for payments', async () => {
  const { owner, save, challenge, prove } = await newMerchant()
  const other = await newMerchant()
  const look = (who = owner) => who.fetch('POST', CHECKS, { address: wallet.accounts[0], chainId: SILENT })
  const { id } = await save(addressOf(newKey()))
  await challenge(id)
  const codes = new Set<string | null>()
  for (let nth = 0; nth < 40; nth++) codes.add((await look()).code)
  assert.deepEqual([...codes], [null, 'rate_limited'])
  assert.equal((await prove(id, '0x12')).code, 'rate_limited')
  assert.equal((await look(other.owner)).status, 200)
  clock.advance(10_000)
  assert.equal((await look()).status, 200)
})

test('F177: what the chain’s oracle names as sanctioned is refused; where it does not answer, who asks is warned', async () => {
  const { owner, organizationId } = await newMerchant()
  const [named, fine] = [addressOf(newKey()), wallet.accounts[0]]
  const data = encodeFunctionData({ abi: testSanctionsAbi, functionName: 'tell', args: [named, true] })
  await wallet.send({ to: testSanctionsAddress, data })
  const body = (address: Hex, chainId = 80001) => ({ name: 'Cold', address, chainId })
  const check = (address: Hex, chainId = 80001) =>
    owner.fetch<{ warnings: string[] }>('POST', CHECKS, { address, chainId })
  const { status, code, body: answer } = await check(named)
  assert.deepEqual([status, code], [400, 'address_forbidden'])
  assert.match(JSON.stringify(answer), /sanctioned/)
  assert.equal(await owner.refused('POST', PATH, body(named)), '400 address_forbidden')
  const kept = await owner.ok<Saved>('POST', PATH, body(fine))
  assert.equal(await owner.refused('PUT', `${PATH}/${kept.id}`, { address: named }), '400 address_forbidden')
  assert.deepEqual((await check(fine)).body.warnings, [])

  // An oracle that is none answers nothing that can be read.
  const served = t.ctx.chains.get(80001)
  assert.ok(served)
  const chains = new Map([[80001, { ...served, sanctionsOracle: fine }]])
  const { ctx } = t
  const elsewhere = await openMember({ ...ctx, chains }, organizationId, 'owner')
  const unknown = await elsewhere.ok<{ warnings: string[] }>('POST', CHECKS, { address: named, chainId: 80001 })
  assert.deepEqual(unknown.warnings, ['never_used', 'sanctions_unknown'])
  await elsewhere.ok('POST', PATH, body(named))
})

test('F177: who looks before saving learns what is wrong: never used, a token, a deposit address, a chain that is silent', async () => {
  const { owner, organizationId } = await newMerchant()
  const check = (address: string, chainId = 80001) =>
    owner.fetch<{ warnings: string[] }>('POST', CHECKS, { address, chainId })
  assert.deepEqual((await check(addressOf(newKey()))).body.warnings, ['never_used'])
  assert.deepEqual((await check(wallet.accounts[1], SILENT)).body.warnings, ['chain_silent'])
  const other = await openApiCaller(t.ctx)
  const { deposit } = await createSession(t.ctx, other.caller)
  // A token that is not among those that are served.
  const { ctx } = t
  const served = ctx.chains.get(80001)
  assert.ok(served)
  const chains = new Map([
    [80001, { ...served, assets: served.assets.filter(({ address }) => address !== testUsdcAddress) }],
  ])
  const withoutToken = await openMember({ ...ctx, chains }, organizationId, 'owner')
  const asked = { address: testUsdcAddress, chainId: 80001 }
  const token = await withoutToken.fetch<{ message: string }>('POST', CHECKS, asked)
  assert.deepEqual([token.code, /token’s contract/.test(JSON.stringify(token.body))], ['address_forbidden', true])
  for (const [address, code] of [
    [deposit.address, 'address_forbidden'],
    [`0x${'00'.repeat(20)}`, 'address_forbidden'],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', 'address_checksum'],
  ] as const) {
    assert.equal((await check(address)).code, code)
  }
  assert.equal((await check(addressOf(newKey()), 1)).code, 'network_unsupported')
  const viewer = await openMember(t.ctx, organizationId, 'viewer')
  const body = { address: `0x${randomBytes(20).toString('hex')}`, chainId: 80001 }
  assert.equal(await viewer.refused('POST', CHECKS, body), '403 insufficient_permissions')
})
