import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsIn } from '../words.ts'
import { ENGLISH } from './english.ts'
import { chosenLanguage, type Known, LANGUAGES, type Language, preferredLanguage } from './languages.ts'

const KEYS = Object.keys(ENGLISH) as (keyof typeof ENGLISH)[]
const CODES = Object.keys(LANGUAGES) as Language[]
const OTHERS = CODES.filter(code => code !== 'en')

/** Every sentence of `codes` that `isWrong`, each with where it stands. */
function sentences(codes: Language[], isWrong: (text: string, code: Language, key: keyof typeof ENGLISH) => boolean) {
  return codes.flatMap(code =>
    KEYS.filter(key => isWrong(LANGUAGES[code].sentences[key], code, key)).map(
      key => `${code} ${key}: ${LANGUAGES[code].sentences[key]}`,
    ),
  )
}

const values = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort().join(' ')
const own = (text: string) => text.replaceAll(/\{\w+\}/g, '')

test('every language has every value of a sentence', () => {
  assert.deepEqual(
    sentences(OTHERS, (text, _, key) => values(text) !== values(ENGLISH[key])),
    [],
  )
})

test('nothing is empty, and what ends a sentence in English ends it everywhere', () => {
  assert.deepEqual(
    sentences(CODES, text => own(text).trim() === '' && values(text) === ''),
    [],
  )
  const end = (text: string) => /[.。।]$/.test(text)
  assert.deepEqual(
    sentences(OTHERS, (text, _, key) => end(text) !== end(ENGLISH[key])),
    [],
  )
})

/** What is written as in English: words that the languages share, and signs. */
const SHARED: Partial<Record<Language, RegExp>> = {
  es: /^(Total|Subtotal|\{days\} d \{hours\} h)$/,
  pt: /^(Total|Subtotal|\{days\} d \{hours\} h)$/,
  fr: /^(Total|Transaction)$/,
}
const SIGNS = /^[^\p{L}]*$/u
/** Names and examples. */
const NAMES = /Bitstream|QR|PDF|ada@example\.com/g

test('nothing is left in English', () => {
  assert.deepEqual(
    sentences(OTHERS, (text, code, key) => {
      return text === ENGLISH[key] && !SIGNS.test(own(text)) && SHARED[code]?.test(text) !== true
    }),
    [],
  )
  assert.deepEqual(
    sentences(OTHERS, text => /\b(the|your|you|this|with|of)\b/i.test(own(text))),
    [],
  )
  assert.deepEqual(
    sentences(['ar', 'hi', 'zh', 'ja'], text => /[a-z]/i.test(own(text).replaceAll(NAMES, ''))),
    [],
  )
})

test('signs are those of print, and digits those of the amounts to copy', () => {
  assert.deepEqual(
    sentences(CODES, text => /["'`]|\.\.\.| - | {2}|^ | $|[^\S \u00a0\u202f]/.test(text)),
    [],
  )
  assert.deepEqual(
    sentences(CODES, text => /(?![0-9])\p{Nd}/u.test(text)),
    [],
  )
  // A space that never breaks stands before the high signs of French, and before the sign of percent there and in German.
  assert.deepEqual(
    sentences(['fr'], text => /[^\u202f][?!;]|[^\u00a0][:%]/.test(text)),
    [],
  )
  assert.deepEqual(
    sentences(['de'], text => /[^\u00a0]%/.test(text)),
    [],
  )
  assert.deepEqual(
    sentences(['zh', 'ja'], text => /[,;:?!()]/.test(own(text))),
    [],
  )
  assert.deepEqual(
    sentences(['ar'], text => /[,;?]/.test(own(text))),
    [],
  )
})

test('every language goes by its own name, direction and locale', () => {
  for (const [code, { name, direction, locale }] of Object.entries<Known>(LANGUAGES)) {
    assert.deepEqual(Intl.NumberFormat.supportedLocalesOf([locale]), [locale])
    assert.equal(new Intl.Locale(locale).language, code)
    const isRightToLeft = /\p{Script=Arabic}|\p{Script=Hebrew}/u.test(name)
    assert.equal(direction, isRightToLeft ? 'rtl' : 'ltr', code)
    const known = new Intl.DisplayNames(locale, { type: 'language' }).of(code === 'zh' ? locale : code)
    assert.equal(name.toLocaleLowerCase(locale), known?.toLocaleLowerCase(locale))
  }
})

test('amounts, times and countries are those of the language, in digits that everybody can copy', () => {
  const shown = (code: Language) => {
    const words = wordsIn(code)
    const time = '2026-02-22T13:46:11.441Z'
    return [
      words.price('125000000050000000', 'usd'),
      words.price('125000000000', 'usdc'),
      words.rate({ fromUsd: '1.08', toUsd: '2500.10' }, 'eur') ?? '',
      words.time(time),
      words.clock(time, '2026-02-22T12:00:00.000Z'),
      words.date(new Date(time)),
      words.country('DE'),
    ]
  }
  for (const code of CODES) {
    const text = shown(code)
    assert.deepEqual(
      text.filter(each => /(?![0-9])\p{Nd}/u.test(each)),
      [],
      code,
    )
    const [usd = '', usdc = ''] = text
    assert.equal(usd.replaceAll(/\D/g, ''), '125000000050', `${usd}: no digit is lost`)
    assert.match(usdc, /USDC/)
  }
  const spaced = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
  assert.deepEqual(shown('de').map(spaced), [
    '1.250.000.000,50 $',
    '1.250,00 USDC',
    '2.314,91 €',
    '22. Feb. 2026, 13:46 UTC',
    '13:46 UTC',
    '22. Feb. 2026',
    'Deutschland',
  ])
})

test('in languages from right to left values keep their own order where no markup can see to it', () => {
  const [arabic, german] = [wordsIn('ar'), wordsIn('de')]
  assert.match(arabic.text('titlePartial', { remaining: '0.40 USDC', merchant: 'Ada' }), /\u20680\.40 USDC\u2069/)
  assert.match(arabic.text('returningIn', { host: 'shop.example' }), /\{seconds\}/, 'what the script fills in')
  assert.doesNotMatch(german.text('titlePartial', { remaining: '0.40 USDC', merchant: 'Ada' }), /[\u2066-\u2069]/)
})

test('a browser is answered in the first language of its that there is', () => {
  const wishes: Record<string, Language> = {
    '': 'en',
    de: 'de',
    'pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7': 'pt',
    'pt-PT': 'pt',
    'zh-Hant': 'zh',
    'zh-Hant-TW, en;q=0.5': 'zh',
    'DE-at': 'de',
    'es-419': 'es',
    'nl, fr;q=0.8, en;q=0.7': 'fr',
    'en;q=0.5, ja;q=0.9, fr;q=0.8': 'ja',
    'fr;q=0.8,ja;q=0.8': 'fr',
    'ar ; q=0.9 , hi ;q=1.0': 'hi',
    'tr;Q=0.4, es;q=0.3': 'tr',
    'fr;q=0, es;q=0.1': 'es',
    'fr;q=0': 'en',
    '*': 'en',
    'fr;q=0.5, *': 'en',
    'fr, *;q=0.5': 'fr',
    'en;q=0, *': 'es',
    'fr;q=0.1, *;q=0': 'fr',
    nl: 'en',
    'xx-YY;q=1': 'en',
    'fr;q=1.5, de;q=0.1': 'de',
    'fr;q=high, de;q=0.1': 'de',
    'fr;q=-1, de;q=0.1': 'de',
    'fr;q=, de;q=0.1': 'de',
    'fr;level=1, de;q=0.1': 'de',
    ',,;;=,  ,de;q=0.1,': 'de',
    'constructor, __proto__, toString': 'en',
    'français, 日本語': 'en',
  }
  assert.deepEqual(Object.fromEntries(Object.keys(wishes).map(wish => [wish, preferredLanguage(wish)])), wishes)
  assert.equal(preferredLanguage(undefined), 'en')
  const long = `${'fr;q=0,'.repeat(2_000)}de`
  assert.equal(preferredLanguage(long), 'de')
})

test('only the code of a language chooses one', () => {
  for (const code of CODES) assert.equal(chosenLanguage(code), code)
  for (const text of [undefined, '', 'EN', 'pt-BR', 'xx', 'constructor', '__proto__']) {
    assert.equal(chosenLanguage(text), null)
  }
})
