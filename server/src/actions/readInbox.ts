import type { Context } from '../context.ts'
import { asWorker } from '../store/database.ts'
import { type Email, findEmail, listEmails } from '../store/emails.ts'

/** The newest `limit` messages of every organization, newest first: for the test world, where all of them are one person's. */
export async function listInbox(ctx: Context, limit: number): Promise<Email[]> {
  return await asWorker(ctx.db, tx => listEmails(tx, limit))
}

/** The message `id` of whatever organization, or null; for the test world. */
export async function findInboxMail(ctx: Context, id: string): Promise<Email | null> {
  return await asWorker(ctx.db, tx => findEmail(tx, id))
}
