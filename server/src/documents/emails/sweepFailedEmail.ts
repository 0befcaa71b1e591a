import { timeText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** What a merchant gets when money could not be moved to its wallet. */
export function sweepFailedEmail(
  facts: { sweepId: string; network: string; addressCount: number; failedAt: Date; docsUrl: string },
  brand: EmailBrand,
): RenderedEmail {
  const { sweepId, network, addressCount, failedAt, docsUrl } = facts
  return renderEmail(
    {
      subject: `A sweep on ${network} failed`,
      preview: 'The money is safe where it is, and can be swept again.',
      heading: 'A sweep failed',
      paragraphs: [
        'Money could not be moved from payment addresses to your wallet. It is safe where it is: only your wallet can receive it.',
        'It is tried again by itself where the server pays the gas; else create the sweep again and send it with your wallet.',
      ],
      rows: [
        { label: 'Sweep', value: sweepId },
        { label: 'Network', value: network },
        { label: 'Payment addresses', value: `${addressCount}` },
        { label: 'Failed', value: timeText(failedAt) },
      ],
      action: { label: 'Open the API reference', url: docsUrl },
      reason: `You get this because this is the address of ${brand.name}.`,
    },
    brand,
  )
}
