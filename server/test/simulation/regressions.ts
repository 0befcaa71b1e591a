import { appendFileSync, readFileSync } from 'node:fs'

const FILE = new URL('./seeds/regression.txt', import.meta.url)

/** The seeds that once failed, each with what it found. */
export function regressionSeeds(): number[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter(line => /^\d/.test(line))
    .map(line => Number.parseInt(line, 10))
}

/** Keeps a seed that failed, so that it is run first for ever. */
export function keepSeed(seed: number, message: string): void {
  if (regressionSeeds().includes(seed)) return
  appendFileSync(FILE, `${seed} ${message.split('\n')[0]?.replace(/[0-9a-f-]{36}/g, '…')}\n`)
}
