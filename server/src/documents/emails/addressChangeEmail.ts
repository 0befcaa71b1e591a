import { timeText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** A change of where money goes as it is told: addresses whole and with their checksum, null where there is none; `dueAt` null: it counts. */
export type ToldAddressChange = {
  heading: string
  network: string
  before: string | null
  after: string | null
  askedBy: string
  dueAt: Date | null
  url: string
}

/** What every owner gets when it was asked for to change where money goes. */
export function addressChangeEmail(told: ToldAddressChange, brand: EmailBrand): RenderedEmail {
  const { heading, network, before, after, askedBy, dueAt, url } = told
  const counts =
    dueAt === null
      ? 'This counts now. If nobody of you did this, change your passwords at once and look at the audit log.'
      : `This counts from ${timeText(dueAt)}. Until then every owner can cancel it: do so at once if you do not know of it.`
  return renderEmail(
    {
      subject: `${heading} on ${network}`,
      preview: counts,
      heading,
      paragraphs: [
        counts,
        'Compare every character of the address with your wallet. Sessions that are open keep their address.',
      ],
      rows: [
        { label: 'Network', value: network },
        { label: 'Address before', value: before ?? 'none' },
        { label: 'Address after', value: after ?? 'none' },
        { label: 'Asked for by', value: askedBy },
        ...(dueAt === null ? [] : [{ label: 'Counts from', value: timeText(dueAt) }]),
      ],
      action: { label: 'Look at your withdrawal addresses', url },
      reason: `You get this because you are an owner of ${brand.name}. Nobody will ever ask you for a private key or a seed phrase.`,
    },
    brand,
  )
}
