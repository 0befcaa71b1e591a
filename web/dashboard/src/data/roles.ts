import { accountNow, type Role } from './account.ts'

/** All roles, the one that may do most first. */
export const ROLES = ['owner', 'admin', 'developer', 'support', 'viewer'] as const satisfies readonly Role[]

/** What roles are called in lists. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  developer: 'Developer',
  support: 'Support',
  viewer: 'Viewer',
}

/** What somebody of each role does, in a sentence. */
export const ROLE_SENTENCES: Readonly<Record<Role, string>> = {
  owner: 'Owners do everything. They alone name owners, change withdrawal addresses and say how you are paid.',
  admin: 'Admins do everything but name owners, change withdrawal addresses and say how you are paid.',
  developer: 'Developers make checkouts, payment links, products, customers and webhooks, and see everything.',
  support: 'Support helps payers with checkouts, payment links, customers, invoices and refunds, and sees everything.',
  viewer: 'Viewers see everything and change nothing.',
}

/** Whether `text` names a role. */
export function isRole(text: string): text is Role {
  return ROLES.some(role => role === text)
}

/** The roles that whoever is signed in may give; the server has the last word. */
export function rolesToGive(): readonly Role[] {
  return accountNow().signIn?.organization.role === 'owner' ? ROLES : ROLES.filter(role => role !== 'owner')
}
