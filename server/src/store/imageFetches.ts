import { sql } from 'kysely'
import type { Tx } from './database.ts'

/** A picture of another host that is to be fetched. */
export type WantedImage = { organizationId: string; url: string }

/** What came of a fetch: our copy, or why there is none. */
export type FetchedImage = { fileId: string; error: null } | { fileId: null; error: string }

/**
 * Asks a job to fetch the pictures at `urls` that the organization has no copy of, in the transaction that names them; one that was
 * refused before is tried again.
 */
export async function enqueueImageFetches(tx: Tx, organizationId: string, urls: readonly string[]): Promise<void> {
  // In one order, so that two writers of the same addresses never wait for each other in a circle.
  const wanted = [...new Set(urls)].toSorted()
  if (wanted.length === 0) return
  await sql`
    insert into image_fetches as f (organization_id, url)
    select ${organizationId}::uuid, url from unnest(${wanted}::text[]) with ordinality w(url, place) order by place
    on conflict (organization_id, url) do update set error = null, fetched_at = null where f.error is not null`.execute(
    tx,
  )
  const missing = await tx
    .selectFrom('image_fetches')
    .select('url')
    .where('organization_id', '=', organizationId)
    .where('url', '=', sql<string>`any(${wanted}::text[])`)
    .where('fetched_at', 'is', null)
    .executeTakeFirst()
  if (missing === undefined) return
  const payload = JSON.stringify({ organizationId })
  await sql`select enqueue('fetchImages', ${payload}::json, ${`images ${organizationId}`})`.execute(tx)
}

/** The next picture that the organization waits for, after the address `after`; null when there is none. */
export async function findWantedImage(tx: Tx, organizationId: string, after: string | null): Promise<string | null> {
  let query = tx
    .selectFrom('image_fetches')
    .select('url')
    .where('organization_id', '=', organizationId)
    .where('fetched_at', 'is', null)
  if (after !== null) query = query.where('url', '>', after)
  return (await query.orderBy('url').limit(1).executeTakeFirst())?.url ?? null
}

/** Writes what came of the fetch of `image`. */
export async function recordImageFetch(
  tx: Tx,
  image: WantedImage,
  { fileId, error }: FetchedImage,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('image_fetches')
    .set({ fetched_at: now, file_id: fileId, error })
    .where('organization_id', '=', image.organizationId)
    .where('url', '=', image.url)
    .execute()
}
