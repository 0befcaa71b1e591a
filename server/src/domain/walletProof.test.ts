import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { encodeFunctionData, hashMessage, parseAbi } from 'viem'
import type { Hex } from './hex.ts'
import { isSigned, personalHash, proofMessage, signatureCall } from './walletProof.ts'

const bytes = (length: { minLength: number; maxLength: number }) =>
  fc.uint8Array(length).map(list => `0x${Buffer.from(list).toString('hex')}` as Hex)

it('hashes a message as wallets do (EIP-191), and asks a contract as EIP-1271 says', () => {
  const abi = parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)'])
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => assert.equal(personalHash(text), hashMessage(text))))
  fc.assert(
    fc.property(bytes({ minLength: 32, maxLength: 32 }), bytes({ minLength: 1, maxLength: 200 }), (hash, signature) => {
      const args = [hash, signature] as const
      assert.equal(signatureCall(hash, signature), encodeFunctionData({ abi, functionName: 'isValidSignature', args }))
    }),
  )
})

it('takes the one answer that agrees for yes, whole', () => {
  assert.equal(isSigned(`0x1626ba7e${'0'.repeat(56)}`), true)
  for (const answer of [
    null,
    '0x',
    '0x1626ba7e',
    `0xffffffff${'0'.repeat(56)}`,
    `0x1626ba7e${'0'.repeat(55)}1`,
  ] as const) {
    assert.equal(isSigned(answer), false)
  }
})

it('names whose wallet it is on lines that no name can add to', () => {
  const message = proofMessage({
    // Some systems break a line at U+0085, too.
    organization: 'Ada\n\u0085Wallet: 0x00',
    address: '0x52908400098527886e0f7030069857d2e4169ee7',
    network: 'Base\r\n1',
    chainId: 8453,
    server: 'https://pay.example',
    code: '0a',
    askedAt: new Date('2026-02-22T12:46:11.000Z'),
  })
  const lines = message.split('\n')
  assert.equal(lines[0], 'Ada Wallet: 0x00 receives its payments in this wallet.')
  assert.deepEqual(
    lines.filter(line => line.startsWith('Wallet: ')),
    ['Wallet: 0x52908400098527886E0F7030069857D2E4169EE7'],
  )
  assert.ok(lines.includes('Network: Base 1 (chain 8453)'))
})
