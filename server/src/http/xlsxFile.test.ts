import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { strFromU8, unzipSync } from 'fflate'
import { csvFile } from './csvFile.ts'
import { xlsxFile } from './xlsxFile.ts'

async function* batchesOf(rows: readonly string[][], size = 2) {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

/** The rows of CSV text, by a reader that is written for this test alone. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (let at = 0; at < text.length; ) {
    const [found = '', quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(text.slice(at)) ?? []
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    at += found.length
    if (text[at] === ',') {
      at += 1
      continue
    }
    assert.equal(text.slice(at, at + 2), '\r\n', 'a row ends with CR LF')
    at += 2
    if (at < text.length) rows.push([])
  }
  return rows
}

/** The rows of each sheet, by a reader that is written for this test alone. */
function readXlsx(file: Uint8Array): Record<string, string[][]> {
  const parts = unzipSync(file)
  const text = (name: string) => strFromU8(parts[name] ?? assert.fail(name))
  const all = (xml: string, pattern: RegExp) => [...xml.matchAll(pattern)].map(([, ...groups]) => groups as string[])
  const targets = new Map(
    all(text('xl/_rels/workbook.xml.rels'), /Id="(\w+)"[^>]*Target="([^"]+)"/g) as [string, string][],
  )
  const sheets = all(text('xl/workbook.xml'), /<sheet name="([^"]+)"[^>]*r:id="(\w+)"/g)
  return Object.fromEntries(
    sheets.map(([name = '', id = '']) => {
      const rows = all(text(`xl/${targets.get(id)}`), /<row r="(\d+)">(.*?)<\/row>/gs)
      assert.deepEqual(
        rows.map(([number]) => Number(number)),
        rows.map((_, index) => index + 1),
      )
      return [name, rows.map(([, cells = '']) => readCells(cells))]
    }),
  )
}

function readCells(xml: string): string[] {
  const row: string[] = []
  for (const [, letters = '', text = ''] of xml.matchAll(/<c r="([A-Z]+)\d+"[^>]*><is><t[^>]*>(.*?)<\/t>/gs)) {
    const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
    row[column] = text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#13;', '\r')
      .replaceAll('&amp;', '&')
  }
  return Array.from(row, cell => cell ?? '')
}

const ROWS = [
  ['plain', '12.50', ''],
  ['comma, "quote"', 'line\r\nbreak', ' space '],
  ['=1+1', '<b>&amp;</b>', 'é👨‍👩‍👧‍👦'],
]

test('CSV: a mark for UTF-8, CR LF, and quotes where RFC 4180 and spreadsheets want them', async () => {
  const file = await whole(csvFile(['a', 'b', 'c'], batchesOf(ROWS)))
  assert.equal(
    file.toString(),
    '\ufeffa,b,c\r\nplain,12.50,\r\n"comma, ""quote""","line\r\nbreak"," space "\r\n=1+1,"<b>&amp;</b>",é👨‍👩‍👧‍👦\r\n',
  )
  assert.equal((await whole(csvFile(['a'], batchesOf([])))).toString(), '\ufeffa\r\n')
})

test('whatever the texts, a reader gets them back, from both kinds of file', async () => {
  // What XML cannot hold is refused in requests, and left out of a sheet.
  const text = fc
    .array(fc.oneof(fc.constantFrom('"', ',', '\r\n', '\t', '<', '&', ']]>', ';', ' ', '\r', '&amp;'), fc.string()))
    .map(parts => parts.join('').replace(/[^\t\r\n -\ud7ff]/g, ''))
  const rows = fc.array(fc.array(text, { minLength: 3, maxLength: 3 }), { maxLength: 7 })
  await fc.assert(
    fc.asyncProperty(rows, async given => {
      const expected = [['a', 'b', 'c'], ...given]
      const csv = await whole(csvFile(['a', 'b', 'c'], batchesOf(given)))
      assert.deepEqual(readCsv(csv.toString().slice(1)), expected)
      const xlsx = readXlsx(await whole(xlsxFile(['a', 'b', 'c'], batchesOf(given))))
      assert.deepEqual(
        xlsx['Checkout sessions']?.map(row => [...row, '', '', ''].slice(0, 3)),
        expected,
      )
    }),
  )
})

test('XLSX: what does not fit into a sheet goes on in the next, under its own titles', async () => {
  const rows = Array.from({ length: 7 }, (_, index) => [`${index}`])
  for (const size of [1, 3, 7]) {
    const sheets = readXlsx(await whole(xlsxFile(['n'], batchesOf(rows, size), { rowsMax: 4 })))
    assert.deepEqual(sheets, {
      'Checkout sessions': [['n'], ['0'], ['1'], ['2']],
      'Checkout sessions 2': [['n'], ['3'], ['4'], ['5']],
      'Checkout sessions 3': [['n'], ['6']],
    })
  }
  assert.deepEqual(readXlsx(await whole(xlsxFile(['n'], batchesOf([])))), { 'Checkout sessions': [['n']] })
})

test('XLSX: columns past Z, control characters and texts that are too long', async () => {
  const wide = Array.from({ length: 60 }, (_, index) => `${index}`)
  const rows = [wide, ['a\u0000b\u001fc\ufffe', 'x'.repeat(40_000)]]
  const sheet = readXlsx(await whole(xlsxFile(wide, batchesOf(rows))))['Checkout sessions'] ?? []
  assert.deepEqual(sheet[1], wide)
  assert.deepEqual([sheet[2]?.[0], sheet[2]?.[1]?.length], ['abc', 32_767])
})
