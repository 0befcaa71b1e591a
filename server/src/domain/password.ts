import { AppError } from './errors.ts'

const LENGTH_MIN = 12
const LENGTH_MAX = 128

/** A password as it is compared: however it was typed, the same characters are the same text (NFKC, NIST SP 800-63B, 3.1.1.2). */
export function normalPassword(text: string): string {
  return text.normalize('NFKC')
}

/**
 * Throws `password_weak`, with the sentence to show, for a new password that is too short or too long, is one that many have, or says no
 * more than `known`: what anybody knows about the person. `isCommon` tells of a text in lower case whether a list of breached passwords has
 * it.
 */
export function assertPassword(
  password: string,
  { param, known, isCommon }: { param: string; known: readonly string[]; isCommon: (text: string) => boolean },
): void {
  const refuse = (message: string) => new AppError('password_weak', message, { param })
  const normal = normalPassword(password)
  const { length } = Array.from(normal)
  if (length < LENGTH_MIN) throw refuse(`Choose a password of at least ${LENGTH_MIN} characters; this has ${length}.`)
  if (length > LENGTH_MAX) throw refuse(`Choose a password of at most ${LENGTH_MAX} characters; this has ${length}.`)
  const lower = normal.toLowerCase()
  if (new Set(lower).size < 4) throw refuse('This password repeats a few characters: choose another one.')
  if (cores(lower).some(isCommon)) {
    throw refuse('This password, or all of it but digits and signs around it, is among those that are guessed first.')
  }
  if (known.some(text => bare(text) !== '' && bare(text) === bare(lower))) {
    throw refuse('Choose a password that is neither your e-mail address nor a name.')
  }
}

/** The text, what is left of it without digits and signs around it, and half of it where it says the same twice. */
function cores(text: string): string[] {
  const core = text.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '')
  const half = text.slice(0, text.length / 2)
  return [text, ...(core === '' ? [] : [core]), ...(half + half === text ? [half] : [])]
}

function bare(text: string): string {
  return normalPassword(text)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
