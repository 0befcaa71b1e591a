import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalJson } from './canonicalJson.ts'
import { bytesToHex, type Hex } from './hex.ts'

/** What is noted: every change that decides who may do what, or where money goes. */
export type AuditAction =
  | `sign_in.${'waiting' | 'started' | 'failed' | 'ended' | 'confirmed'}`
  | `password.${'changed' | 'reset' | 'reset_asked'}`
  | `totp.${'added' | 'removed'}`
  | `recovery_codes.${'made' | 'used'}`
  | `passkey.${'added' | 'removed'}`
  | `api_key.${'created' | 'rolled' | 'revoked'}`
  | `webhook_endpoint.${'created' | 'updated' | 'deleted' | 'secret_replaced'}`
  | `withdrawal_address.${'created' | 'updated' | 'deleted' | 'made_default' | 'proved'}`
  | `address_change.${'requested' | 'canceled' | 'applied' | 'impossible'}`
  | `owner_change.${'requested' | 'canceled' | 'impossible'}`
  | `member.${'joined' | 'role_changed' | 'removed'}`
  | `invite.${'created' | 'resent' | 'deleted'}`
  | `organization.${'created' | 'updated'}`
  | `${'brand' | 'payment_setting' | 'invoice_setting'}.updated`
  | `invoice.${'marked_as_paid' | 'marked_uncollectible' | 'voided'}`
  | `refund.${'created' | 'submitted' | 'canceled'}`
  | `payment_intent.marked_as_refunded`
  | `unmatched_payment.resolved`
  | `checkout_session.partial_accepted`
  | `sweep.created`
  | `checkout_sessions.exported`

/** Who did something, for which organization, and from where; the server itself where neither a person nor a key is named. */
export type AuditBy = { organizationId: string; userId: string | null; keyId: string | null; address: string | null }

/** What was done: to which object, and what else tells about it. Never a secret. */
export type AuditNote = { action: AuditAction; objectId: string | null; detail: Record<string, unknown> }

/** One entry of an organization's audit log; `hash` holds it and, by `previous`, all that came before. */
export type AuditEntry = AuditBy &
  AuditNote & {
    /** Counts from 1 without a gap. */
    nth: number
    id: string
    createdAt: Date
    previous: Hex
    hash: Hex
  }

/** The end of an organization's audit log: how many entries it has, and the hash of the last. */
export type AuditHead = { nth: number; hash: Hex }

/** The log that nothing was noted in. */
export const EMPTY_LOG: AuditHead = { nth: 0, hash: `0x${'00'.repeat(32)}` }

/** SHA-256 over the canonical JSON of all that an entry says, the hash of the one before it among that. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): Hex {
  const { organizationId, nth, id, createdAt, userId, keyId, address, action, objectId, detail, previous } = entry
  const said = { organizationId, nth, id, createdAt, userId, keyId, address, action, objectId, detail, previous }
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(said))))
}

/** The entry that follows `head`; a bigint or a Date in its detail becomes its text. */
export function nextEntry(head: AuditHead, by: AuditBy, note: AuditNote, id: string, createdAt: Date): AuditEntry {
  const detail: AuditNote['detail'] = JSON.parse(JSON.stringify(note.detail, texts))
  const { organizationId, userId, keyId, address } = by
  const { action, objectId } = note
  const entry = {
    ...{ organizationId, userId, keyId, address, action, objectId, detail },
    ...{ nth: head.nth + 1, id, createdAt, previous: head.hash },
  }
  return { ...entry, hash: auditHash(entry) }
}

/**
 * Where `entries`, the next ones after `head` in their order, do not follow from it: the number of the first that was changed or that is
 * missing; else the head that they lead to.
 */
export function followEntries(head: AuditHead, entries: readonly AuditEntry[]): AuditHead | { brokenAt: number } {
  let last = head
  for (const entry of entries) {
    const isNext = entry.nth === last.nth + 1 && entry.previous === last.hash
    if (!isNext || auditHash(entry) !== entry.hash) return { brokenAt: last.nth + 1 }
    last = entry
  }
  return { nth: last.nth, hash: last.hash }
}

/** The members that differ, as they were and as they are. */
export function changesOf(before: object, after: object): { before: object; after: object } {
  const differing = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value, texts) !== JSON.stringify(Object(before)[name], texts),
  )
  const names = differing.map(([name]) => name).filter(name => name !== 'updatedAt')
  const those = (of: object) => Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name)))
  return { before: those(before), after: those(after) }
}

function texts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}
