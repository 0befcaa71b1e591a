/** The fewest and the most characters of a password. */
export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 128

/** What the page itself can tell is wrong with a password: its length, or that it is easy to guess for whoever knows the e-mail address. */
export function passwordFaults(password: string, email: string): ('length' | 'simple')[] {
  const length = [...password].length
  const lower = password.toLowerCase()
  const isSimple = new Set(lower).size < 4 || (email !== '' && lower.replaceAll(email.toLowerCase(), '') === '')
  return [
    ...(length < PASSWORD_MIN || length > PASSWORD_MAX ? (['length'] as const) : []),
    ...(isSimple ? (['simple'] as const) : []),
  ]
}
