import { accountNow } from '../../data/account.ts'
import { mayWrite } from '../../data/may.ts'

/** Whether whoever is signed in may change the organization's settings; the server has the last word. */
export function mayChangeSettings(): boolean {
  return mayWrite('organization')
}

/** Whether whoever is signed in may name owners and say where money goes. */
export function isOwner(): boolean {
  return accountNow().signIn?.organization.role === 'owner'
}
