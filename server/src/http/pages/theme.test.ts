import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadAssets } from './assets.ts'
import { contrast, oklchOf, rgbOf } from './color.ts'
import { themePath, themeSheet } from './theme.ts'

type Variables = Readonly<Record<string, string>>

/** The variables of a sheet's first `:root`, and those that its dark scheme has. */
function schemesOf(sheet: string): { light: Variables; dark: Variables } {
  const [light = {}, dark = {}] = [...sheet.matchAll(/:root \{([^}]*)\}/g)].map(([, block = '']) =>
    Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value])),
  )
  return { light, dark: { ...light, ...dark } }
}

const page = schemesOf(loadAssets().style.body)

/** What is shown on what, and how far it has to stand apart. */
const PAIRS = [
  ...['ground', 'surface', 'sunken', 'warn-soft', 'accent-soft'].map(ground => ['accent', ground, 4.5] as const),
  ...['ink', 'muted', 'warn'].map(text => [text, 'accent-soft', 4.5] as const),
  ['on-accent', 'accent-fill', 4.5] as const,
  ['on-accent', 'accent-strong', 4.5] as const,
  ...['ground', 'surface', 'sunken', 'warn-soft'].map(ground => ['accent-edge', ground, 3] as const),
  ['accent', 'line', 3] as const,
]

function failures(color: string): string[] {
  const theme = schemesOf(themeSheet(color))
  return (['light', 'dark'] as const).flatMap(scheme => {
    const variables: Variables = { ...page[scheme], ...theme[scheme] }
    assert.notEqual(variables['accent-strong'], variables['accent-fill'], `${color}: the pointer changes nothing`)
    return PAIRS.filter(([text, ground, least]) => {
      const [one, other] = [variables[text], variables[ground]]
      return one === undefined || other === undefined || contrast(one, other) < least
    }).map(([text, ground]) => `${color} ${scheme}: ${text} ${variables[text]} on ${ground} ${variables[ground]}`)
  })
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

test('in every colour all that has the accent can be read, light and dark', () => {
  for (let rgb = 0; rgb < 0x1000; rgb++) {
    const color = `#${[...hex(rgb, 3)].map(digit => digit + digit).join('')}`
    assert.deepEqual(failures(color), [])
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), rgb => assert.deepEqual(failures(`#${hex(rgb, 6)}`), [])),
    { numRuns: 2_000 },
  )
})

test('contrast is that of WCAG', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21)
  assert.equal(contrast('#ffffff', '#ffffff'), 1)
  // The lightest grey that passes on white, and the next.
  assert.ok(contrast('#767676', '#ffffff') >= 4.5)
  assert.ok(contrast('#777777', '#ffffff') < 4.5)
})

test('a colour comes back from OKLCH as it was, and lighter ones keep its hue', () => {
  const red = oklchOf('#ff0000')
  assert.deepEqual(
    [red.lightness, red.chroma, (red.hue * 180) / Math.PI].map(value => value.toFixed(3)),
    ['0.628', '0.258', '29.234'],
  )
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), rgb => {
      const color = `#${hex(rgb, 6)}`
      assert.equal(rgbOf(oklchOf(color)), color)
    }),
  )
})

test('accents keep the hue of the colour, and what can be read as it is stays as it is', () => {
  const hues = new Map<string, [scheme: 'light' | 'dark', hue: number]>([
    ['#ffd600', ['light', oklchOf('#ffd600').hue]],
    ['#0b3d91', ['dark', oklchOf('#0b3d91').hue]],
  ])
  for (const [color, [scheme, hue]] of hues) {
    const accent = schemesOf(themeSheet(color))[scheme].accent ?? ''
    assert.notEqual(accent, color)
    assert.ok(Math.abs(oklchOf(accent).hue - hue) < 0.1, `${color} became ${accent}`)
  }
  const { light } = schemesOf(themeSheet('#1d4ed8'))
  assert.deepEqual([light.accent, light['accent-fill'], light['accent-edge']], ['#1d4ed8', '#1d4ed8', '#1d4ed8'])
})

test('a theme takes the place of every accent of the page and of nothing else', () => {
  const names = (sheet: string) => [
    ...new Set([...sheet.matchAll(/^\s*(--[\w-]*accent[\w-]*):/gm)].map(([, name]) => name)),
  ]
  assert.deepEqual(names(themeSheet('#1f6feb')).sort(), names(loadAssets().style.body).sort())
  assert.deepEqual([...themeSheet('#1f6feb').matchAll(/--(?!accent|on-accent)/g)], [])
})

test('only a colour has a style sheet', () => {
  assert.match(themePath('#1f6feb') ?? '', /^\/payment\/theme\/1f6feb\.css\?v=[0-9a-f]{8}$/)
  for (const color of [null, '', '#fff', '#1F6FEB', '1f6feb', '#1f6feb;', 'red']) assert.equal(themePath(color), null)
})
