/**
 * Compiles contracts/src and writes contracts/abi: one file per contract with its ABI, its creation code and what follows
 * from that. With `--check` it writes nothing and exits 1 where a committed file differs: creation code is frozen, because
 * it decides every deposit address.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { concatHex, getCreate2Address, type Hex, keccak256, sliceHex, toHex, zeroHash } from 'viem'
import { type Artifact, compileContract } from '../contracts/compileContract.ts'

const contracts = new URL('../contracts/', import.meta.url)
const abiFolder = new URL('abi/', contracts)

/** Deploys `salt ++ creation code` by CREATE2; at this address on nearly every chain. */
const DEPLOYER = '0x4e59b44847b379578588920ca78fbf26c0b4956c'

const FACTORY = 'src/DepositFactory.sol'
const PROBE = 'src/FactoryProbe.sol'
const SWEEP_PROBE = 'src/SweepProbe.sol'
const READER = 'src/BalanceReader.sol'
const TEST_CONTRACTS = ['Usdc', 'Usdt', 'Dai', 'Wbtc', 'Batch', 'Freezable', 'Feed', 'Account', 'Sanctions'].map(
  name => `src/test/Test${name}.sol`,
)

function contractName(path: string): string {
  return posix.basename(path, '.sol')
}

/** The main export's prefix and the file's name: DepositFactory becomes depositFactory. */
function exportName(path: string): string {
  const name = contractName(path)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** Where the deterministic deployer creates `bytecode` with salt zero. */
function deployedAt(bytecode: Hex): Hex {
  return getCreate2Address({ from: DEPLOYER, salt: zeroHash, bytecode }).toLowerCase() as Hex
}

/** The code that the factory has at `address`: its only immutable is its own address. */
function runtimeCode({ evm: { deployedBytecode } }: Artifact, address: Hex): Hex {
  const immutables = Object.values(deployedBytecode.immutableReferences)
  if (immutables.length !== 1) throw new Error('the factory must have exactly one immutable: its own address')
  let code = deployedBytecode.object
  for (const { start, length } of immutables.flat()) {
    code = code.slice(0, start * 2) + address.slice(2).padStart(length * 2, '0') + code.slice((start + length) * 2)
  }
  return `0x${code}`
}

/** One `export const`, with its promise above it. */
function constant(doc: string, name: string, value: string | readonly object[]): string {
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value, null, 2)
  return `/** ${doc} */\nexport const ${name} = ${text} as const\n`
}

function abiOf(path: string, artifact: Artifact): string {
  return constant(`The ABI of ${contractName(path)}.`, `${exportName(path)}Abi`, artifact.abi)
}

/** The init code of the proxies of `factory`, read out of the factory's own source. */
function proxyInitCode(factory: Hex): Hex {
  const source = readFileSync(new URL(FACTORY, contracts), 'utf8')
  const part = (name: string): Hex => {
    const value = source.match(new RegExp(`${name} = (0x[0-9a-f]+);`))?.[1]
    if (value === undefined) throw new Error(`${FACTORY} has no ${name}`)
    return value as Hex
  }
  return concatHex([part('PROXY_HEAD'), factory, part('PROXY_TAIL')])
}

function factoryFiles(artifact: Artifact): Record<string, string> {
  const bytecode: Hex = `0x${artifact.evm.bytecode.object}`
  const address = deployedAt(bytecode)
  const initCode = proxyInitCode(address)
  const factory = [
    abiOf(FACTORY, artifact),
    constant('Creation code, frozen.', 'depositFactoryBytecode', bytecode),
    constant(
      'Where the deterministic deployer creates it with salt zero, on every chain.',
      'depositFactoryAddress',
      address,
    ),
    constant(
      'keccak256 of the code at that address.',
      'depositFactoryCodeHash',
      keccak256(runtimeCode(artifact, address)),
    ),
  ]
  const proxy = [
    constant(
      'Init code of the proxies before the 20 bytes of the factory.',
      'depositProxyHead',
      sliceHex(initCode, 0, 11),
    ),
    constant('Init code of the proxies after the 20 bytes of the factory.', 'depositProxyTail', sliceHex(initCode, 31)),
    constant('Init code of the proxies of the factory at `depositFactoryAddress`.', 'depositProxyInitCode', initCode),
    constant('keccak256 of that init code, as CREATE2 takes it.', 'depositProxyInitCodeHash', keccak256(initCode)),
  ]
  return { 'depositFactory.ts': factory.join('\n'), 'depositProxy.ts': proxy.join('\n') }
}

function probeFile(artifact: Artifact): string {
  const result = toHex(BigInt(keccak256(toHex('bitstream.FactoryProbe.works'))) >> 8n, { size: 32 })
  return [
    abiOf(PROBE, artifact),
    constant(
      'Creation code; append the abi-encoded address of a factory and `eth_call` it without `to`.',
      'factoryProbeBytecode',
      `0x${artifact.evm.bytecode.object}`,
    ),
    constant('What that call returns where the factory works; else it reverts.', 'factoryProbeResult', result),
  ].join('\n')
}

function readerFile(artifact: Artifact): string {
  return constant(
    'Creation code; append the abi-encoded list of (asset, owner) and `eth_call` it without `to`.',
    'balanceReaderBytecode',
    `0x${artifact.evm.bytecode.object}`,
  )
}

function sweepProbeFile(artifact: Artifact): string {
  return constant(
    'Creation code; append the abi-encoded (factory, calldata, deposit addresses, tokens) and `eth_call` it without `to`.',
    'sweepProbeBytecode',
    `0x${artifact.evm.bytecode.object}`,
  )
}

function testContractFile(path: string, artifact: Artifact): string {
  const bytecode: Hex = `0x${artifact.evm.bytecode.object}`
  return [
    abiOf(path, artifact),
    constant('Creation code.', `${exportName(path)}Bytecode`, bytecode),
    constant(
      'Where the deterministic deployer creates it with salt zero.',
      `${exportName(path)}Address`,
      deployedAt(bytecode),
    ),
  ].join('\n')
}

/** All files of contracts/abi with their text. */
function generate(): Record<string, string> {
  const files: Record<string, string> = {
    'deterministicDeployer.ts': constant(
      'Creates `salt ++ creation code` by CREATE2; the same address on every chain.',
      'deterministicDeployerAddress',
      DEPLOYER,
    ),
    ...factoryFiles(compileContract(FACTORY)),
    'factoryProbe.ts': probeFile(compileContract(PROBE)),
    'sweepProbe.ts': sweepProbeFile(compileContract(SWEEP_PROBE)),
    'balanceReader.ts': readerFile(compileContract(READER)),
  }
  for (const path of TEST_CONTRACTS) files[`${exportName(path)}.ts`] = testContractFile(path, compileContract(path))
  const banner = '// Generated by scripts/generateContracts.ts; do not edit.\n\n'
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, banner + text]))
}

function main(): void {
  const files = generate()
  const existing = existsSync(abiFolder) ? readdirSync(abiFolder) : []
  const stale = existing.filter(name => !(name in files))
  const changed = Object.keys(files).filter(
    name => !existing.includes(name) || readFileSync(new URL(name, abiFolder), 'utf8') !== files[name],
  )
  if (process.argv.includes('--check')) {
    if (stale.length + changed.length === 0) return
    console.error(`contracts/abi differs from contracts/src: ${[...stale, ...changed].join(', ')}`)
    process.exitCode = 1
    return
  }
  for (const name of changed) writeFileSync(new URL(name, abiFolder), files[name] ?? '')
  if (stale.length > 0) throw new Error(`no contract gives contracts/abi/${stale.join(', ')}: delete it`)
}

main()
