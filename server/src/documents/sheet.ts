import PDFDocument from 'pdfkit'
import { type Line, lineOf, type Measure, textLines } from './textLines.ts'
import { fontFile, type Run, type Weight } from './typeface.ts'

/** How text looks: size in points and color. */
export type Style = { size: number; weight: Weight; color: string }

/** The edges of what is printed on a page of A4, in points from its upper left corner. */
export const EDGES = { left: 50, right: 545, top: 50, bottom: 770 } as const

/** The width of what is printed. */
export const WIDTH = EDGES.right - EDGES.left

/** A document with a place on its last page where the next thing goes. */
export type Sheet = {
  doc: PDFKit.PDFDocument
  /** Points from the top of the last page. */
  y: number
  /** Begins a page where less than `height` points are left on this one; `onPage` is told of it. */
  need: (height: number, onPage?: () => void) => void
  /** Text broken into lines of `width` points. */
  lines: (text: string, style: Style, width: number) => Line[]
  /** One line with its upper left, or with `right` its upper right corner, at `x` and `y`. */
  print: (line: Line, style: Style, place: { x: number; y: number; isRight?: boolean }) => void
  /** The text as one line. */
  line: (text: string, style: Style) => Line
}

/** How high a line of this size is, in points. */
export function lineHeight({ size }: Style): number {
  return size * 1.4
}

/** An empty document of A4 pages with these properties; the same ones give the same bytes. */
export function openSheet(info: { language: string; title: string; author: string; madeAt: Date }): Sheet {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    lang: info.language,
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: info.title, Author: info.author, Creator: 'Bitstream', CreationDate: info.madeAt },
  })
  const sheet: Sheet = {
    doc,
    y: EDGES.top,
    need: (height, onPage) => {
      if (sheet.y + height <= EDGES.bottom) return
      doc.addPage()
      sheet.y = EDGES.top
      onPage?.()
    },
    lines: (text, style, width) => textLines(text, width, measureOf(doc, style)),
    line: (text, style) => lineOf(text, measureOf(doc, style)),
    print: ({ runs, width }, style, { x, y, isRight = false }) => {
      let left = isRight ? x - width : x
      for (const run of runs) {
        choose(doc, run, style).fillColor(style.color).text(run.text, left, y, { lineBreak: false })
        left += run.width
      }
    },
  }
  return sheet
}

/** The document's bytes; nothing can be added afterwards. */
export async function closeSheet({ doc }: Sheet): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  doc.on('end', resolve)
  doc.on('error', reject)
  doc.end()
  await promise
  return Buffer.concat(chunks)
}

function measureOf(doc: PDFKit.PDFDocument, style: Style): Measure {
  return run => choose(doc, run, style).widthOfString(run.text)
}

/** Fonts are opened when their first character comes: most papers need two. */
function choose(doc: PDFKit.PDFDocument, { script }: Run, { weight, size }: Style): PDFKit.PDFDocument {
  return doc.font(fontFile(script, weight), size)
}
