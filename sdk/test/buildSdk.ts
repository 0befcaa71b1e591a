import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SDK = fileURLToPath(new URL('..', import.meta.url))
const TSC = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))

/** Builds the package into `folder`, as it is published: `package.json` and `dist`. */
export function buildSdk(folder: string): void {
  mkdirSync(folder, { recursive: true })
  execFileSync(TSC, ['-p', `${SDK}tsconfig.build.json`, '--outDir', `${folder}/dist`], { stdio: 'pipe' })
  copyFileSync(`${SDK}package.json`, `${folder}/package.json`)
}
