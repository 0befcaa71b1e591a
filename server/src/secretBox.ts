import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { invariant } from './domain/errors.ts'

const ALGORITHM = 'aes-256-gcm'
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES

/**
 * Seals text for storage and opens it again; `open` throws when the bytes were altered or belong to another key or
 * purpose.
 */
export type SecretBox = { seal: (text: string) => Buffer; open: (sealed: Uint8Array) => string }

/**
 * AES-256-GCM (NIST SP 800-38D) under `masterKey` (32 bytes), with a random nonce per text. Sealed bytes are version
 * (1), nonce (12), tag (16), ciphertext; version and `purpose`, the name of what is kept, are authenticated with them.
 */
export function createSecretBox(masterKey: Uint8Array, purpose: string): SecretBox {
  invariant(masterKey.length === 32, 'the key of a secret box has 32 bytes')
  const key = Buffer.from(masterKey)
  const associated = Buffer.concat([Buffer.of(VERSION), Buffer.from(purpose, 'utf8')])
  return {
    seal: text => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(associated)
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ciphertext])
    },
    open: sealed => {
      invariant(sealed.length >= HEADER_BYTES && sealed[0] === VERSION, 'a sealed secret begins with its version')
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(associated)
        .setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES))
      try {
        return decipher.update(sealed.subarray(HEADER_BYTES), undefined, 'utf8') + decipher.final('utf8')
      } catch (cause) {
        throw new Error(`cannot open a sealed ${purpose}: it was altered, or sealed with another key`, { cause })
      }
    },
  }
}
