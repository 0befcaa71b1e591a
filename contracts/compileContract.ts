import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import { foundryBinary } from './foundryBinary.ts'

/** Source texts by path below contracts/, as the compiler takes them. */
export type Sources = Record<string, { content: string }>

/** What the compiler gives for one contract; code is hex without prefix, immutables are zero in the deployed one. */
export type Artifact = {
  abi: readonly object[]
  evm: {
    bytecode: { object: string }
    deployedBytecode: { object: string; immutableReferences: Record<string, { start: number; length: number }[]> }
  }
}

type Compiler = { compile: (input: string) => string }
type Settings = { evm_version: string; optimizer: boolean; optimizer_runs: number; via_ir: boolean }
type Output = {
  errors?: { severity: string; formattedMessage: string }[]
  contracts: Record<string, Record<string, Artifact>>
}

let loaded: { solc: Compiler; settings: Settings } | undefined

/** The compiler, and the settings of foundry.toml as forge understands them. */
function load(): { solc: Compiler; settings: Settings } {
  const config = execFileSync(foundryBinary('forge'), ['config', '--json'], {
    cwd: new URL('.', import.meta.url),
    encoding: 'utf8',
  })
  return { solc: createRequire(import.meta.url)('solc'), settings: JSON.parse(config) }
}

/** The source at `path` (below contracts/) and everything that it imports. */
export function readSources(path: string, sources: Sources = {}): Sources {
  if (path in sources) return sources
  const content = readFileSync(new URL(path, import.meta.url), 'utf8')
  sources[path] = { content }
  for (const [, imported] of content.matchAll(/^import .*"(.+)";$/gm)) {
    if (imported !== undefined) readSources(posix.join(posix.dirname(path), imported), sources)
  }
  return sources
}

/**
 * Compiles the contract that the file at `path` is named after, with nothing but its own imports, so that no other source
 * can change its code. Throws the compiler's errors.
 */
export function compileContract(path: string, sources: Sources = readSources(path)): Artifact {
  loaded ??= load()
  const { solc, settings } = loaded
  const input = {
    language: 'Solidity',
    sources,
    settings: {
      evmVersion: settings.evm_version,
      viaIR: settings.via_ir,
      optimizer: { enabled: settings.optimizer, runs: settings.optimizer_runs },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode'] } },
    },
  }
  const output: Output = JSON.parse(solc.compile(JSON.stringify(input)))
  const errors = output.errors?.filter(error => error.severity === 'error') ?? []
  if (errors.length > 0) throw new Error(errors.map(error => error.formattedMessage).join('\n'))
  const artifact = output.contracts[path]?.[posix.basename(path, '.sol')]
  if (artifact === undefined) throw new Error(`${path} has no contract of its own name`)
  return artifact
}
