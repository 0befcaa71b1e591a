import { spawn } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartError } from './process.ts'

const FOLDER = fileURLToPath(new URL('../../../web/dashboard', import.meta.url))
const SOURCES = ['src/**/*', 'index.html', 'vite.config.ts', 'package.json', '../../sdk/src/*']

/** Builds the dashboard where its sources are newer than what was built last, in about two seconds; throws `StartError` with the reason. */
export async function buildDashboard(): Promise<void> {
  const built = join(FOLDER, 'dist/index.html')
  const newest = Math.max(...globSync(SOURCES, { cwd: FOLDER }).map(file => statSync(join(FOLDER, file)).mtimeMs))
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  const vite = join(createRequire(import.meta.url).resolve('vite/package.json'), '../bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: FOLDER })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', part => (output += part))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new StartError(`The dashboard cannot be built: ${output.trim()}`)
}
