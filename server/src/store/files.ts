import { sql } from 'kysely'
import type { FileKind } from '../domain/file.ts'
import type { Database, Tx } from './database.ts'

/** A picture that an organization gave us, or that was fetched for it from `sourceUrl`. */
export type StoredFile = {
  organizationId: string
  id: string
  createdAt: Date
  kind: FileKind
  contentType: string
  bytes: Buffer
  sourceUrl: string | null
}

/** Adds a picture, which never changes afterwards. */
export async function insertFile(tx: Tx, file: StoredFile): Promise<void> {
  await tx
    .insertInto('files')
    .values({
      organization_id: file.organizationId,
      id: file.id,
      created_at: file.createdAt,
      kind: file.kind,
      content_type: file.contentType,
      bytes: file.bytes,
      source_url: file.sourceUrl,
    })
    .execute()
}

/** Whether the organization has `count` pictures or more. */
export async function hasFiles(tx: Tx, organizationId: string, count: number): Promise<boolean> {
  const row = await tx
    .selectFrom('files')
    .select('id')
    .where('organization_id', '=', organizationId)
    .offset(count - 1)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether the organization has the picture `id`. */
export async function hasFile(tx: Tx, organizationId: string, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('files')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

/** The picture `id` of whichever organization, or null: everybody may see it who knows its address. */
export async function findPublicFile(db: Database, id: string): Promise<{ contentType: string; bytes: Buffer } | null> {
  const { rows } = await sql<{ content_type: string; bytes: Buffer }>`select * from public_file(${id})`.execute(db.app)
  const row = rows[0]
  return row === undefined ? null : { contentType: row.content_type, bytes: row.bytes }
}
