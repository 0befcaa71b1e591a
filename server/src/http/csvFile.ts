/** Rows of texts, as they become known. */
export type RowBatches = AsyncIterable<readonly (readonly string[])[]>

/** So that spreadsheets read UTF-8. */
const BYTE_ORDER_MARK = '\ufeff'

/** The titles and rows as CSV (RFC 4180) in UTF-8: a chunk for the titles, then one for each batch. */
export async function* csvFile(titles: readonly string[], batches: RowBatches): AsyncGenerator<Uint8Array> {
  yield Buffer.from(BYTE_ORDER_MARK + lineOf(titles))
  for await (const rows of batches) {
    if (rows.length > 0) yield Buffer.from(rows.map(lineOf).join(''))
  }
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`
}

/** Semicolons and tabs are quoted too: in some places spreadsheets take them for separators. */
function quoted(cell: string): string {
  return /[",;\t\r\n]|^ | $/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
