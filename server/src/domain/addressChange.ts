import type { minimalAddressView, SavedAddress } from './withdrawalAddress.ts'

/** How long a change of where money goes waits in live mode: all owners are told, and each of them can cancel it. */
export const ADDRESS_DELAY_MS = 24 * 3_600_000

/** What is done to a withdrawal address. */
export type AddressChangeKind = 'create' | 'update' | 'delete' | 'make_default'

/** A withdrawal address as a change shows it. */
export type ShownAddress = ReturnType<typeof minimalAddressView>

/** A change of where an organization's money goes that counts when it is due. */
export type AddressChange = {
  id: string
  organizationId: string
  createdAt: Date
  dueAt: Date
  kind: AddressChangeKind
  /** The person who asked for it. */
  requestedBy: string
  /** The address as it was then, and as it is to be; null where there is none. */
  before: ShownAddress | null
  after: ShownAddress | null
  /** `impossible`: when it was due the address was gone, another had taken its place, or who asked was no owner any more. */
  status: 'waiting' | 'applied' | 'canceled' | 'impossible'
  endedAt: Date | null
}

/**
 * Whether a change counts at once: in test mode any; in live mode a new name, and the first address of a chain, which takes no money from
 * a wallet that had it.
 */
export function countsAtOnce(
  mode: 'test' | 'live',
  before: SavedAddress | null,
  after: SavedAddress | null,
  others: readonly SavedAddress[],
): boolean {
  if (mode === 'test') return true
  if (before === null) return others.length === 0
  return after !== null && after.address === before.address && after.isDefault === before.isDefault
}
