import { z } from '@hono/zod-openapi'
import { getPublicFile, storeFile } from '../actions/storeFile.ts'
import type { Context } from '../context.ts'
import { FILE_KINDS, type FileKind, filePath } from '../domain/file.ts'
import { isUuid } from '../domain/uuid.ts'
import { errorReply, toReplyError } from './errorReply.ts'
import { type App, addMethodNotAllowed, docsUrl, missing, type Route, route } from './router.ts'
import { PARAM, refuse, rule } from './rules.ts'

/** A file of a form. */
export const file = rule(
  value => {
    if (value === undefined) throw refuse('parameter_missing', `${PARAM} is required.`)
    if (value instanceof File) return value
    throw refuse('parameter_invalid', `${PARAM} must be a file: send its bytes with a file name.`)
  },
  { type: 'string', format: 'binary' },
)

const storageFileSchema = z
  .object({
    filePath: z.string().openapi({ description: 'Where our own origin serves it.' }),
    imageUrl: z.string(),
  })
  .openapi('StorageFile')

const FILE_HEADERS = {
  'cache-control': 'public, max-age=31536000, immutable',
  'content-disposition': 'inline',
  'content-security-policy': "default-src 'none'; sandbox",
  // Shops and mail programs of others show logos.
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
}

/** The upload of pictures. */
export function fileRoutes(ctx: Context): Route[] {
  return [
    route({
      method: 'post',
      path: '/storage/files/{storageType}',
      choices: { storageType: FILE_KINDS },
      operationId: 'storeFile',
      summary: 'Upload a picture: PNG, JPEG or WebP of at most 5 MB and 4096 pixels a side',
      tag: 'Storage',
      scope: 'products:write',
      body: z.strictObject({ image: file }),
      bodyKind: 'multipart',
      response: storageFileSchema,
      handle: async ({ caller, id, body, once }) =>
        await storeFile(ctx, caller, id as FileKind, await body.image.bytes(), once),
    }),
  ]
}

/** Where pictures are served, for everybody and for ever: what an address shows never changes. */
export function addFiles(app: App, ctx: Context): void {
  const path = filePath(':id')
  app.get(path, async c => {
    const id = c.req.param('id') ?? ''
    try {
      const found = isUuid(id) ? await getPublicFile(ctx, id) : null
      if (found === null) throw missing()
      const headers = { ...FILE_HEADERS, 'content-type': found.contentType }
      return new Response(new Uint8Array(found.bytes), { headers })
    } catch (error) {
      const requestId = c.get('requestId')
      return errorReply(toReplyError(ctx, error, requestId), requestId, docsUrl(ctx))
    }
  })
  addMethodNotAllowed(app, ctx, path, ['GET'])
}
