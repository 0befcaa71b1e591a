import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A message as it came over the wire: `source` is the whole of it, headers and all. */
export type ReceivedMail = { from: string; to: string[]; isSecure: boolean; source: string }

/** An SMTP server on loopback that keeps what it gets. */
export type SmtpReceiver = { port: number; mails: ReceivedMail[]; stop: () => Promise<void> }

/** Starts one on `port`, 0 for a free one; it asks for no login unless told, and offers STARTTLS with a certificate of its own. */
export async function startSmtpReceiver(options: SMTPServerOptions & { port?: number } = {}): Promise<SmtpReceiver> {
  const { port = 0, ...rest } = options
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', part => void parts.push(part))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          isSecure: session.secure,
          source: Buffer.concat(parts).toString('utf8'),
        })
        done()
      })
    },
    ...rest,
  })
  server.on('error', () => undefined)
  const listening = server.listen(port, '127.0.0.1')
  await once(listening, 'listening')
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}
