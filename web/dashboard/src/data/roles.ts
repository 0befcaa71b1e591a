import { accountNow, type Role } from './account.ts'

/** All roles, the one that may do most first. */
export const ROLES = ['owner', 'admin', 'developer', 'support', 'viewer'] as const satisfies readonly Role[]

/** What somebody of each role does, as the end of a sentence. */
export const ROLE_SENTENCES: Readonly<Record<Role, string>> = {
  owner: 'may do everything, and alone names owners and says where money goes.',
  admin: 'may do everything but name owners and say where money goes.',
  developer: 'makes checkouts, links, products and webhooks, and sees everything.',
  support: 'helps payers with checkouts, links, customers, invoices and refunds, and sees everything.',
  viewer: 'sees everything and changes nothing.',
}

/** Whether `text` names a role. */
export function isRole(text: string): text is Role {
  return ROLES.some(role => role === text)
}

/** The roles that whoever is signed in may give; the server has the last word. */
export function rolesToGive(): readonly Role[] {
  return accountNow().signIn?.organization.role === 'owner' ? ROLES : ROLES.filter(role => role !== 'owner')
}
