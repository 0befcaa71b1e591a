import { type Selectable, type SqlBool, sql } from 'kysely'
import type { EnabledEvent, EventType } from '../domain/event.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, createdWithin } from './lists.ts'
import type { WebhookEndpoints } from './schema.ts'

/** Where an organization is told about events, without its secrets; `failingSince` is null while the last attempt worked. */
export type WebhookEndpoint = {
  id: string
  organizationId: string
  createdAt: Date
  updatedAt: Date
  description: string
  url: string
  enabledEvents: EnabledEvent[]
  isDisabled: boolean
  failingSince: Date | null
}

/** What a list of endpoints may be narrowed by. */
export type EndpointFilter = {
  ids?: string[]
  isDisabled?: boolean
  createdAt?: CreatedAtFilter
}

const COLUMNS = [
  'id',
  'organization_id',
  'created_at',
  'updated_at',
  'description',
  'url',
  'enabled_events',
  'is_disabled',
  'failing_since',
] as const

function selectEndpoints(tx: Tx) {
  return tx.selectFrom('webhook_endpoints').select(COLUMNS).where('deleted_at', 'is', null)
}

/** A page of the caller's endpoints, newest first, after the endpoint `after` or past `offset` rows. */
export async function listEndpoints(
  tx: Tx,
  filter: EndpointFilter,
  page: { limit: number; offset: number; after: string | null },
): Promise<WebhookEndpoint[]> {
  let query = selectEndpoints(tx)
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (filter.ids !== undefined) query = query.where('id', 'in', filter.ids)
  if (filter.isDisabled !== undefined) query = query.where('is_disabled', '=', filter.isDisabled)
  query = query.where(createdWithin(filter.createdAt))
  const rows = await query
    .orderBy('organization_id', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(fromRow)
}

/** The caller's endpoint `id`, or null when there is none or it was deleted. */
export async function findEndpoint(tx: Tx, id: string): Promise<WebhookEndpoint | null> {
  const row = await selectEndpoints(tx).where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

/** As `findEndpoint`, and nobody else changes the endpoint until the transaction ends. */
export async function lockEndpoint(tx: Tx, id: string): Promise<WebhookEndpoint | null> {
  const row = await selectEndpoints(tx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

/** The caller's enabled endpoints that asked for `type`, locked as by `lockEndpoint`, in one order for everybody. */
export async function lockEndpointsFor(tx: Tx, type: EventType): Promise<WebhookEndpoint[]> {
  const rows = await selectEndpoints(tx)
    .where('is_disabled', '=', false)
    .where(sql<SqlBool>`enabled_events && ${['*', type]}::text[]`)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return rows.map(fromRow)
}

/** How many endpoints the organization has; it gets no further one from anybody else until the transaction ends. */
export async function lockEndpointCount(tx: Tx, organizationId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`webhook endpoints ${organizationId}`}, 0))`.execute(tx)
  const row = await tx
    .selectFrom('webhook_endpoints')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Adds an endpoint with its sealed secret; violates `webhook_endpoints_url` when the organization has one of this URL. */
export async function insertEndpoint(tx: Tx, endpoint: WebhookEndpoint, secret: Buffer): Promise<void> {
  await tx
    .insertInto('webhook_endpoints')
    .values({
      organization_id: endpoint.organizationId,
      id: endpoint.id,
      created_at: endpoint.createdAt,
      updated_at: endpoint.updatedAt,
      description: endpoint.description,
      url: endpoint.url,
      enabled_events: endpoint.enabledEvents,
      is_disabled: endpoint.isDisabled,
      failing_since: endpoint.failingSince,
      secret,
    })
    .execute()
}

/** Writes what can change about an endpoint, its secrets excepted; violates as `insertEndpoint`. */
export async function saveEndpoint(tx: Tx, endpoint: WebhookEndpoint): Promise<void> {
  await tx
    .updateTable('webhook_endpoints')
    .set({
      updated_at: endpoint.updatedAt,
      description: endpoint.description,
      url: endpoint.url,
      enabled_events: endpoint.enabledEvents,
      is_disabled: endpoint.isDisabled,
      failing_since: endpoint.failingSince,
    })
    .where('id', '=', endpoint.id)
    .execute()
}

/**
 * Notes that the owner of a failing endpoint is told of it at `now`; false, with nothing changed, when that was done since it began to
 * fail, or less than a day ago.
 */
export async function noteFailingTold(tx: Tx, id: string, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('webhook_endpoints')
    .set({ failing_told_at: now })
    .where('id', '=', id)
    .where(sql<SqlBool>`coalesce(failing_told_at < least(failing_since, ${now}::timestamptz - interval '1 day'), true)`)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Forgets since when an endpoint has failed; touches no row, and waits for nobody, where it has not. */
export async function clearFailures(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('webhook_endpoints')
    .set({ failing_since: null })
    .where('id', '=', id)
    .where('failing_since', 'is not', null)
    .execute()
}

/** Makes `secret`, sealed, the endpoint's newest; the one before it is used too until `oldExpiresAt`. */
export async function rotateSecret(tx: Tx, id: string, secret: Buffer, oldExpiresAt: Date): Promise<void> {
  await tx
    .updateTable('webhook_endpoints')
    .set(({ ref }) => ({ secret, old_secret: ref('secret'), old_secret_expires_at: oldExpiresAt }))
    .where('id', '=', id)
    .execute()
}

/** Deletes the caller's endpoint `id` at `now`; false when there is none. What was sent to it can still be read. */
export async function deleteEndpoint(tx: Tx, id: string, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('webhook_endpoints')
    .set({ deleted_at: now })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

function fromRow(row: Pick<Selectable<WebhookEndpoints>, (typeof COLUMNS)[number]>): WebhookEndpoint {
  return {
    id: row.id,
    organizationId: row.organization_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    description: row.description,
    url: row.url,
    enabledEvents: row.enabled_events as EnabledEvent[],
    isDisabled: row.is_disabled,
    failingSince: row.failing_since,
  }
}
