import { invariant } from '../../src/domain/errors.ts'

/**
 * How often each fault is repeated: as the variable of this name says, or null for the few times that fit into a run of all tests.
 * A run with hundreds outlasts the limits of `npm test`:
 * `FAULTS_ROUNDS=500 npx node --test --test-global-setup=server/test/harness/globalSetup.ts server/test/faults/crash.test.ts`
 */
export const FAULTS_ROUNDS: number | null = parse(process.env.FAULTS_ROUNDS)

function parse(text: string | undefined): number | null {
  if (text === undefined) return null
  invariant(/^[1-9]\d{0,5}$/.test(text), 'FAULTS_ROUNDS is a whole number from 1 on')
  return Number(text)
}
