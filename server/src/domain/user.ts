import type { Organization } from './organization.ts'
import { paymentSettingView } from './organizationView.ts'

/** What the members of an organization may be. */
export const ROLES = ['owner', 'admin', 'developer', 'support', 'viewer'] as const

export type Role = (typeof ROLES)[number]

/** A person. */
export type User = {
  id: string
  createdAt: Date
  updatedAt: Date
  /** In lower case; no two people have one. */
  email: string
  firstName: string
  lastName: string
  profilePicture: string | null
  phone: string | null
  position: string | null
  status: 'pending' | 'active' | 'suspended'
  flags: Record<string, boolean>
}

/** A person as one organization has them. */
export type Member = User & { role: Role }

/** A person of whom nothing is known but what they are called. */
export function newUser(id: string, names: Pick<User, 'email' | 'firstName' | 'lastName'>, now: Date): User {
  return {
    id,
    createdAt: now,
    updatedAt: now,
    ...names,
    profilePicture: null,
    phone: null,
    position: null,
    status: 'active',
    flags: {},
  }
}

/** A member as every GET answers it. */
export function memberView(member: Member) {
  const { id, firstName, lastName, email, role, profilePicture, phone, position, status, flags } = member
  const { createdAt, updatedAt } = member
  return {
    id,
    firstName,
    lastName,
    email,
    role,
    profilePicture,
    phone,
    position,
    status,
    createdAt,
    updatedAt,
    flags,
  }
}

/** The person behind a key, with the organization that the key is of. */
export function authUserView(member: Member, organization: Organization) {
  const { id, profile, status, ownerId, createdAt, updatedAt } = organization
  return {
    ...memberView(member),
    address: null,
    accountType: 'email' as const,
    organization: {
      id,
      name: profile.name,
      type: 'merchant',
      status,
      ownerId,
      createdAt,
      updatedAt,
      paymentSetting: paymentSettingView(organization),
      features: {},
      referralCode: null,
    },
  }
}
