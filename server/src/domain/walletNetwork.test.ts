// What wallets are told of networks: enough to add one, and nothing that is the operator's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { walletNetworks } from './walletNetwork.ts'

const SECRET = 'https://user:secret@node.example/v1/key'

test('a network is told of with its public nodes, never with those that the server reads', () => {
  const config = testChainConfig({ rpcUrl: SECRET })
  const { networks } = walletNetworks([{ ...config, publicRpcUrls: ['https://public.example/'] }])
  assert.deepEqual(networks.get(80001), {
    chainId: '0x13881',
    chainName: 'Test chain 80001',
    nativeCurrency: { name: 'Test ETH', symbol: 'ETH', decimals: 18 },
    rpcUrls: ['https://public.example/'],
  })
  assert.doesNotMatch(JSON.stringify([...networks]), /secret|key/)
})

test('the explorer is named where its links have the path that wallets add', () => {
  const config = testChainConfig()
  const explorerOf = (blockExplorerTransactionUrl: string) =>
    walletNetworks([{ ...config, chain: { ...config.chain, blockExplorerTransactionUrl } }]).networks.get(80001)
      ?.blockExplorerUrls
  assert.deepEqual(explorerOf('https://basescan.org/tx/'), ['https://basescan.org/'])
  assert.equal(explorerOf('http://basescan.org/tx/'), undefined)
  assert.equal(explorerOf('https://scan.example/transactions/'), undefined)
})

test('a chain without its coin among the assets is told of by its currency; names are the operator’s where there are any', () => {
  const config = testChainConfig({ chainId: 137 })
  const tokens = { ...config, assets: config.assets.slice(0, 1) }
  const { networks, names } = walletNetworks([tokens])
  assert.deepEqual(networks.get(137)?.nativeCurrency, { name: 'ETH', symbol: 'ETH', decimals: 18 })
  assert.equal(names[137], 'Test chain 137')
  assert.equal(names[1], 'Ethereum')
})
