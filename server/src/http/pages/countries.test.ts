import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COUNTRIES, countryList, countryOf } from './countries.ts'
import { LANGUAGES, type Language } from './words/languages.ts'
import { wordsIn } from './words.ts'

test('all 249 countries have a name of their own in every language, in its order', () => {
  assert.equal(COUNTRIES.size, 249)
  for (const language of Object.keys(LANGUAGES) as Language[]) {
    const list = countryList(wordsIn(language))
    assert.deepEqual(new Set(list.map(({ code }) => code)), COUNTRIES)
    assert.equal(new Set(list.map(({ name }) => name)).size, 249, language)
    for (const { code, name } of list) assert.notEqual(name, code, language)
  }
  const names = countryList(wordsIn('en')).map(({ name }) => name)
  assert.deepEqual(names.slice(0, 3), ['Afghanistan', 'Åland Islands', 'Albania'])
})

test('the country of a browser is the first that one of its languages names', () => {
  assert.equal(countryOf('en, de-AT;q=0.7, fr-FR;q=0.5'), 'AT')
  assert.equal(countryOf('zh-Hant-tw'), 'TW')
  assert.equal(countryOf('en-XX, es-419, pt-BR'), 'BR')
  for (const none of [undefined, '', '*', 'en', 'x-y-zz', '-', ',,;q=1']) assert.equal(countryOf(none), null)
})
