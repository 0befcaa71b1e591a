/** A colour by how it looks: `lightness` from 0 to 1, `chroma` from 0 (grey) to about 0.37, `hue` in radians. */
export type Oklch = { readonly lightness: number; readonly chroma: number; readonly hue: number }

type Triple = readonly [number, number, number]

// Gamma of sRGB: IEC 61966-2-1.
function toLinear(byte: number): number {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function toByte(linear: number): number {
  const value = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(value * 255)
}

function channels(color: string): Triple {
  const rgb = Number.parseInt(color.slice(1), 16)
  return [toLinear(rgb >> 16), toLinear((rgb >> 8) & 0xff), toLinear(rgb & 0xff)]
}

/** How far two colours (#rrggbb) stand apart, from 1 to 21: the contrast ratio of WCAG 2.2. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function luminance(color: string): number {
  const [red, green, blue] = channels(color)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** A colour (#rrggbb) in OKLCH: Björn Ottosson, "A perceptual color space for image processing" (2020), with his matrices of 2021. */
export function oklchOf(color: string): Oklch {
  const [red, green, blue] = channels(color)
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    chroma: Math.hypot(a, b),
    hue: Math.atan2(b, a),
  }
}

const CHROMA_STEPS = 12

/** The colour as #rrggbb, with as much of its chroma as sRGB has at its lightness; black and white beyond both ends. */
export function rgbOf(color: Oklch): string {
  if (color.lightness <= 0) return '#000000'
  if (color.lightness >= 1) return '#ffffff'
  let [kept, refused] = [0, color.chroma]
  let linear = linearOf(color)
  if (isShown(linear)) return text(linear)
  for (let step = 0; step < CHROMA_STEPS; step++) {
    const chroma = (kept + refused) / 2
    linear = linearOf({ ...color, chroma })
    if (isShown(linear)) kept = chroma
    else refused = chroma
  }
  return text(linearOf({ ...color, chroma: kept }))
}

function linearOf({ lightness, chroma, hue }: Oklch): Triple {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

// A colour of sRGB comes back from OKLCH within rounding of what it was.
const TOLERANCE = 1e-4

function isShown(linear: Triple): boolean {
  return linear.every(channel => channel >= -TOLERANCE && channel <= 1 + TOLERANCE)
}

function text(linear: Triple): string {
  const bytes = linear.map(channel => toByte(Math.min(1, Math.max(0, channel))))
  return `#${bytes.map(byte => byte.toString(16).padStart(2, '0')).join('')}`
}
