import { timeText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** What somebody gets who is asked to work for an organization. */
export function inviteEmail(
  { role, url, expireAt }: { role: string; url: string; expireAt: Date },
  brand: EmailBrand,
): RenderedEmail {
  return renderEmail(
    {
      subject: `You are invited to ${brand.name}`,
      preview: `Join as ${role} until ${timeText(expireAt)}.`,
      heading: `Join ${brand.name}`,
      paragraphs: [
        `${brand.name} invites you to its account for payments, as ${role}.`,
        `The link works once, until ${timeText(expireAt)}.`,
      ],
      action: { label: 'Accept the invitation', url },
      reason: 'If you did not expect this, ignore it: nothing happens. Nobody will ever ask you for a private key.',
    },
    brand,
  )
}
