import type { Context } from '../context.ts'
import { enqueueFailedSignIn } from '../store/auditEntries.ts'
import { asWorker } from '../store/database.ts'
import { findPerson } from '../store/factors.ts'
import { noteOwnAudit } from './noteAudit.ts'

/** A password that was not right: for which e-mail address (lower case), and from where. */
export type FailedSignIn = { email: string; address: string }

/** Lets a wrong password be noted. Whether somebody has the address is found out by the worker, so that the time of the answer does not tell. */
export async function queueFailedSignIn(ctx: Context, failed: FailedSignIn): Promise<void> {
  await asWorker(ctx.db, tx => enqueueFailedSignIn(tx, failed))
}

/** Notes in the audit logs of whoever has the e-mail address that somebody gave a wrong password for them; nothing where nobody has it. */
export async function noteFailedSignIn(ctx: Context, { email, address }: FailedSignIn): Promise<void> {
  await asWorker(ctx.db, async tx => {
    const person = await findPerson(tx, email)
    if (person !== null) await noteOwnAudit(tx, ctx, { userId: person.id, address }, { action: 'sign_in.failed' })
  })
}
