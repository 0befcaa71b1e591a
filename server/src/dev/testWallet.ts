import { testUsdcAbi } from '@bitstream/contracts/testUsdc.ts'
import { encodeFunctionData } from 'viem'
import type { TestWallet } from '../context.ts'
import { type Asset, NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import type { LocalWallet } from './localWallet.ts'

type Payment = { asset: Asset; to: Hex; amountRaw: bigint }

/** The wallets of the test world: `payer` pays with coins that `faucet` gives it as needed, so that it is never empty. */
export function createTestWallet(
  payer: LocalWallet,
  faucet: LocalWallet,
  setBalance: (address: Hex, wei: bigint) => Promise<void>,
): TestWallet {
  const mint = (to: Hex, amountRaw: bigint) =>
    encodeFunctionData({ abi: testUsdcAbi, functionName: 'mint', args: [to, amountRaw] })
  const transfer = (to: Hex, amountRaw: bigint) =>
    encodeFunctionData({ abi: testUsdcAbi, functionName: 'transfer', args: [to, amountRaw] })
  const fill = async (wallet: LocalWallet, atLeast: bigint) =>
    await setBalance(wallet.address, atLeast + 1_000n * 10n ** 18n)
  const give = async ({ asset, to, amountRaw }: Payment) => {
    if (asset.address !== NATIVE) return await faucet.send({ to: asset.address, data: mint(to, amountRaw) })
    await fill(faucet, amountRaw)
    return await faucet.send({ to, value: amountRaw })
  }
  return {
    give,
    pay: async ({ asset, to, amountRaw }) => {
      await fill(payer, asset.address === NATIVE ? amountRaw : 0n)
      if (asset.address === NATIVE) return await payer.send({ to, value: amountRaw })
      await give({ asset, to: payer.address, amountRaw })
      return await payer.send({ to: asset.address, data: transfer(to, amountRaw) })
    },
  }
}
