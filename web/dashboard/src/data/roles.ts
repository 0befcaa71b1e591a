import type { Role } from './account.ts'

/** What somebody of each role may do, in a sentence. */
export const ROLE_SENTENCES: Readonly<Record<Role, string>> = {
  owner: 'may do everything, and alone names owners and says where money goes.',
  admin: 'may do everything but name owners and say where money goes.',
  developer: 'makes checkouts, links, products and webhooks, and sees everything.',
  support: 'helps payers: checkouts, links, customers, invoices and refunds, and sees everything.',
  viewer: 'sees everything and changes nothing.',
}
