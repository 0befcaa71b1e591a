import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerHash } from './headerHash.ts'
import { arePlain, receiptsRoot } from './receiptsRoot.ts'

const EMPTY_BLOOM = `0x${'00'.repeat(256)}`
const ZERO = `0x${'00'.repeat(32)}`
const NO_UNCLES = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
const NO_ENTRIES = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'

/** The first block of Ethereum. */
const GENESIS = {
  parentHash: ZERO,
  sha3Uncles: NO_UNCLES,
  miner: `0x${'00'.repeat(20)}`,
  stateRoot: '0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544',
  transactionsRoot: NO_ENTRIES,
  receiptsRoot: NO_ENTRIES,
  logsBloom: EMPTY_BLOOM,
  difficulty: '0x400000000',
  number: '0x0',
  gasLimit: '0x1388',
  gasUsed: '0x0',
  timestamp: '0x0',
  extraData: '0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa',
  mixHash: ZERO,
  nonce: '0x0000000000000042',
}

/** A block since Cancun from the tests of ethereum/execution-apis, with its receipts of types 2, 1 and 0. */
const CANCUN = {
  ...GENESIS,
  parentHash: '0x1963d4b2e19fb79daf720655b4af341c04a43b36da95f71f5e0943351c8728a3',
  stateRoot: '0x5ecd3199a7bbfd931736b92d5447d80610c6eaff932819eb3e2379d1d931f972',
  transactionsRoot: '0x629794cb0634ec45415a05e987695425dab3c44f90243ff3ecd5b58184534828',
  receiptsRoot: '0x4b7fefa97a453e0ee0cea1d51ca4ab3729f3a2a6a8388a5a3b13765eec3720b7',
  difficulty: '0x0',
  number: '0x14',
  gasLimit: '0x23f3e20',
  gasUsed: '0xf618',
  timestamp: '0xc8',
  extraData: '0x',
  nonce: '0x0000000000000000',
  baseFeePerGas: '0x44103f2',
  withdrawalsRoot: '0xaf7e8178225d047b7373d37459e9cb4060b8875bd0286059d211df82ec5d84ee',
  blobGasUsed: '0x0',
  excessBlobGas: '0x0',
  parentBeaconBlockRoot: '0x3cc9f65fc1f46927eb46fbf6d14bc94af078fe8ff982a984bdd117152cd1549f',
}
const receipt = (type: string, cumulativeGasUsed: string) => {
  return { type, status: '0x1', cumulativeGasUsed, logsBloom: EMPTY_BLOOM, logs: [] as object[] }
}
const RECEIPTS = [receipt('0x2', '0x5208'), receipt('0x1', '0xa410'), receipt('0x0', '0xf618')]

test('the hashes of published headers, with the fields of their forks', () => {
  assert.equal(headerHash(GENESIS), '0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3')
  const cancun = '0x8f64c4436f7213cfdf02cfb9f45d012f1774dfb329b8803de5e7479b11586902'
  assert.equal(headerHash(CANCUN), cancun)
  assert.equal(
    headerHash({ ...CANCUN, requestsHash: null, size: '0x1', miner: GENESIS.miner.toUpperCase().replace('X', 'x') }),
    cancun,
  )
  for (const field of Object.keys(CANCUN)) assert.notEqual(headerHash({ ...CANCUN, [field]: '0x12' }), cancun, field)
  for (const value of [null, undefined, 20, '20', 'x', '0x1'])
    assert.equal(headerHash({ ...CANCUN, extraData: value }), null)
})

test('the roots of published receipts, of all types', () => {
  assert.equal(receiptsRoot(RECEIPTS), CANCUN.receiptsRoot)
  assert.equal(receiptsRoot([]), NO_ENTRIES)
  // From the tests of OpenEthereum and Reth.
  const [log] = [{ address: `0x${'00'.repeat(20)}`, topics: [], data: '0x' }]
  const logged = { ...receipt('0x1', '0x18eb4'), logs: [log], logsBloom: `${EMPTY_BLOOM.slice(0, -1)}1` }
  assert.equal(receiptsRoot([logged]), '0xfe70ae4a136d98944951b2123859698d59ad251a381abc9960fa81cae3d0d4a0')
})

test('every part of a receipt that money depends on is in the root', () => {
  const log = { address: `0x${'ab'.repeat(20)}`, topics: [ZERO], data: `0x${'01'.repeat(32)}` }
  const of = (change: object) => receiptsRoot([{ ...receipt('0x2', '0x1'), logs: [{ ...log, ...change }] }])
  const root = of({})
  assert.equal(of({ address: `0x${'AB'.repeat(20)}`, logIndex: '0x7' }), root)
  const changes = [{ address: `0x${'ac'.repeat(20)}` }, { topics: [] }, { topics: [ZERO, ZERO] }, { data: '0x' }]
  for (const change of changes) assert.notEqual(of(change), root)
  for (const change of [{ topics: null }, { data: '0x1' }, { address: null }, { topics: [7] }])
    assert.equal(of(change), null)
  const [first = receipt('', '')] = RECEIPTS
  const roots = ['0x0', '0x1', '0x2', '0x3', '0x4', '0x7f'].map(type => receiptsRoot([{ ...first, type }]))
  assert.equal(new Set(roots).size, roots.length)
  assert.notEqual(receiptsRoot([{ ...first, status: '0x0' }]), receiptsRoot([first]))
  assert.equal(receiptsRoot([{ ...first, logs: null }]), null)
  assert.equal(receiptsRoot([{ ...first, type: '0x100' }]), null)
})

test('a deposit of the OP Stack commits to its nonce since it has a version', () => {
  const deposit = { ...receipt('0x7e', '0xb729'), depositNonce: '0x3d3bff' }
  const plain = receiptsRoot([{ ...deposit, depositNonce: '0x1' }])
  assert.equal(receiptsRoot([deposit]), plain)
  const versioned = receiptsRoot([{ ...deposit, depositReceiptVersion: '0x1' }])
  assert.notEqual(versioned, plain)
  assert.notEqual(receiptsRoot([{ ...deposit, depositNonce: '0x1', depositReceiptVersion: '0x1' }]), versioned)
})

test('G33: receipts of unknown types, and those that used no gas, follow no rule', () => {
  assert.equal(arePlain(RECEIPTS), true)
  assert.equal(arePlain([...RECEIPTS, receipt('0x7f', '0x20000')]), false)
  assert.equal(arePlain([...RECEIPTS, receipt('0x0', '0x0')]), false)
  assert.equal(arePlain([...RECEIPTS, receipt('0x0', '0xf618')]), false)
  assert.equal(arePlain([{ ...receipt('', '0x1') }]), false)
})
