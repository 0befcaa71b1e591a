import { fileURLToPath } from 'node:url'
import ranges from '@fontsource/noto-sans/unicode.json' with { type: 'json' }

/** The parts that the font comes in, the common ones first: some characters are in several. */
const SCRIPTS = [
  'latin',
  'latin-ext',
  'cyrillic',
  'cyrillic-ext',
  'greek',
  'greek-ext',
  'vietnamese',
  'devanagari',
] as const

export type Script = (typeof SCRIPTS)[number]

export type Weight = 400 | 700

/** A piece of text that one part of the font can print. */
export type Run = { script: Script; text: string }

const COVERED = SCRIPTS.map(script => ({ script, spans: ranges[script].split(',').map(spanOf) }))

const FILES = Object.fromEntries(
  SCRIPTS.map(script => [script, { 400: fileOf(script, 400), 700: fileOf(script, 700) }]),
) as Record<Script, Record<Weight, string>>

/** The path of a part of the font, WOFF. */
export function fontFile(script: Script, weight: Weight): string {
  return FILES[script][weight]
}

function fileOf(script: Script, weight: Weight): string {
  return fileURLToPath(import.meta.resolve(`@fontsource/noto-sans/files/noto-sans-${script}-${weight}-normal.woff`))
}

/** Cuts text into runs of one script each; what no script has is printed as an empty box of the first one. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = []
  for (const character of text) {
    const last = runs.at(-1)
    const isSame = last !== undefined && covers(last.script, character)
    const script = isSame ? last.script : (SCRIPTS.find(each => covers(each, character)) ?? SCRIPTS[0])
    if (last?.script === script) last.text += character
    else runs.push({ script, text: character })
  }
  return runs
}

function covers(script: Script, character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  const spans = COVERED.find(part => part.script === script)?.spans ?? []
  return spans.some(({ from, to }) => from <= code && code <= to)
}

/** `U+0102-0103` or `U+2116`. */
function spanOf(text: string): { from: number; to: number } {
  const [from = '', to = from] = text.slice('U+'.length).split('-')
  return { from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }
}
