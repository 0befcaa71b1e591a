import { timeText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** What somebody gets who forgot the password: `url` sets a new one, once, until `expiresAt`. */
export function resetEmail({ url, expiresAt }: { url: string; expiresAt: Date }, brand: EmailBrand): RenderedEmail {
  return renderEmail(
    {
      subject: 'Set a new password',
      preview: `The link works once, until ${timeText(expiresAt)}.`,
      heading: 'Set a new password',
      paragraphs: [
        'Somebody asked for a new password for this e-mail address.',
        `The link works once, until ${timeText(expiresAt)}. Everybody who is signed in with the old password is signed out.`,
      ],
      action: { label: 'Set a new password', url },
      reason: 'If that was not you, ignore it: nothing changes. Nobody will ever ask you for your password or a code.',
    },
    brand,
  )
}

/** What changed about how a person proves who they are, as a heading and what to know about it. */
const CHANGES = {
  password: ['Your password was changed', 'You are signed out everywhere else.'],
  totp_added: ['An authenticator app was added', 'Its codes are asked for after your password.'],
  totp_removed: ['Your authenticator app was removed', 'Its codes are not asked for any more.'],
  recovery_codes: ['You have new recovery codes', 'The ones that you had before count no more.'],
  recovery_code_used: ['A recovery code was used', 'It counts no more. Make new ones before you run out of them.'],
  passkey_added: ['A passkey was added', 'Whoever holds it can sign in.'],
  passkey_removed: ['A passkey was removed', 'Nobody can sign in with it any more.'],
  rescued: ['Your password was changed', 'Your second factors were removed with a link of this server’s operator.'],
} as const

/** What changed about how a person proves who they are. */
export type FactorChange = keyof typeof CHANGES

/** What a person gets whenever that changes; `address` is the network address that it was done from, and `url` their settings. */
export function factorChangeEmail(
  { change, at, address, url }: { change: FactorChange; at: Date; address: string; url: string },
  brand: EmailBrand,
): RenderedEmail {
  const [heading, meaning] = CHANGES[change]
  return renderEmail(
    {
      subject: heading,
      preview: `${timeText(at)}, from ${address}`,
      heading,
      paragraphs: [
        meaning,
        'If that was not you, set a new password now with “I forgot my password”, and tell an owner of your organization.',
      ],
      rows: [
        { label: 'When', value: timeText(at) },
        { label: 'From', value: address },
      ],
      action: { label: 'Look at your settings', url },
      reason: 'You get this because you can sign in there.',
    },
    brand,
  )
}
