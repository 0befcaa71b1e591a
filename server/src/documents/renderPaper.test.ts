import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPdf } from '../../test/harness/readPdf.ts'
import type { Cell, Paper } from './paper.ts'
import { renderPaper } from './renderPaper.ts'

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

function cell(text: string, ...details: string[]): Cell {
  return { text, details }
}

function paperOf(changes: Partial<Paper> = {}): Paper {
  return {
    language: 'en',
    title: 'Invoice',
    number: 'ACME1234-0001',
    issuedAt: new Date('2026-03-01T12:00:00.000Z'),
    issuer: { name: 'Acme', lines: ['1 Road', 'Berlin'], logo: null, color: '#1f6feb' },
    stamp: null,
    party: { label: 'Bill to', lines: ['Ada'] },
    facts: [{ label: 'Date of issue', value: '1 Mar 2026' }],
    headline: { text: '$10.00 due', link: { text: 'Pay online', url: 'https://pay.example.com/i' } },
    columns: [
      { label: 'Description', share: 3, isAmount: false },
      { label: 'Amount', share: 1, isAmount: true },
    ],
    rows: [[cell('Coffee', 'March'), cell('$10.00')]],
    sums: [{ label: 'Total', value: '$10.00', isTotal: true }],
    notes: [],
    pageText: (page, pages) => `Page ${page} of ${pages}`,
    ...changes,
  }
}

test('a paper is one page with a title, its fonts inside, and all that it says in the order of reading', async () => {
  const paper = paperOf({ stamp: { text: 'Paid', tone: 'good' }, notes: [{ label: 'Memo', text: 'Thank you' }] })
  const { pages, fonts, title } = readPdf(await renderPaper(paper))
  assert.equal(title, '(Invoice ACME1234-0001)')
  assert.deepEqual(pages, [
    [
      ...['Invoice', 'PAID', 'Acme', '1 Road', 'Berlin', 'Bill to', 'Ada', 'Date of issue', '1 Mar 2026'],
      ...['$10.00 due', 'Pay online', 'Description', 'Amount', 'Coffee', 'March', '$10.00', 'Total', '$10.00'],
      ...['Memo', 'Thank you', 'Invoice ACME1234-0001 · Acme', 'Page 1 of 1'],
    ].join('\n'),
  ])
  assert.equal(fonts.length, 2)
  assert.ok(fonts.every(({ name, isEmbedded }) => isEmbedded && name.includes('NotoSans')))
})

test('the same paper is the same bytes, and a logo is in them', async () => {
  const plain = await renderPaper(paperOf())
  assert.deepEqual(await renderPaper(paperOf()), plain)
  const { issuer } = paperOf()
  const branded = Buffer.from(await renderPaper(paperOf({ issuer: { ...issuer, logo: PIXEL } })))
  assert.ok(branded.includes('/Subtype /Image'))
  assert.ok(!Buffer.from(plain).includes('/Subtype /Image'))
})

test('a hundred lines go over pages, each with the header of the table, and none is lost', async () => {
  const rows = Array.from({ length: 100 }, (_, index) => [cell(`Line ${index + 1}.`), cell('$1.00')])
  const { pages } = readPdf(await renderPaper(paperOf({ rows })))
  assert.ok(pages.length > 2)
  for (const [index, page] of pages.entries()) {
    assert.ok(page.endsWith(`Page ${index + 1} of ${pages.length}`))
    assert.equal(page.includes('Line '), page.includes('Description\nAmount'))
  }
  const lines = pages.join('\n').match(/Line \d+\./g)
  assert.deepEqual(
    lines,
    rows.map((_, index) => `Line ${index + 1}.`),
  )
})

test('a row that is longer than a page is divided, and its words are all there', async () => {
  const words = Array.from({ length: 3000 }, (_, index) => `word${index}`)
  const { pages } = readPdf(await renderPaper(paperOf({ rows: [[cell(words.join(' ')), cell('$1.00')]] })))
  assert.ok(pages.length > 1)
  assert.deepEqual(pages.join('\n').match(/word\d+/g), words)
})

test('names of all scripts that the font has are printed as they are, and others do no harm', async () => {
  const names = ['Łukasz Żółć', 'Ромашка', 'Ελλάδα', 'Nguyễn', 'ह', '₹ € £ ₿', '日本 🎉']
  const { pages, fonts } = readPdf(await renderPaper(paperOf({ party: { label: 'Bill to', lines: names } })))
  const text = (pages[0] ?? '').replaceAll('\n', '')
  for (const name of names.slice(0, 6)) assert.ok(text.includes(name), name)
  assert.ok(fonts.length > 4)
})
