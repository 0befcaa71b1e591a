import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** The ids of all processes below this one, at this moment. */
export function descendants(pid: number): number[] {
  const parents = parentIds()
  const found = [pid]
  for (const parent of found) {
    for (const [child, its] of parents) if (its === parent) found.push(child)
  }
  return found.slice(1)
}

function parentIds(): [number, number][] {
  if (existsSync('/proc/self/stat')) return readdirSync('/proc').filter(isId).flatMap(readParent)
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map(line => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number)
    return [pid, parent]
  })
}

function readParent(id: string): [number, number][] {
  try {
    const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]
    return parent === undefined ? [] : [[Number(id), Number(parent)]]
  } catch {
    return []
  }
}

function isId(name: string): boolean {
  return /^\d+$/.test(name)
}
