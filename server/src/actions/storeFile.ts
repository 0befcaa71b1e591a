import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { type FileKind, filePath, fileUrl } from '../domain/file.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { findPublicFile, hasFiles, insertFile } from '../store/files.ts'
import type { Caller } from './caller.ts'
import { type EncodedImage, encodeImage } from './encodeImage.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

const FILES_MAX = 20_000

/**
 * Keeps a picture of the organization and returns its id; `sourceUrl` is where it was fetched, null for an upload. Throws `file_limit`
 * where there are too many: none is ever deleted.
 */
export async function storeImage(
  tx: Tx,
  ctx: Context,
  of: { organizationId: string; kind: FileKind; sourceUrl: string | null },
  image: EncodedImage,
): Promise<string> {
  if (await hasFiles(tx, of.organizationId, FILES_MAX)) {
    throw new AppError('file_limit', `An organization keeps at most ${FILES_MAX} pictures.`)
  }
  const createdAt = ctx.clock.now()
  const id = uuidv7(createdAt, ctx.random(10))
  await insertFile(tx, { ...of, ...image, id, createdAt })
  return id
}

/** Keeps an uploaded picture and answers with where it is served. Throws as `encodeImage` and `storeImage`. */
export async function storeFile(
  ctx: Context,
  caller: Caller,
  kind: FileKind,
  given: Uint8Array,
  once: OnceKey | null,
): Promise<Answered> {
  const image = await encodeImage(given, 'image', { isLogo: kind === 'brand_logo' })
  return await writeOnce(ctx, caller, once, async tx => {
    const id = await storeImage(tx, ctx, { organizationId: caller.organizationId, kind, sourceUrl: null }, image)
    return { body: JSON.stringify({ filePath: filePath(id), imageUrl: fileUrl(ctx.config.publicUrl, id) }) }
  })
}

/** The picture `id` with its media type, or null; for anybody who knows its address. */
export async function getPublicFile(ctx: Context, id: string): Promise<{ contentType: string; bytes: Buffer } | null> {
  return await findPublicFile(ctx.db, id)
}
