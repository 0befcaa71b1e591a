import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** The six digits that an authenticator app shows for a base32 secret at `time` (RFC 6238, SHA-1, 30 seconds). */
export function codeAt(base32: string, time: Date): string {
  const bits = Array.from(base32, letter =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(time.getTime() / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  return `${(mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000}`.padStart(6, '0')
}

/** What the options of the server say that a device reads. */
type Options = { challenge: string; rpId?: string; rp?: { id?: string } }

/** A device that makes one passkey and signs with it (Web Authentication, level 3: ES256, attestation `none`). */
export type Authenticator = {
  create: (options: Options, origin: string) => object
  get: (options: Options, origin: string) => object
}

const UP = 1
const UV = 4
const AT = 64

/** A new device; `isVerified` says whether it knows its holder by a finger or a PIN, and `counts` whether it counts its signatures. */
export function openAuthenticator({ isVerified = true, counts = false } = {}): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const flags = UP | (isVerified ? UV : 0)
  let counter = 0
  const head = (rpId: string, more: number) => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counts ? ++counter : 0)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.of(flags | more), count])
  }
  const clientData = (type: string, { challenge }: Options, origin: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  const answer = (response: object) => {
    const name = id.toString('base64url')
    return { id: name, rawId: name, type: 'public-key', clientExtensionResults: {}, response }
  }
  return {
    create: (options, origin) => {
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const [px, py] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
      // A map of five: kty EC2, alg ES256, crv P-256, x, y.
      const cose = [Buffer.from('a5010203262001215820', 'hex'), px, Buffer.from('225820', 'hex'), py]
      const credential = [Buffer.alloc(16), Buffer.of(0, id.length), id, ...cose]
      const data = Buffer.concat([head(options.rp?.id ?? '', AT), ...credential])
      const map = [text('fmt'), text('none'), text('attStmt'), Buffer.of(0xa0), text('authData'), bytes(data)]
      return answer({
        clientDataJSON: clientData('webauthn.create', options, origin).toString('base64url'),
        attestationObject: Buffer.concat([Buffer.of(0xa3), ...map]).toString('base64url'),
        transports: ['internal'],
      })
    },
    get: (options, origin) => {
      const client = clientData('webauthn.get', options, origin)
      const data = head(options.rpId ?? '', 0)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return answer({
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
      })
    },
  }
}

/** A short text in CBOR (RFC 8949). */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.of(0x60 | value.length), Buffer.from(value)])
}

/** Bytes in CBOR, at most 65,535. */
function bytes(value: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x59, value.length >> 8, value.length & 255), value])
}
