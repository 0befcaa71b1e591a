import type { Context } from '../context.ts'
import { apiKeyPrefix } from '../domain/apiKey.ts'
import type { ManagedKey } from '../domain/managedKey.ts'
import type { Organization } from '../domain/organization.ts'
import { organizationView, paymentSettingView } from '../domain/organizationView.ts'
import { type Member, memberView } from '../domain/user.ts'
import { type SavedAddress, withdrawalAddressView } from '../domain/withdrawalAddress.ts'
import type { WebhookEndpoint } from '../store/webhookEndpoints.ts'
import { webhookEndpointView } from './webhookEndpointView.ts'

/** An organization that a partner opened, with its owner and the key that it got. */
export type Account = {
  organization: Organization
  user: Member
  addresses: SavedAddress[]
  endpoints: WebhookEndpoint[]
  key: ManagedKey
}

/** An account as its partner sees it; `secrets` only where they were just made: the key's text, and those of endpoints by id. */
export function accountView(
  { config: { mode, publicUrl } }: Context,
  { organization, user, addresses, endpoints, key }: Account,
  secrets: { token: string; endpoints: ReadonlyMap<string, string> } | null,
) {
  return {
    // The organization's, so that lists of accounts have a place to go on from.
    id: organization.id,
    organization: organizationView(organization, addresses, publicUrl),
    user: memberView(user),
    paymentSetting: paymentSettingView(organization),
    webhookEndpoints: endpoints.map(each => webhookEndpointView(each, secrets?.endpoints.get(each.id) ?? null)),
    withdrawalAddresses: addresses.map(withdrawalAddressView),
    personalAccessToken: {
      id: key.id,
      name: key.name,
      tokenIdentifier: `${apiKeyPrefix(key.type, mode)}…${key.lastFour}`,
      organizationId: organization.id,
      userId: key.userId,
      createdAt: key.createdAt,
      updatedAt: key.createdAt,
      token: secrets?.token ?? null,
    },
  }
}
