import { Zip, ZipDeflate } from 'fflate'
import type { RowBatches } from './csvFile.ts'

const ROWS_MAX = 1_048_576
const TEXT_MAX = 32_767
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/**
 * The titles and rows as an Office Open XML workbook (ECMA-376), written as it goes: every cell is text, as it is given. A sheet has
 * `rowsMax` rows at most, titles included; what does not fit goes on in another.
 */
export async function* xlsxFile(
  titles: readonly string[],
  batches: RowBatches,
  { rowsMax = ROWS_MAX }: { rowsMax?: number } = {},
): AsyncGenerator<Uint8Array> {
  const archive = openArchive()
  // Whatever part is not named is a sheet: how many there are is known at the end only.
  archive.add(
    '[Content_Types].xml',
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="${CONTENT}.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="${CONTENT}.sheet.main+xml"/></Types>`,
  )
  archive.add(
    '_rels/.rels',
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  )
  let sheets = 0
  let rowsUsed = rowsMax
  let write: Write = () => undefined
  const endSheet = () => {
    if (sheets > 0) write('</sheetData></worksheet>', true)
  }
  const beginSheet = () => {
    endSheet()
    sheets += 1
    write = archive.open(`xl/worksheets/sheet${sheets}.xml`)
    write(`${XML}<worksheet xmlns="${MAIN}"><sheetData>${rowXml(titles, 1)}`)
    rowsUsed = 1
  }
  beginSheet()
  for await (const rows of batches) {
    let xml = ''
    for (const row of rows) {
      if (rowsUsed === rowsMax) {
        write(xml)
        xml = ''
        beginSheet()
      }
      rowsUsed += 1
      xml += rowXml(row, rowsUsed)
    }
    write(xml)
    yield archive.take()
  }
  endSheet()
  addWorkbook(archive, sheets)
  yield archive.end()
}

type Write = (text: string, isLast?: boolean) => void

type Archive = {
  add: (name: string, content: string) => void
  /** Begins a part; each is ended before the next begins. */
  open: (name: string) => Write
  /** What was written since it was last asked for. */
  take: () => Uint8Array
  end: () => Uint8Array
}

function openArchive(): Archive {
  const chunks: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    chunks.push(chunk)
  })
  const open = (name: string): Write => {
    // Lightly, since nothing else is answered meanwhile.
    const part = new ZipDeflate(name, { level: 2 })
    zip.add(part)
    return (text, isLast = false) => part.push(Buffer.from(text), isLast)
  }
  const take = () => Buffer.concat(chunks.splice(0))
  return {
    add: (name, content) => open(name)(XML + content, true),
    open,
    take,
    end: () => {
      zip.end()
      return take()
    },
  }
}

function addWorkbook(archive: Archive, sheets: number): void {
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1)
  const list = numbers.map(
    n => `<sheet name="Checkout sessions${n > 1 ? ` ${n}` : ''}" sheetId="${n}" r:id="rId${n}"/>`,
  )
  archive.add(
    'xl/workbook.xml',
    `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><sheets>${list.join('')}</sheets></workbook>`,
  )
  const targets = numbers.map(
    n => `<Relationship Id="rId${n}" Type="${RELATIONSHIPS}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
  )
  archive.add(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${PACKAGE}/relationships">${targets.join('')}</Relationships>`,
  )
}

function rowXml(cells: readonly string[], number: number): string {
  const xml = cells.map((cell, column) =>
    cell === ''
      ? ''
      : `<c r="${columnName(column)}${number}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`,
  )
  return `<row r="${number}">${xml.join('')}</row>`
}

/** A, B … Z, AA, AB … */
function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : columnName(Math.floor(index / 26) - 1) + last
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is left out.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

/** The text of a cell, as far as XML and spreadsheets can hold it. */
function xmlText(text: string): string {
  return text
    .slice(0, TEXT_MAX)
    .toWellFormed()
    .replace(NOT_XML, '')
    .replace(/[&<>\r]/g, found => ENTITIES[found] ?? '')
}
