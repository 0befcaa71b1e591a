import type { Context } from '../context.ts'
import type { ApiRequest, ListedRequest } from '../domain/apiRequest.ts'
import { insertRequests, listRequests, type RequestFilter } from '../store/apiRequests.ts'
import { asWorker, readInOrganization } from '../store/database.ts'

/** Keeps requests of any organizations for the 7 days that they can be read. */
export async function keepApiRequests(ctx: Context, requests: readonly ApiRequest[]): Promise<void> {
  await asWorker(ctx.db, tx => insertRequests(tx, requests))
}

/** A page of the organization's requests, newest first. */
export async function listApiRequests(
  ctx: Context,
  organizationId: string,
  asked: RequestFilter & { limit: number; after: string | null },
): Promise<ListedRequest[]> {
  return await readInOrganization(ctx.db, organizationId, tx => listRequests(tx, asked))
}
