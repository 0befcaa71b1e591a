import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { findPostgres } from '../../src/dev/binaries.ts'
import type { Machine } from './report.ts'

/** What the figures of this run depend on. */
export function describeMachine(): Machine {
  const version = execFileSync(findPostgres().postgres, ['--version'], { encoding: 'utf8' })
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
    postgres: /[\d.]+/.exec(version)?.[0] ?? 'unknown',
    load1: loadavg()[0] ?? 0,
  }
}
