import { accountNow } from '../../data/account.ts'

/** Whether whoever is signed in may change the organization's settings; the server has the last word. */
export function mayChangeSettings(): boolean {
  const role = accountNow().signIn?.organization.role
  return role === 'owner' || role === 'admin'
}
