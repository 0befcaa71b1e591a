import {
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { ask } from './account.ts'

/** Why this page cannot use passkeys, or null: they are kept for a host by its name, over HTTPS (Web Authentication Level 3, 5.1.3). */
export function whyNoPasskeys(): string | null {
  const { hostname } = location
  if (/^[\d.]+$|^\[/.test(hostname)) {
    return `Passkeys need a host name: open the dashboard by its name, not as ${hostname}.`
  }
  if (!window.isSecureContext) return 'Passkeys need an address that begins with https.'
  return 'PublicKeyCredential' in window ? null : 'This browser knows no passkeys: use another one, or another way.'
}

/** What proves that somebody holds a passkey: the answer to one challenge of the server. */
type PasskeyProof = { id: string; response: AuthenticationResponseJSON }

/** Asks the device for a passkey; throws an `Error` that says what to do where none is given. */
export async function askForPasskey(): Promise<PasskeyProof> {
  const { id, options } = await ask<{ id: string; options: PublicKeyCredentialRequestOptionsJSON }>(
    'POST',
    '/passkey/options',
  )
  return { id, response: await spoken(() => startAuthentication({ optionsJSON: options })) }
}

/** Makes a passkey on the device and saves it as `name`; throws as `askForPasskey`. */
export async function addPasskey(name: string): Promise<void> {
  const { options } = await ask<{ options: PublicKeyCredentialCreationOptionsJSON }>('POST', '/passkeys/options')
  const response = await spoken(() => startRegistration({ optionsJSON: options }))
  await ask('POST', '/passkeys', { name, response })
}

/** Browsers name failures for programmers: Web Authentication Level 3, 5.1.3 and 5.1.4. */
async function spoken<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : ''
    if (name === 'InvalidStateError') throw new Error('This device has a passkey for you already.', { cause })
    if (name === 'NotAllowedError' || name === 'AbortError') {
      throw new Error('No passkey was given: try again, or use another way.', { cause })
    }
    throw new Error('This browser cannot use passkeys here: use another way.', { cause })
  }
}
