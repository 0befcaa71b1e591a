import sharp, { type Sharp } from 'sharp'
import { AppError } from '../domain/errors.ts'

/** A picture as we keep and serve it: pixels alone, at most 1024 to a side and 2 MB. */
export type EncodedImage = { contentType: `image/${'png' | 'jpeg' | 'webp'}`; bytes: Buffer }

type Format = 'png' | 'jpeg' | 'webp'

/** The largest picture that is read, in bytes. */
export const IMAGE_BYTES_MAX = 5 * 1024 * 1024

const SIDE_MAX = 4096
const KEPT_SIDE_MAX = 1024
// As PNG it is at most 1 MB, whatever it shows.
const LOGO_SIDE_MAX = 512
const KEPT_BYTES_MAX = 2 * 1024 * 1024
const SECONDS_MAX = 10

// What reads SVG, PDF, GIF, TIFF and many more cannot be reached, whatever a file claims to be.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp'] })
// A picture is seen once: keeping it would cost memory only. And many at once share the machine with requests.
sharp.cache(false)
sharp.concurrency(1)

/**
 * The picture in `bytes`, decoded and encoded anew: turned upright, made smaller, with nothing else that was in the file. What it is
 * follows from its content alone. A logo is smaller, and PNG or JPEG, so that documents can show it. Throws `image_invalid` with the
 * reason, naming `param`.
 */
export async function encodeImage(
  bytes: Uint8Array,
  param: string | null,
  { isLogo = false }: { isLogo?: boolean } = {},
): Promise<EncodedImage> {
  const refuse = (reason: string, cause?: unknown) =>
    new AppError('image_invalid', `The picture ${reason}.`, { param, ...(cause !== undefined && { cause }) })
  if (bytes.length > IMAGE_BYTES_MAX) throw refuse(`has more than ${IMAGE_BYTES_MAX / 1024 / 1024} MB`)
  const format = formatOf(bytes)
  if (format === null) throw refuse('is neither PNG, JPEG nor WebP')
  try {
    const image = sharp(bytes, { limitInputPixels: SIDE_MAX * SIDE_MAX, failOn: 'error' })
    const { width, height, format: read } = await image.metadata()
    if (read !== format) throw refuse(`is not the ${format} file that it begins as`)
    if (width > SIDE_MAX || height > SIDE_MAX) {
      throw refuse(`is ${width} × ${height} pixels, and ${SIDE_MAX} to a side are allowed`)
    }
    return await encode(image, isLogo && format === 'webp' ? 'png' : format, isLogo ? LOGO_SIDE_MAX : KEPT_SIDE_MAX)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw refuse('cannot be read: it is damaged or not whole', error)
  }
}

async function encode(image: Sharp, format: Format, sideMax: number): Promise<EncodedImage> {
  const upright = image
    .timeout({ seconds: SECONDS_MAX })
    .autoOrient()
    .resize({ width: sideMax, height: sideMax, fit: 'inside', withoutEnlargement: true })
  const bytes = await upright.clone().toFormat(format).toBuffer()
  if (bytes.length <= KEPT_BYTES_MAX) return { contentType: `image/${format}`, bytes }
  // Noise cannot be packed without loss.
  return { contentType: 'image/webp', bytes: await upright.clone().webp({ quality: 80 }).toBuffer() }
}

/** What a file begins as. */
function formatOf(bytes: Uint8Array): Format | null {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  return /^RIFF.{4}WEBP$/s.test(head) ? 'webp' : null
}
