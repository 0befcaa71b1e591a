import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * The path of a Foundry program: `FORGE_BIN` or `ANVIL_BIN`, else the platform's npm package; throws where there is neither.
 */
export function foundryBinary(tool: 'forge' | 'anvil'): string {
  const variable = `${tool.toUpperCase()}_BIN`
  const chosen = process.env[variable]
  if (chosen !== undefined && chosen !== '') return chosen
  // The packages' own launcher is a script that ends with 0 whatever the program says, and outlives a killed test.
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const name = process.platform === 'win32' ? `${tool}.exe` : tool
  try {
    const manifest = createRequire(import.meta.url).resolve(`@foundry-rs/${tool}-${platform}/package.json`)
    const path = join(dirname(manifest), 'bin', name)
    if (existsSync(path)) return path
  } catch (cause) {
    throw new Error(`${tool} is not installed: run npm ci without --omit=optional, or set ${variable}`, { cause })
  }
  throw new Error(`the package of ${tool} for ${platform} holds no program: set ${variable}`)
}
