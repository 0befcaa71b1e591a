/** The fewest and the most characters of a password. */
export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 128

const VARIED_MIN = 4

/** What a page itself can tell is wrong with a password; the server asks for the same, and knows what is guessed first. */
export type PasswordFault = 'length' | 'repeats' | 'known'

/** What is wrong with a new password; `known` is what anybody knows about the person, as the e-mail address. */
export function passwordFaults(password: string, known: readonly string[]): PasswordFault[] {
  const normal = password.normalize('NFKC')
  const length = [...normal].length
  const faults: PasswordFault[] = []
  if (length < PASSWORD_MIN || length > PASSWORD_MAX) faults.push('length')
  if (new Set(normal.toLowerCase()).size < VARIED_MIN) faults.push('repeats')
  if (known.some(text => bare(text) !== '' && bare(text) === bare(normal))) faults.push('known')
  return faults
}

function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
