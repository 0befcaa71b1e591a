import { timeText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** Who is made or unmade an owner: roles before and after, null for no member; `dueAt` null: it counts. */
export type ToldOwnerChange = {
  email: string
  before: string | null
  after: string | null
  askedBy: string
  dueAt: Date | null
  url: string
}

/** What every owner gets when somebody becomes an owner, leaves as one, or is to be unmade. */
export function ownerChangeEmail(told: ToldOwnerChange, brand: EmailBrand): RenderedEmail {
  const { email, before, after, askedBy, dueAt, url } = told
  const heading =
    after === 'owner'
      ? `${email} is an owner now`
      : `${email} ${dueAt === null ? 'is no owner any more' : 'is to be no owner any more'}`
  const counts =
    dueAt === null
      ? 'This counts now. If nobody of you did this, change your passwords at once and look at the audit log.'
      : `This counts from ${timeText(dueAt)}. Until then every owner can cancel it, ${email} too: do so at once if it should not be.`
  return renderEmail(
    {
      subject: heading,
      preview: counts,
      heading,
      paragraphs: [counts, 'Owners name other owners, and say which wallets your money goes to.'],
      rows: [
        { label: 'Who', value: email },
        { label: 'Role before', value: before ?? 'none' },
        { label: 'Role after', value: after ?? 'none: no member any more' },
        { label: 'Asked for by', value: askedBy },
        ...(dueAt === null ? [] : [{ label: 'Counts from', value: timeText(dueAt) }]),
      ],
      action: { label: 'Look at your team', url },
      reason: `You get this because you are, or were, an owner of ${brand.name}. Nobody will ever ask you for your password, a code or a seed phrase.`,
    },
    brand,
  )
}
