import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { feedsSchema, readRateSources } from './rateConfig.ts'

const folder = mkdtempSync(join(tmpdir(), 'rates-test-'))
after(() => rmSync(folder, { recursive: true }))

/** What docs/operations.md says of rates. */
const DOCS = /## Rates\n.*?\n## /s.exec(readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8'))?.[0]
const [FEEDS = '', SOURCES = ''] = [...(DOCS ?? '').matchAll(/```json\n(.*?)```/gs)].map(found => found[1])
let files = 0

function sourcesIn(content: unknown) {
  const file = join(folder, `rates-${files++}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  const { sources, problems } = readRateSources(file)
  return { sources, problems: problems.map(problem => problem.replace(file, 'rates.json')) }
}

const source = { name: 'a', url: 'https://example.com/?ids={ids}', price: '{id}.usd' }

test('the documented feeds are read', () => {
  const feeds = feedsSchema.parse(JSON.parse(`{${FEEDS}}`).feeds)
  assert.equal(feeds.sequencer?.graceS, 3600)
  assert.deepEqual(
    feeds.prices.map(({ currency, heartbeatS }) => [currency, heartbeatS]),
    [['eth', 1200]],
  )
  assert.equal(feedsSchema.parse({ prices: feeds.prices }).sequencer, null)
  assert.equal(feedsSchema.safeParse({ prices: [] }).success, false)
  // Or one feed would agree with itself.
  for (const twice of [
    ['eth', 'eth'],
    ['matic', 'pol'],
  ]) {
    const same = twice.map(currency => ({ ...feeds.prices[0], currency }))
    assert.equal(feedsSchema.safeParse({ prices: same }).success, false)
  }
  const upper = { ...feeds.prices[0], address: '0x71041DDDAD3595F9CED3DCCFBE3D1F4B0A16BB70' }
  assert.equal(feedsSchema.safeParse({ prices: [upper] }).success, false)
})

test('the documented sources are read; Polygon’s coin may go by either name', () => {
  const { sources, problems } = sourcesIn(SOURCES)
  assert.deepEqual(problems, [])
  assert.deepEqual(
    sources.map(({ name, time, ids }) => [name, time, ids]),
    [
      ['CoinGecko', null, null],
      ['Coinbase', null, { usdc: 'USDC-USD', eth: 'ETH-USD', eur: 'EUR-USD' }],
    ],
  )
  assert.deepEqual(sourcesIn([{ ...source, ids: { pol: 'POL' } }]).sources[0]?.ids, { matic: 'POL' })
})

test('without a file there are no sources', () => assert.deepEqual(readRateSources(''), { sources: [], problems: [] }))

test('a file that is missing or wrong is named with each of its faults', () => {
  assert.match(readRateSources(join(folder, 'none.json')).problems.join(), /BITSTREAM_RATES_FILE: .* cannot be read/)
  assert.match(sourcesIn('{').problems.join(), /cannot be read/)
  assert.deepEqual(sourcesIn([source, source]).problems, ['rates.json: two sources have the same name'])
  assert.deepEqual(sourcesIn([{ ...source, url: 'https://example.com/' }]).problems, [
    'rates.json: 0.url: must have {id} or {ids} in it',
  ])
  for (const wrong of [{ url: 'ftp://example.com/{id}' }, { ids: { xyz: 'a' } }, { price: '' }, { other: 1 }]) {
    assert.equal(sourcesIn([{ ...source, ...wrong }]).problems.length, 1, JSON.stringify(wrong))
  }
})
