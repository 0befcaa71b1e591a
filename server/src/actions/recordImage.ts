import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { ownFileId } from '../domain/file.ts'
import { asWorker } from '../store/database.ts'
import { hasFile } from '../store/files.ts'
import { findWantedImage, recordImageFetch, type WantedImage } from '../store/imageFetches.ts'
import { encodeImage } from './encodeImage.ts'
import { storeImage } from './storeFile.ts'

/** What a fetch brought: a file, or why there is none. */
export type FetchedFile = { bytes: Uint8Array; error: null } | { bytes: null; error: string }

/** The next picture that an organization waits for, after the address `after`; null when there is none. */
export async function nextImage(
  ctx: Context,
  organizationId: string,
  after: string | null,
): Promise<WantedImage | null> {
  const url = await asWorker(ctx.db, tx => findWantedImage(tx, organizationId, after))
  return url === null ? null : { organizationId, url }
}

/** Whether `image` is one that the organization uploaded here; it is then recorded, and nothing needs to be fetched. */
export async function recordOwnImage(ctx: Context, image: WantedImage): Promise<boolean> {
  const fileId = ownFileId(ctx.config.publicUrl, image.url)
  if (fileId === null) return false
  return await asWorker(ctx.db, async tx => {
    if (!(await hasFile(tx, image.organizationId, fileId))) return false
    await recordImageFetch(tx, image, { fileId, error: null }, ctx.clock.now())
    return true
  })
}

/** Keeps what was fetched for `image`, or the reason why there is nothing to keep. */
export async function recordImage(ctx: Context, image: WantedImage, fetched: FetchedFile): Promise<void> {
  const encoded = await orReason(async () => {
    if (fetched.bytes === null) return { reason: fetched.error }
    return await encodeImage(fetched.bytes, null)
  })
  await asWorker(ctx.db, async tx => {
    const { organizationId, url } = image
    const of = { organizationId, kind: 'product_image', sourceUrl: url } as const
    const stored =
      'reason' in encoded ? encoded : await orReason(async () => ({ fileId: await storeImage(tx, ctx, of, encoded) }))
    const outcome = 'reason' in stored ? { fileId: null, error: stored.reason } : { ...stored, error: null }
    await recordImageFetch(tx, image, outcome, ctx.clock.now())
  })
}

/** What `work` returns, or the sentence with which it refuses. */
async function orReason<T>(work: () => Promise<T>): Promise<T | { reason: string }> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError) return { reason: error.message }
    throw error
  }
}
