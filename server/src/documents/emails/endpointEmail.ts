import { timeText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** A webhook endpoint that does not take what it is told: events are given up, it said that it is gone, or it failed for five days. */
export type EndpointFacts = {
  state: 'failing' | 'gone' | 'disabled'
  endpointUrl: string
  failingSince: Date
  /** The status of the last answer, or what kept one from arriving. */
  lastAnswer: string
  docsUrl: string
}

const TEXTS = {
  failing: {
    subject: 'Webhooks are failing',
    heading: 'An event could not be delivered',
    paragraphs: [
      'Your server did not take an event in ten attempts over three days. It was given up; others are still tried.',
      'Repair the endpoint, then send the events again: each failed delivery can be resent for 30 days. An endpoint that only fails for five days is disabled.',
    ],
  },
  gone: {
    subject: 'A webhook endpoint was disabled',
    heading: 'A webhook endpoint was disabled',
    paragraphs: [
      'It answered 410 (Gone), which asks us to send nothing more. No event is sent to it from now on.',
      'If that was a mistake, repair it and enable it again. What was not delivered meanwhile can be resent for 30 days.',
    ],
  },
  disabled: {
    subject: 'A webhook endpoint was disabled',
    heading: 'A webhook endpoint was disabled',
    paragraphs: [
      'It has only failed for five days. No event is sent to it from now on.',
      'Repair it and enable it again. What was not delivered meanwhile can be resent for 30 days.',
    ],
  },
} as const

/** What a merchant gets when events do not arrive. */
export function endpointEmail(facts: EndpointFacts, brand: EmailBrand): RenderedEmail {
  const { state, endpointUrl, failingSince, lastAnswer, docsUrl } = facts
  const { subject, heading, paragraphs } = TEXTS[state]
  return renderEmail(
    {
      subject: `${subject}: ${new URL(endpointUrl).host}`,
      preview: endpointUrl,
      heading,
      paragraphs,
      rows: [
        { label: 'Endpoint', value: endpointUrl },
        { label: 'Failing since', value: timeText(failingSince) },
        { label: 'Last answer', value: lastAnswer },
      ],
      action: { label: 'Open the API reference', url: docsUrl },
      reason: `You get this because this is the address of ${brand.name}.`,
    },
    brand,
  )
}
