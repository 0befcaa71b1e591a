/** What was done, in words for people; the server's actions, each with one. */
export const AUDIT_TEXTS = {
  'sign_in.waiting': 'Password given, second factor to come',
  'sign_in.started': 'Signed in',
  'sign_in.failed': 'Failed to sign in',
  'sign_in.ended': 'Signed out',
  'sign_in.confirmed': 'Confirmed who they are',
  'password.changed': 'Password changed',
  'password.reset': 'Password set with a link',
  'password.reset_asked': 'Link for a new password asked for',
  'totp.added': 'Authenticator app switched on',
  'totp.removed': 'Authenticator app switched off',
  'recovery_codes.made': 'New recovery codes made',
  'recovery_codes.used': 'Recovery code used',
  'passkey.added': 'Passkey added',
  'passkey.removed': 'Passkey removed',
  'api_key.created': 'API key created',
  'api_key.rolled': 'API key replaced',
  'api_key.revoked': 'API key revoked',
  'webhook_endpoint.created': 'Webhook endpoint added',
  'webhook_endpoint.updated': 'Webhook endpoint changed',
  'webhook_endpoint.deleted': 'Webhook endpoint deleted',
  'webhook_endpoint.secret_replaced': 'Signing secret replaced',
  'withdrawal_address.created': 'Withdrawal address added',
  'withdrawal_address.updated': 'Withdrawal address changed',
  'withdrawal_address.deleted': 'Withdrawal address deleted',
  'withdrawal_address.made_default': 'Withdrawal address made the default',
  'withdrawal_address.proved': 'Withdrawal address proved by a signature',
  'address_change.requested': 'Change of a withdrawal address asked for',
  'address_change.canceled': 'Change of a withdrawal address canceled',
  'address_change.applied': 'Change of a withdrawal address counts now',
  'address_change.impossible': 'Change of a withdrawal address came to nothing',
  'owner_change.requested': 'Change of an owner asked for',
  'owner_change.canceled': 'Change of an owner canceled',
  'owner_change.impossible': 'Change of an owner came to nothing',
  'member.joined': 'Joined the team',
  'member.role_changed': 'Role changed',
  'member.removed': 'Removed from the team',
  'invite.created': 'Invited',
  'invite.resent': 'Invited again',
  'invite.deleted': 'Invite withdrawn',
  'organization.created': 'Organization created',
  'organization.updated': 'Organization changed',
  'brand.updated': 'Brand changed',
  'payment_setting.updated': 'Payment settings changed',
  'invoice_setting.updated': 'Invoice settings changed',
  'invoice.marked_as_paid': 'Invoice marked as paid',
  'invoice.marked_uncollectible': 'Invoice marked uncollectible',
  'invoice.voided': 'Invoice voided',
  'refund.created': 'Refund created',
  'refund.submitted': 'Refund sent',
  'refund.canceled': 'Refund canceled',
  'payment_intent.marked_as_refunded': 'Payment marked as refunded',
  'unmatched_payment.resolved': 'Unmatched payment resolved',
  'checkout_session.partial_accepted': 'Partial payment accepted',
  'sweep.created': 'Sweep made',
  'checkout_sessions.exported': 'Payments exported',
}

/** The words for `action`; of one that is newer than this page, its name in words. */
export function auditText(action: string): string {
  const known: Readonly<Record<string, string>> = AUDIT_TEXTS
  const words = action.replaceAll(/[._]/g, ' ')
  return known[action] ?? words.charAt(0).toUpperCase() + words.slice(1)
}

/** Whom or what it was done to, as an entry's detail names it: an e-mail address or a name; null where it names nothing. */
export function auditSubject(detail: Record<string, unknown>): string | null {
  for (const each of [detail, detail.after, detail.before]) {
    if (typeof each !== 'object' || each === null) continue
    const { email, name } = each as Record<string, unknown>
    for (const text of [email, name]) if (typeof text === 'string' && text !== '') return text
  }
  return null
}
