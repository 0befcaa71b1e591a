import type { Cell, Paper } from './paper.ts'
import { EDGES, lineHeight, type Sheet, type Style, WIDTH } from './sheet.ts'
import type { Line } from './textLines.ts'

/** How a table looks: its text, its details, its header, and the color of its rules. */
type TableStyle = { text: Style; small: Style; label: Style; rule: string }

type Place = { x: number; width: number; isRight: boolean }

const PAD = 5
const SPACE = 12
/** The most of a row that is moved to the next page to keep it in one piece; a higher one is divided. */
const WHOLE_MAX = 240

/** Prints the table; its header is repeated on every page that it goes on to. */
export function printTable(sheet: Sheet, { columns, rows }: Paper, style: TableStyle): void {
  const places = placesOf(columns)
  const header = () => {
    const labels = columns.map(({ label }, index) => sheet.lines(label, style.label, places[index]?.width ?? 0))
    const height = Math.max(...labels.map(({ length }) => length)) * lineHeight(style.label)
    for (const [index, lines] of labels.entries()) {
      for (const [row, line] of lines.entries())
        printIn(sheet, line, style.label, places[index], sheet.y + row * lineHeight(style.label))
    }
    sheet.y += height + PAD
    rule(sheet, style.rule)
  }
  sheet.need(80)
  header()
  for (const row of rows) printRow(sheet, row, places, style, header)
}

function printRow(
  sheet: Sheet,
  row: readonly Cell[],
  places: readonly Place[],
  style: TableStyle,
  header: () => void,
): void {
  const cells = row.map((cell, index) => cellLines(sheet, cell, places[index]?.width ?? 0, style))
  const heights = cells.map(lines => lines.reduce((sum, { style: own }) => sum + lineHeight(own), 0))
  sheet.need(Math.min(Math.max(...heights) + 2 * PAD, WHOLE_MAX), header)
  sheet.y += PAD
  const height = Math.max(...heights)
  const top = sheet.y
  // Of a row that is divided, the deepest cell alone goes on over pages: the others end by far on this one.
  const divided = height > WHOLE_MAX ? heights.indexOf(height) : null
  for (const [index, lines] of cells.entries()) {
    let y = top
    for (const { line, style: own } of index === divided ? [] : lines) {
      printIn(sheet, line, own, places[index], y)
      y += lineHeight(own)
    }
  }
  if (divided === null) sheet.y = top + height
  else {
    for (const { line, style: own } of cells[divided] ?? []) {
      sheet.need(lineHeight(own), header)
      printIn(sheet, line, own, places[divided], sheet.y)
      sheet.y += lineHeight(own)
    }
  }
  sheet.y += PAD
  rule(sheet, style.rule)
}

function cellLines(sheet: Sheet, { text, details }: Cell, width: number, style: TableStyle) {
  const lines = (each: string, own: Style) => sheet.lines(each, own, width).map(line => ({ line, style: own }))
  return [...lines(text, style.text), ...details.flatMap(detail => lines(detail, style.small))]
}

function printIn(sheet: Sheet, line: Line, style: Style, place: Place | undefined, y: number): void {
  if (place === undefined) return
  const { x, width, isRight } = place
  sheet.print(line, style, { x: isRight ? x + width : x, y, isRight })
}

function placesOf(columns: Paper['columns']): Place[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0)
  const room = WIDTH - SPACE * (columns.length - 1)
  let x: number = EDGES.left
  return columns.map(({ share, isAmount }) => {
    const width = (room * share) / shares
    const place = { x, width, isRight: isAmount }
    x += width + SPACE
    return place
  })
}

function rule({ doc, y }: Sheet, color: string): void {
  doc.moveTo(EDGES.left, y).lineTo(EDGES.right, y).lineWidth(0.75).stroke(color)
}
