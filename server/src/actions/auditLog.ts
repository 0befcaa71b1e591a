import type { Context } from '../context.ts'
import { type AuditHead, EMPTY_LOG, followEntries } from '../domain/auditEntry.ts'
import { findAuditHead, hasAuditEntry, listAuditEntries, readAuditEntries } from '../store/auditEntries.ts'
import { asWorker, readInOrganization } from '../store/database.ts'
import { checkCursor } from './checkCursor.ts'

const BATCH = 1_000

/** A page of the organization's audit log, the newest entry first. An `after` that is not its own is `cursor_invalid`. */
export async function listAuditLog(
  ctx: Context,
  organizationId: string,
  { after, limit }: { after: string | null; limit: number },
) {
  // The names of people and keys are shown though they left: who did something stays known.
  return await asWorker(ctx.db, async tx => {
    await checkCursor(after, 'audit entry', async id => ((await hasAuditEntry(tx, organizationId, id)) ? id : null))
    const found = await listAuditEntries(tx, organizationId, { after, limit: limit + 1 })
    const data = found.slice(0, limit).map(({ entry, user, key }) => {
      const { id, nth, createdAt, address, action, objectId, detail, hash } = entry
      return { id, nth, createdAt, user, key, address, action, objectId, detail, hash }
    })
    return { data, hasMore: found.length > limit }
  })
}

/** Whether the audit log is as it was written. `brokenAt` is the number of the first entry that was changed, put in or taken out. */
export type AuditCheck = { isIntact: boolean; entries: number; brokenAt: number | null }

/** Computes the hash of every entry of the organization's audit log anew, as it is at one moment. */
export async function checkAuditLog(ctx: Context, organizationId: string): Promise<AuditCheck> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    const stored = await findAuditHead(tx, organizationId)
    let [head, entries, nth]: [AuditHead | { brokenAt: number }, number, number] = [EMPTY_LOG, 0, 0]
    for (;;) {
      const batch = await readAuditEntries(tx, organizationId, { nth, limit: BATCH })
      if (!('brokenAt' in head)) head = followEntries(head, batch)
      entries += batch.length
      nth = batch.at(-1)?.nth ?? nth
      if (batch.length < BATCH) break
    }
    if ('brokenAt' in head) return { isIntact: false, entries, brokenAt: head.brokenAt }
    const isIntact = head.nth === stored.nth && head.hash === stored.hash
    return { isIntact, entries, brokenAt: isIntact ? null : Math.min(head.nth, stored.nth) + 1 }
  })
}
