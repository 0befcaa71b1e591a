import assert from 'node:assert/strict'
import { test } from 'node:test'
import { depositFactoryAbi } from '@bitstream/contracts/depositFactory.ts'
import fc from 'fast-check'
import { encodeFunctionData } from 'viem'
import type { Payout } from './depositAddress.ts'
import { bytesToHex, type Hex } from './hex.ts'
import { sweepCall } from './sweepCall.ts'
import { uuidToBigint } from './uuid.ts'

const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytesToHex)
const payout: fc.Arbitrary<Payout> = fc.record({
  chainId: fc.nat(),
  receiver: address,
  share: fc.integer({ min: 1, max: 10_000 }),
})

test('the call is what the ABI of the factory makes of it', () => {
  const scope = fc.record({
    factory: address,
    payouts: fc.array(payout, { minLength: 1, maxLength: 20 }),
    sessionIds: fc.array(fc.uuid(), { minLength: 1, maxLength: 50 }),
    tokens: fc.array(address, { maxLength: 4 }),
  })
  fc.assert(
    fc.property(scope, ({ factory, payouts, sessionIds, tokens }) => {
      const call = sweepCall({ chainId: 10, factory, payouts, sessionIds, tokens })
      const rows = payouts.map(row => ({ ...row, chainId: BigInt(row.chainId), share: BigInt(row.share) }))
      const ids = sessionIds.map(uuidToBigint)
      const [first] = ids as [bigint]
      const expected: Hex =
        ids.length === 1
          ? encodeFunctionData({ abi: depositFactoryAbi, functionName: 'sweep', args: [first, rows, tokens] })
          : encodeFunctionData({ abi: depositFactoryAbi, functionName: 'sweepBatch', args: [ids, rows, tokens] })
      assert.deepEqual(call, { chainId: 10, to: factory, data: expected, value: '0' })
    }),
  )
})
