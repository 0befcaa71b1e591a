import { type Run, runsOf } from './typeface.ts'

/** A run with its width in points. */
export type WideRun = Run & { width: number }

/** A line of text that fits. */
export type Line = { runs: readonly WideRun[]; width: number }

/** The width of a run in points, at the size and weight of the text. */
export type Measure = (run: Run) => number

/** Text broken into lines of at most `width` points: between words, and inside a word that is longer than a line. */
export function textLines(text: string, width: number, measure: Measure): Line[] {
  const space = widthOf(' ', measure)
  return text.split('\n').flatMap(paragraph => {
    const lines: string[][] = [[]]
    let left = width
    for (const word of paragraph.split(/[ \t]+/).filter(part => part !== '')) {
      for (const [index, piece] of piecesOf(word, width, measure).entries()) {
        const wide = widthOf(piece, measure)
        if (index > 0 || wide > left) {
          lines.push([])
          left = width
        }
        lines.at(-1)?.push(piece)
        left -= wide + space
      }
    }
    return lines.map(words => lineOf(words.join(' '), measure))
  })
}

/** One line as it is, however long. */
export function lineOf(text: string, measure: Measure): Line {
  const runs = runsOf(text).map(run => ({ ...run, width: measure(run) }))
  return { runs, width: runs.reduce((sum, run) => sum + run.width, 0) }
}

function widthOf(text: string, measure: Measure): number {
  return runsOf(text).reduce((sum, run) => sum + measure(run), 0)
}

/** A word cut where it no longer fits; marks stay with the letter that they are on. */
function piecesOf(word: string, width: number, measure: Measure): string[] {
  if (widthOf(word, measure) <= width) return [word]
  const pieces: string[] = []
  let piece = ''
  let left = width
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    // Letters one by one, not the piece anew with each: a text that is one long word would take minutes.
    const wide = widthOf(segment, measure)
    if (piece !== '' && wide > left) {
      pieces.push(piece)
      piece = ''
      left = width
    }
    piece += segment
    left -= wide
  }
  return [...pieces, piece]
}
