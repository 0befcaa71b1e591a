import type { Paper } from './paper.ts'
import { closeSheet, EDGES, lineHeight, openSheet, type Sheet, type Style, WIDTH } from './sheet.ts'
import { printTable } from './table.ts'

const INK = '#16181d'
const SOFT = '#5c6370'
const RULE = '#d9dce3'
const LINK = '#2447b3'
const TONES = { good: '#157f4a', bad: '#b42318' } as const

const TITLE: Style = { size: 22, weight: 700, color: INK }
const NAME: Style = { size: 12, weight: 700, color: INK }
const HEADLINE: Style = { size: 15, weight: 700, color: INK }
const TEXT: Style = { size: 9, weight: 400, color: INK }
const LABEL: Style = { size: 9, weight: 400, color: SOFT }
const STRONG: Style = { size: 9, weight: 700, color: INK }
const SMALL: Style = { size: 8, weight: 400, color: SOFT }

const LOGO = { width: 150, height: 44 } as const
const GAP = 24
const HALF = (WIDTH - GAP) / 2
const PARTY_WIDTH = 200
/** What is left beside it holds a UUID in one line. */
const LABEL_WIDTH = 92

/** The paper as a PDF of A4 pages with embedded fonts. The same paper gives the same bytes. */
export async function renderPaper(paper: Paper): Promise<Uint8Array> {
  const title = `${paper.title} ${paper.number}`
  const sheet = openSheet({ language: paper.language, title, author: paper.issuer.name, madeAt: paper.issuedAt })
  head(sheet, paper)
  parties(sheet, paper)
  headline(sheet, paper)
  printTable(sheet, paper, { text: TEXT, small: SMALL, label: LABEL, rule: RULE })
  sums(sheet, paper)
  notes(sheet, paper)
  feet(sheet, paper)
  return await closeSheet(sheet)
}

/** The issuer on the left, what this is on the right. */
function head(sheet: Sheet, { title, issuer, stamp }: Paper): void {
  const { doc } = sheet
  doc.rect(0, 0, doc.page.width, 6).fill(issuer.color)
  const top = sheet.y
  sheet.print(sheet.line(title, TITLE), TITLE, { x: EDGES.right, y: top, isRight: true })
  if (stamp !== null) printStamp(sheet, stamp, top + 40)
  if (issuer.logo !== null) {
    // pdfkit takes a Node buffer, and would read anything else as text.
    doc.image(Buffer.from(issuer.logo), EDGES.left, top, { fit: [LOGO.width, LOGO.height] })
    sheet.y += LOGO.height + 10
  }
  block(sheet, issuer.name, NAME, EDGES.left, HALF)
  for (const line of issuer.lines) block(sheet, line, LABEL, EDGES.left, HALF)
  sheet.y = Math.max(sheet.y, top + 72) + GAP
}

function printStamp(sheet: Sheet, { text, tone }: NonNullable<Paper['stamp']>, top: number): void {
  const style: Style = { size: 13, weight: 700, color: TONES[tone] }
  const line = sheet.line(text.toUpperCase(), style)
  const width = line.width + 20
  const left = EDGES.right - width
  sheet.doc.roundedRect(left, top, width, 26, 4).lineWidth(1.5).stroke(TONES[tone])
  sheet.print(line, style, { x: left + 10, y: top + 4 })
}

/** To whom on the left, numbers and dates on the right. */
function parties(sheet: Sheet, { party, facts }: Paper): void {
  const top = sheet.y
  block(sheet, party.label, LABEL, EDGES.left, PARTY_WIDTH)
  for (const [index, line] of party.lines.entries())
    block(sheet, line, index === 0 ? STRONG : TEXT, EDGES.left, PARTY_WIDTH)
  const bottom = sheet.y
  sheet.y = top
  const left = EDGES.left + PARTY_WIDTH + GAP
  const valueLeft = left + LABEL_WIDTH
  for (const { label, value } of facts) {
    sheet.print(sheet.line(label, LABEL), LABEL, { x: left, y: sheet.y })
    block(sheet, value, TEXT, valueLeft, EDGES.right - valueLeft)
  }
  sheet.y = Math.max(bottom, sheet.y) + GAP
}

function headline(sheet: Sheet, { headline: { text, link } }: Paper): void {
  block(sheet, text, HEADLINE, EDGES.left, WIDTH)
  if (link !== null) {
    const style = { ...STRONG, color: LINK }
    const line = sheet.line(link.text, style)
    sheet.print(line, style, { x: EDGES.left, y: sheet.y })
    sheet.doc.link(EDGES.left, sheet.y, line.width, lineHeight(style), link.url)
    sheet.y += lineHeight(style)
  }
  sheet.y += GAP
}

function sums(sheet: Sheet, paper: Paper): void {
  const left = EDGES.left + WIDTH * 0.45
  const labelWidth = (EDGES.right - left) * 0.62
  const amountWidth = EDGES.right - left - labelWidth - 8
  // A total stands on one page with what it is the sum of, where there is room.
  sheet.need(Math.min(paper.sums.length * 20, 300))
  sheet.y += 8
  for (const { label, value, isTotal } of paper.sums) {
    const style = isTotal ? { ...STRONG, size: 10.5 } : TEXT
    const labels = sheet.lines(label, style, labelWidth)
    const values = sheet.lines(value, style, amountWidth)
    const height = Math.max(labels.length, values.length) * lineHeight(style) + 6
    sheet.need(height)
    if (isTotal) rule(sheet, left)
    const top = sheet.y + 4
    for (const [index, line] of labels.entries())
      sheet.print(line, style, { x: left, y: top + index * lineHeight(style) })
    for (const [index, line] of values.entries())
      sheet.print(line, style, { x: EDGES.right, y: top + index * lineHeight(style), isRight: true })
    sheet.y += height
  }
  sheet.y += GAP
}

function rule(sheet: Sheet, left: number): void {
  sheet.doc.moveTo(left, sheet.y).lineTo(EDGES.right, sheet.y).lineWidth(0.75).stroke(RULE)
}

function notes(sheet: Sheet, paper: Paper): void {
  for (const { label, text } of paper.notes) {
    // A label does not stand alone at the end of a page.
    sheet.need(3 * lineHeight(TEXT))
    if (label !== null) block(sheet, label, STRONG, EDGES.left, WIDTH)
    block(sheet, text, TEXT, EDGES.left, WIDTH)
    sheet.y += 12
  }
}

/** What this is and which page of how many, at the foot of each. */
function feet(sheet: Sheet, { title, number, issuer, pageText }: Paper): void {
  const { doc } = sheet
  const { count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page)
    const y = EDGES.bottom + 24
    doc
      .moveTo(EDGES.left, y - 6)
      .lineTo(EDGES.right, y - 6)
      .lineWidth(0.75)
      .stroke(RULE)
    const pages = sheet.line(pageText(page + 1, count), SMALL)
    const [what] = sheet.lines(`${title} ${number} · ${issuer.name}`, SMALL, WIDTH - pages.width - GAP)
    if (what !== undefined) sheet.print(what, SMALL, { x: EDGES.left, y })
    sheet.print(pages, SMALL, { x: EDGES.right, y, isRight: true })
  }
}

/** A paragraph, which may go on over pages. */
function block(sheet: Sheet, text: string, style: Style, x: number, width: number): void {
  for (const line of sheet.lines(text, style, width)) {
    sheet.need(lineHeight(style))
    sheet.print(line, style, { x, y: sheet.y })
    sheet.y += lineHeight(style)
  }
}
