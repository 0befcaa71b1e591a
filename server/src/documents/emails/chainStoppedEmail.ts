import { timeText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** What a merchant gets when a network stopped that payments come in on. */
export function chainStoppedEmail(
  { network, stoppedAt, docsUrl }: { network: string; stoppedAt: Date; docsUrl: string },
  brand: EmailBrand,
): RenderedEmail {
  return renderEmail(
    {
      subject: `${network} has stopped`,
      preview: 'No payments are taken on it until the operator has looked.',
      heading: `${network} has stopped`,
      paragraphs: [
        `The blocks of ${network} changed deeper than they ever should. Payments on it are not counted until the operator of this server has looked, and new checkouts do not offer it.`,
        'Other networks go on. Open checkouts of this one get their time back, and payments made meanwhile count once it goes on.',
      ],
      rows: [{ label: 'Stopped', value: timeText(stoppedAt) }],
      action: { label: 'Open the API reference', url: docsUrl },
      reason: `You get this because ${brand.name} has a wallet on ${network}.`,
    },
    brand,
  )
}
