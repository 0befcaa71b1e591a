import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { depositFactoryAddress } from '../contracts/abi/depositFactory.ts'
import { depositProxyInitCodeHash } from '../contracts/abi/depositProxy.ts'
import { resourcesText } from './sdkResources.ts'
import { typesText } from './sdkTypes.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const HEAD = '// Written by npm run generate, from server/openapi.json.\n\n'

const factories = `/** The factories of this release, the same on every chain, with the hash of the code that they create. */
export const FACTORIES: readonly { factory: string; initCodeHash: string }[] = [
  {
    factory: '${depositFactoryAddress.toLowerCase()}',
    initCodeHash: '${depositProxyInitCodeHash}',
  },
]
`

function formatted(path: string, text: string): string {
  const biome = `${ROOT}node_modules/.bin/biome`
  return execFileSync(biome, ['format', `--stdin-file-path=${path}`], { cwd: ROOT, input: text, encoding: 'utf8' })
}

const isCheck = process.argv.includes('--check')
for (const [name, text] of Object.entries({
  'types.ts': typesText(),
  'resources.ts': resourcesText(),
  'factories.ts': factories,
})) {
  const path = `${ROOT}sdk/src/${name}`
  const content = formatted(path, HEAD + text)
  if (!isCheck) writeFileSync(path, content)
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== content) {
    console.log(`sdk/src/${name} differs from server/openapi.json: run npm run generate`)
    process.exitCode = 1
  }
}
