import { inflateSync } from 'node:zlib'
import { invariant } from '../../src/domain/errors.ts'

/** What a PDF of ours says: the text of each page in the order of printing, its fonts, and its title as it is written there. */
export type ReadPdf = { pages: string[]; fonts: { name: string; isEmbedded: boolean }[]; title: string }

/** Reads a PDF as pdfkit writes it: streams deflated, fonts with `ToUnicode`. */
export function readPdf(bytes: Uint8Array): ReadPdf {
  const objects = objectsOf(Buffer.from(bytes).toString('latin1'))
  const find = (text: string, key: string) => {
    const id = new RegExp(`/${key} (\\d+) 0 R`).exec(text)?.[1]
    return id === undefined ? undefined : objects.get(id)
  }
  const texts = [...objects.values()].map(({ text }) => text)
  const pages = texts.filter(text => /\/Type \/Page\b/.test(text))
  return {
    pages: pages.map(page => {
      const content = find(page, 'Contents')?.stream
      const resources = find(page, 'Resources')?.text
      invariant(content !== undefined && resources !== undefined, 'a page has its content and resources')
      const fonts = new Map(
        [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => {
          return [name, mapOf(find(objects.get(id)?.text ?? '', 'ToUnicode')?.stream ?? '')]
        }),
      )
      return textOf(content, fonts)
    }),
    fonts: texts
      .filter(text => text.includes('/Type /FontDescriptor'))
      .map(text => ({ name: /\/FontName \/(\S+)/.exec(text)?.[1] ?? '', isEmbedded: text.includes('/FontFile2') })),
    title: find(texts.find(text => text.includes('/Producer')) ?? '', 'Title')?.text ?? '',
  }
}

function objectsOf(file: string): Map<string, { text: string; stream: string }> {
  return new Map(
    [...file.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id = '', body = '']) => {
      const start = body.indexOf('\nstream\n')
      if (start < 0) return [id, { text: body, stream: '' }]
      const data = Buffer.from(body.slice(start + '\nstream\n'.length, body.lastIndexOf('\nendstream')), 'latin1')
      const text = body.slice(0, start)
      return [id, { text, stream: (text.includes('/FlateDecode') ? inflateSync(data) : data).toString('latin1') }]
    }),
  )
}

/** The text behind each glyph, as a CMap tells it: `<0000> <0003> [<0041> <0042> …]`. */
function mapOf(cmap: string): Map<number, string> {
  const map = new Map<number, string>()
  for (const [, from = '', list = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
    for (const [index, [, hex = '']] of [...list.matchAll(/<([^>]*)>/g)].entries()) {
      const codes = Buffer.from(hex.replaceAll(/\s/g, ''), 'hex').swap16()
      map.set(Number.parseInt(from, 16) + index, codes.toString('utf16le'))
    }
  }
  return map
}

/** Every piece that was printed with one font, in order, each on a line of its own. */
function textOf(content: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string>>): string {
  let font: ReadonlyMap<number, string> = new Map()
  const pieces: string[] = []
  for (const [, name, array] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name !== undefined) font = fonts.get(name) ?? new Map()
    if (array === undefined) continue
    const glyphs = [...array.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
    pieces.push(glyphs.map(glyph => font.get(Number.parseInt(glyph, 16)) ?? '').join(''))
  }
  return pieces.join('\n')
}
