import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { assertPassword, normalPassword } from '../domain/password.ts'

const derive = promisify(argon2)

/** What OWASP's Password Storage Cheat Sheet asks of argon2id at least: memory in KiB, passes, lanes. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

type Cost = typeof COST

/** The argon2id hash (RFC 9106) of a password, as a PHC string that names its own parameters. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await hashOf(password, salt, COST)
  const { memory, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`
}

/** Whether the password is the one whose PHC string was `kept`, and whether that one should be made anew, at a higher price. */
export type PasswordCheck = { isRight: boolean; isOutdated: boolean }

/** Compares a password with the kept one; without one it is wrong, and that takes as long to find out. */
export async function checkPassword(kept: string | null, password: string): Promise<PasswordCheck> {
  const [, memory, passes, parallelism, salt, hash] = PHC.exec(kept ?? '') ?? []
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  if (salt === undefined || hash === undefined) {
    await hashOf(password, Buffer.alloc(SALT_BYTES), COST)
    return { isRight: false, isOutdated: false }
  }
  const wanted = Buffer.from(hash, 'base64')
  const given = await hashOf(password, Buffer.from(salt, 'base64'), cost)
  const isRight = wanted.length === given.length && timingSafeEqual(wanted, given)
  return { isRight, isOutdated: JSON.stringify(cost) !== JSON.stringify(COST) }
}

/** Throws `password_weak` unless `password` may be chosen by somebody of whom the texts `known` are known. */
export async function assertNewPassword(password: string, known: readonly string[], param = 'password'): Promise<void> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  common ??= new Set(dictionary['passwords-common'].map(text => `${text}`))
  const isCommon = (text: string) => common?.has(text) === true
  assertPassword(password, { param, known, isCommon })
}

let common: ReadonlySet<string> | null = null

async function hashOf(password: string, nonce: Buffer, cost: Cost): Promise<Buffer> {
  return await derive('argon2id', { message: normalPassword(password), nonce, tagLength: HASH_BYTES, ...cost })
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
