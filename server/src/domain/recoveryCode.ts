const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/** A code of 16 letters and digits in groups of four, from 10 random bytes; none of it is mistaken for another (Crockford's base 32). */
export function newRecoveryCode(random: Uint8Array): string {
  let bits = random.reduce((all, byte) => (all << 8n) | BigInt(byte), 0n)
  let code = ''
  for (let index = 0; index < 16; index++) {
    code = `${DIGITS.charAt(parseInt(`${bits % 32n}`, 10))}${code}`
    bits /= 32n
  }
  return (code.match(/.{4}/g) ?? []).join('-')
}

/** What of a typed code is compared: without blanks and dashes, small, and with the digit wherever a letter looks like it. */
export function plainRecoveryCode(typed: string): string {
  return typed.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll(/[il]/g, '1').replaceAll('o', '0')
}
