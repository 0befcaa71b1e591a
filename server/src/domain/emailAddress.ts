const ADDRESS = /^[^\s\p{C}@<>()[\],;:\\"]+@[^\s\p{C}@<>()[\],;:\\".]+(\.[^\s\p{C}@<>()[\],;:\\".]+)+$/u
const LENGTH_MAX = 254

/**
 * Whether `text` is one plain e-mail address of at most 254 characters, with nothing that could begin another address or header: no
 * blanks, control characters, quotes, brackets or separators.
 */
export function isEmailAddress(text: string): boolean {
  return text.length <= LENGTH_MAX && ADDRESS.test(text)
}

/** `text` for a header or a subject: control characters and line ends become blanks, runs of blanks one, at most 200 characters. */
export function headerText(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim()
  const characters = Array.from(line)
  return characters.length <= HEADER_MAX ? line : `${characters.slice(0, HEADER_MAX - 1).join('')}…`
}

const HEADER_MAX = 200
