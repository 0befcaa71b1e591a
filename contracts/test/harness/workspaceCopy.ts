import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** A throw-away copy of some files of the repository beside its packages; `change` edits, `remove` deletes it. */
export type WorkspaceCopy = {
  root: string
  change: (path: string, from: string, to: string) => void
  remove: () => void
}

/** Copies `paths` (files or folders, below the repository) to a temporary folder. */
export function copyWorkspace(paths: readonly string[]): WorkspaceCopy {
  const root = mkdtempSync(join(tmpdir(), 'bitstream-contracts-'))
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    cpSync(join(repository, path), join(root, path), { recursive: true })
  }
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  return {
    root,
    /** Replaces the one place where `from` stands; throws where there is none or more than one. */
    change(path, from, to) {
      const parts = readFileSync(join(root, path), 'utf8').split(from)
      if (parts.length !== 2) throw new Error(`${path} holds this ${parts.length - 1} times, not once: ${from}`)
      writeFileSync(join(root, path), parts.join(to))
    },
    remove() {
      rmSync(root, { recursive: true, force: true })
    },
  }
}
