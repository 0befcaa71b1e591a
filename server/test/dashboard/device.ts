import type { Page } from 'playwright-core'

/** What stands for a device with a finger print, at one page. */
export type Device = {
  /** Lets the device give the passkey that it has, whichever is asked for, until the page is loaded anew. */
  choose: () => Promise<void>
}

/** Gives the page a device that makes passkeys; the page's host must be `localhost`. */
export async function addDevice(page: Page): Promise<Device> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    choose: async () => {
      const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId })
      await page.evaluate(namePasskey(credentials[0]?.credentialId ?? ''))
    },
  }
}

/** A script that names the one passkey there is: a browser without a window shows nobody a choice of them. */
const namePasskey = (id: string) => `{
  const { credentials } = navigator
  const get = credentials.get.bind(credentials)
  const allowCredentials = [{ type: 'public-key', id: Uint8Array.from(atob('${id}'), each => each.charCodeAt(0)) }]
  credentials.get = asked => get({ ...asked, publicKey: { ...asked.publicKey, allowCredentials } })
}`
