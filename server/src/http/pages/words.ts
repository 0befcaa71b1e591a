import { html } from 'hono/html'
import { partText, priceText, rateText } from './amountText.ts'
import { onceEach } from './formats.ts'
import { clockText, dateText, timeText } from './timeText.ts'
import { type ENGLISH, ENGLISH_ALONE } from './words/english.ts'
import { type Known, LANGUAGES, type Language } from './words/languages.ts'

/** A piece of escaped HTML, as `hono/html` makes it. */
export type Html = ReturnType<typeof html>

/** The key of a sentence. */
export type MessageKey = keyof typeof ENGLISH | keyof typeof ENGLISH_ALONE

type Values = Readonly<Record<string, string>>

/** How a page speaks: its sentences, amounts and times in one language. */
export type Words = {
  readonly language: Language
  /** The language tag (BCP 47) of the page. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  /** A sentence as HTML; each value stands in `<bdi>`, so that a text in the other direction cannot reorder ours. */
  say(key: MessageKey, values?: Values): Html
  /** A sentence as plain text, for attributes and titles; right to left each value is isolated by characters, as no markup can. */
  text(key: MessageKey, values?: Values): string
  /** A price for reading, exact and grouped (amt8). */
  price(amount: string, currency: string): string
  /** What arrived of a price (amt8), rounded down to what its currency has. */
  part(amount: string, currency: string): string
  /** What one coin is in `currency` by the rates of a quote, or null. */
  rate(quote: { fromUsd: string; toUsd: string }, currency: string): string | null
  /** A time with its day, in UTC. */
  time(iso: string): string
  /** The day alone of a time, in UTC. */
  date(time: { toISOString(): string }): string
  /** The time of day alone where `now` is of the same day. */
  clock(iso: string, now: string): string
  /** The name of a country, by its ISO 3166-1 code of two letters. */
  country(code: string): string
}

/** The words of `language`. */
export function wordsIn(language: Language): Words {
  return made(language)
}

const made = onceEach(code => {
  const language = code as Language
  const { sentences, direction, locale, times = locale }: Known = LANGUAGES[language]
  const table: Readonly<Record<MessageKey, string>> = { ...ENGLISH_ALONE, ...sentences }
  // First strong isolate and its end (UAX #9): what is written from left to right keeps its order, `12.50 USDC` too.
  const isolated = (text: string) => (direction === 'ltr' ? text : `\u2068${text}\u2069`)
  const countries = new Intl.DisplayNames(locale, { type: 'region' })
  const words: Words = {
    language,
    locale,
    direction,
    say: (key, values = {}) => {
      const parts = table[key].split(/\{(\w+)\}/)
      return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<bdi>${values[part] ?? ''}</bdi>`))}`
    },
    text: (key, values = {}) =>
      table[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name]
        return value === undefined ? whole : isolated(value)
      }),
    price: (amount, currency) => isolated(priceText(amount, currency, locale)),
    part: (amount, currency) => isolated(partText(amount, currency, locale)),
    rate: (quote, currency) => rateText(quote, currency, locale),
    time: iso => timeText(iso, times),
    date: time => dateText(time, times),
    clock: (iso, now) => clockText(iso, now, times),
    country: region => countries.of(region) ?? region,
  }
  return words
})

/** What is printed, and the test world's own pages: in English. */
export const ENGLISH_WORDS = wordsIn('en')
