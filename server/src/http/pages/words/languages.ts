import { ARABIC } from './arabic.ts'
import { CHINESE } from './chinese.ts'
import { ENGLISH, type Sentences } from './english.ts'
import { FRENCH } from './french.ts'
import { GERMAN } from './german.ts'
import { HINDI } from './hindi.ts'
import { JAPANESE } from './japanese.ts'
import { PORTUGUESE } from './portuguese.ts'
import { SPANISH } from './spanish.ts'
import { TURKISH } from './turkish.ts'

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
  es: { name: 'Español', direction: 'ltr', locale: 'es', sentences: SPANISH },
  pt: { name: 'Português', direction: 'ltr', locale: 'pt-BR', sentences: PORTUGUESE },
  fr: { name: 'Français', direction: 'ltr', locale: 'fr', sentences: FRENCH },
  de: { name: 'Deutsch', direction: 'ltr', locale: 'de', sentences: GERMAN },
  tr: { name: 'Türkçe', direction: 'ltr', locale: 'tr', sentences: TURKISH },
  ar: { name: 'العربية', direction: 'rtl', locale: 'ar', sentences: ARABIC },
  hi: { name: 'हिन्दी', direction: 'ltr', locale: 'hi', sentences: HINDI },
  zh: { name: '简体中文', direction: 'ltr', locale: 'zh-Hans', sentences: CHINESE },
  ja: { name: '日本語', direction: 'ltr', locale: 'ja', sentences: JAPANESE },
} as const satisfies Record<string, Known>

/** The code of a language that pages are written in. */
export type Language = keyof typeof LANGUAGES

/** The language that `text` names, or null. */
export function chosenLanguage(text: string | undefined): Language | null {
  return text !== undefined && Object.hasOwn(LANGUAGES, text) ? (text as Language) : null
}

const WISH = /^(\*|[a-z]{1,8}(?:-[a-z\d]{1,8})*)(?:\s*;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i

/**
 * The language of ours that a browser prefers by its `Accept-Language` (RFC 9110, 12.5.4; looked up as in RFC 4647, 3.4: pt-BR finds
 * pt); `*` is the first of ours that it does not name. English if there is none. What is no wish is passed over.
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? '').split(',').flatMap(text => {
    const [, tag, quality = '1'] = WISH.exec(text.trim()) ?? []
    return tag === undefined ? [] : [{ code: tag.toLowerCase().split('-')[0] ?? '', quality: Number(quality) }]
  })
  const named = new Set(wishes.map(({ code }) => code))
  const others = Object.keys(LANGUAGES).find(code => !named.has(code))
  for (const { code, quality } of wishes.toSorted((a, b) => b.quality - a.quality)) {
    const language = chosenLanguage(code === '*' ? others : code)
    if (language !== null && quality > 0) return language
  }
  return 'en'
}
