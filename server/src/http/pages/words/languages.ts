import { ENGLISH, type Sentences } from './english.ts'

/** What there is of a language. */
export type Known = {
  /** What its speakers call it. */
  readonly name: string
  readonly direction: 'ltr' | 'rtl'
  /** The language tag (BCP 47) by which numbers and times are written; `times` where they are written another way. */
  readonly locale: string
  readonly times?: string
  readonly sentences: Sentences
}

/** The languages of the payer's pages, by their ISO 639-1 code, in the order of the menu. */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr', locale: 'en', times: 'en-GB', sentences: ENGLISH },
} as const satisfies Record<string, Known>

/** The code of a language that pages are written in. */
export type Language = keyof typeof LANGUAGES

/** The language that `text` names, or null. */
export function chosenLanguage(text: string | undefined): Language | null {
  return text !== undefined && Object.hasOwn(LANGUAGES, text) ? (text as Language) : null
}

/** The language that a browser prefers (RFC 9110, 12.5.4) among ours, English if none. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? '').split(',').map(wish => {
    const [tag = '', quality = ''] = wish.trim().split(/\s*;\s*q=/i)
    return { language: chosenLanguage(tag.toLowerCase().split('-')[0]), quality: quality === '' ? 1 : Number(quality) }
  })
  const known = wishes.filter(({ language, quality }) => language !== null && quality > 0)
  const [best] = known.toSorted((a, b) => b.quality - a.quality)
  return best?.language ?? 'en'
}
