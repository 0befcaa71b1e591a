import { accountNow } from '../../data/account.ts'

/** Whether whoever is signed in may change the organization's settings; the server has the last word. */
export function mayChangeSettings(): boolean {
  const role = accountNow().signIn?.organization.role
  return role === 'owner' || role === 'admin'
}

/** Whether whoever is signed in may name owners and say where money goes. */
export function isOwner(): boolean {
  return accountNow().signIn?.organization.role === 'owner'
}
