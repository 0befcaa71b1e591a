// What a wallet is asked to send, against an implementation that is not ours.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeFunctionData, erc20Abi } from 'viem'
import { NATIVE } from './asset.ts'
import type { Hex } from './hex.ts'
import { transferCall } from './transferCall.ts'

const UINT256_MAX = 2n ** 256n - 1n
const address = fc.stringMatching(/^[0-9a-f]{40}$/).map((digits): Hex => `0x${digits}`)
const amount = fc.bigInt({ min: 1n, max: UINT256_MAX })

test('a token is moved by the call that viem encodes', () => {
  fc.assert(
    fc.property(
      address.filter(token => token !== NATIVE),
      address,
      amount,
      (token, to, amountRaw) => {
        assert.deepEqual(transferCall({ address: token }, to, amountRaw), {
          to: token,
          data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amountRaw] }),
          value: 0n,
        })
      },
    ),
  )
})

test('the native coin is moved by its value alone', () => {
  fc.assert(
    fc.property(address, amount, (to, amountRaw) => {
      assert.deepEqual(transferCall({ address: NATIVE }, to, amountRaw), { to, data: '0x', value: amountRaw })
    }),
  )
})
