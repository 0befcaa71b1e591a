/**
 * Adds to package-lock.json every optional platform package that npm left out because the registry in use
 * has no metadata for it; without these entries `npm ci` calls a fresh lock file out of sync.
 * Run it after each change of dependencies. With `--check` it only reports, and exits 1 if any is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const OS = ['linux', 'darwin', 'win32', 'freebsd', 'openbsd', 'netbsd', 'android', 'sunos', 'aix', 'openharmony']
const CPU = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32']

/** Platform limits as the package's name spells them, e.g. `cli-linux-arm64-musl`. */
function platform(name) {
  const words = name.split(/[-/]/).map(word => (word === 'amd64' ? 'x64' : word === 'win' ? 'win32' : word))
  const os = OS.filter(word => words.includes(word))
  const cpu = CPU.filter(word => words.includes(word))
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(words.includes('musl') && { libc: ['musl'] }),
    ...(os.length > 0 && { os }),
  }
}

const missing = []
for (const [owner, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${owner}/node_modules/${name}`
    if (`node_modules/${name}` in lock.packages || nested in lock.packages) continue
    if (!/^\d+\.\d+\.\d+/.test(version)) continue
    missing.push(`${name}@${version}`)
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platform(name),
      ...(entry.dev && { dev: true }),
      optional: true,
    }
  }
}

if (process.argv.includes('--check')) {
  if (missing.length > 0) {
    console.error(`package-lock.json lacks ${missing.join(', ')}: run node scripts/completeLock.mjs`)
    process.exit(1)
  }
} else if (missing.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`added to package-lock.json: ${missing.join(', ')}`)
}
