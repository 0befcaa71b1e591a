import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { fromEnvironment, fromPath } from '../../src/dev/binaries.ts'
import { isRunning, StartError } from '../../src/dev/process.ts'

const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const ON_MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
const CACHE = fileURLToPath(new URL('../../../.cache/', import.meta.url))
const ARCHIVES = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br']
// Tests reach the loopback address only, and the browser calls nobody of its own accord.
const ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  '--no-first-run',
  '--no-proxy-server',
  '--no-sandbox',
]

type Program = { path: string; env: Record<string, string> }

/**
 * Launches a headless Chromium: that of `CHROMIUM_BIN`, an installed one, or the one of the npm package, which is
 * unpacked once (3 s). It resolves no host names but localhost. `more` are further switches. The caller closes it.
 */
export async function launchBrowser(...more: readonly string[]): Promise<Browser> {
  const { path, env } = installed() ?? (await packaged())
  return chromium.launch({ executablePath: path, args: [...ARGS, ...more], env: { ...strings(process.env), ...env } })
}

function installed(): Program | null {
  const path = [fromEnvironment('CHROMIUM_BIN'), fromPath(...INSTALLED), ON_MACOS, chromium.executablePath()].find(
    candidate => candidate !== null && existsSync(candidate),
  )
  return path === undefined || path === null ? null : { path, env: {} }
}

async function packaged(): Promise<Program> {
  const entry = packageEntry()
  const root = dirname(dirname(entry))
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folder = join(CACHE, `chromium-${version}`)
  if (!existsSync(folder)) await unpack(entry, join(root, 'bin'), folder)
  return {
    path: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  }
}

function packageEntry(): string {
  try {
    return createRequire(import.meta.url).resolve('@sparticuz/chromium')
  } catch (cause) {
    throw new StartError('Chromium was not found: install Chromium or Chrome, or set CHROMIUM_BIN to one.', { cause })
  }
}

// Test files run side by side: each unpacks under a name of its own, and the first to finish gives it the name to use.
async function unpack(entry: string, archives: string, folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  removeUnfinished(folder)
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished)
  // The package always unpacks to the temporary folder, which only the environment of a process can change.
  const script =
    'const { inflate } = await import(process.argv[1]); await Promise.all(process.argv.slice(2).map(inflate))'
  const args = [pathToFileURL(entry).href, ...ARCHIVES.map(name => join(archives, name))]
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, ...args], {
    env: { ...process.env, TMPDIR: unfinished },
  })
  writeFileSync(join(unfinished, 'fonts.conf'), fontConfiguration(folder))
  chmodSync(join(unfinished, 'chromium'), 0o755)
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}

function removeUnfinished(folder: string): void {
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name)
    const pid = path.startsWith(`${folder}.`) ? Number.parseInt(path.slice(folder.length + 1), 10) : null
    if (pid !== null && !isRunning(pid)) rmSync(path, { recursive: true, force: true })
  }
}

function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fontcache')}</cachedir>
</fontconfig>
`
}

function strings(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
