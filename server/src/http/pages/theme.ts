import { createHash } from 'node:crypto'
import { loadAssets } from './assets.ts'
import { contrast, type Oklch, oklchOf, rgbOf } from './color.ts'

/** Where the style sheets of merchants' colours are: `<THEME_PATH>/1f6feb.css` is that of pages with #1f6feb. */
export const THEME_PATH = '/payment/theme'

/** WCAG 2.2: text needs 4.5 to 1 (1.4.3), the edge of a button and the focus ring 3 to 1 (1.4.11). */
const TEXT_CONTRAST = 4.5
const EDGE_CONTRAST = 3

const STEP = 0.005

/** A colour scheme of checkout.css: what accents stand on there, and which way they go to stand out. */
type Scheme = {
  readonly surfaces: readonly string[]
  readonly direction: 1 | -1
  readonly soft: { readonly lightness: number; readonly chroma: number }
}

/** The grounds of checkout.css: --ground, --surface, --sunken and --warn-soft. */
const LIGHT: Scheme = {
  surfaces: ['#f5f6f8', '#ffffff', '#f7f8fa', '#fff5e3'],
  direction: -1,
  soft: { lightness: 0.96, chroma: 0.02 },
}
const DARK: Scheme = {
  surfaces: ['#0f1217', '#181c23', '#1e232c', '#2b2213'],
  direction: 1,
  soft: { lightness: 0.29, chroma: 0.045 },
}

/** The path of the style sheet of pages with a brand's colour, or null where there is none: theirs is checkout.css. */
export function themePath(color: string | null): string | null {
  return color !== null && /^#[0-9a-f]{6}$/.test(color) ? `${THEME_PATH}/${color.slice(1)}.css?v=${VERSION}` : null
}

/**
 * The style sheet that gives the page the accents of `color` (#rrggbb). The first button has the colour itself. Text, links, lines
 * and the focus ring have its hue, lighter or darker as far as the grounds of the page ask for.
 */
export function themeSheet(color: string): string {
  return `:root {\n${declarations(color, LIGHT)}}\n\n@media (prefers-color-scheme: dark) {\n:root {\n${declarations(color, DARK)}}\n}\n`
}

function declarations(color: string, scheme: Scheme): string {
  return Object.entries(accents(color, scheme))
    .map(([name, value]) => `  --${name}: ${value};\n`)
    .join('')
}

function accents(color: string, scheme: Scheme): Record<string, string> {
  const { surfaces, direction, soft } = scheme
  const brand = oklchOf(color)
  const accentSoft = rgbOf({ ...brand, lightness: soft.lightness, chroma: Math.min(brand.chroma, soft.chroma) })
  // White on a colour looks right long before black does: black only where white cannot be read.
  const onAccent = contrast(color, '#ffffff') >= TEXT_CONTRAST ? '#ffffff' : '#000000'
  return {
    accent: moved(brand, direction, shade => stands(shade, [...surfaces, accentSoft], TEXT_CONTRAST)),
    'accent-fill': color,
    'accent-edge': moved(brand, direction, shade => stands(shade, surfaces, EDGE_CONTRAST)),
    'accent-strong': hovered(brand, onAccent),
    'on-accent': onAccent,
    'accent-soft': accentSoft,
  }
}

function stands(shade: string, surfaces: readonly string[], ratio: number): boolean {
  return surfaces.every(surface => contrast(shade, surface) >= ratio)
}

/** The first shade of `color` that suits, going lighter or darker; black and white suit at the latest. */
function moved(color: Oklch, direction: 1 | -1, suits: (shade: string) => boolean): string {
  for (let distance = 0; ; distance += STEP) {
    const shade = rgbOf({ ...color, lightness: color.lightness + direction * distance })
    if (suits(shade) || distance > 1) return shade
  }
}

/** What the button becomes under the pointer: further from its text, or nearer where there is nothing further. */
function hovered(color: Oklch, onAccent: string): string {
  const { lightness } = color
  if (onAccent === '#000000') return rgbOf({ ...color, lightness: lightness + (lightness > 0.95 ? -0.05 : 0.05) })
  // The darkest colours look alike: it takes more to tell them apart.
  return rgbOf({ ...color, lightness: lightness + (lightness < 0.2 ? 0.15 : -0.05) })
}

const STYLE = loadAssets().style.body

/** The style sheet of pages with a brand's colour: checkout.css and the colour in one, so that the first sight waits for one file. */
export function themedStyle(color: string): string {
  return `${STYLE}\n${themeSheet(color)}`
}

/** Browsers keep a sheet for a year: one that is made another way has another address. */
const VERSION = createHash('sha256')
  .update(['#000000', '#ffffff', '#1f6feb', '#ffd400'].map(themedStyle).join(''))
  .digest('hex')
  .slice(0, 8)
