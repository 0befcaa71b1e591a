import type { Mode } from './apiKey.ts'

type Range = { base: bigint; hostBits: bigint }

const IPV4_MAPPED = 0xffffn << 32n
const IPV4_BITS = 32n

const LOOPBACK = ['127.0.0.0/8', '::1/128'].map(parseRange)

const FORBIDDEN_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Azure answers on this public address from inside every virtual machine, with its secrets.
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(parseRange)

// Only 2000::/3 is global unicast: the first three lines are all the rest, with ::1, ::/96, NAT64, unique local, link
// local and multicast in it. Of the global part, tunnels that carry an IPv4 address inside and documentation go too.
const FORBIDDEN_IPV6 = ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map(
  parseRange,
)

/**
 * Whether we refuse to connect to `ip`, the text of an IPv4 or IPv6 address without brackets: anything that is not
 * public, however spelled, and anything that is no address. In test mode loopback is allowed, other private networks
 * are not.
 */
export function isForbiddenIp(ip: string, mode: Mode): boolean {
  const address = parseIp(ip)
  if (address === null) return true
  if (mode === 'test' && isWithin(LOOPBACK, address)) return false
  const isIpv4 = address >> IPV4_BITS === IPV4_MAPPED >> IPV4_BITS
  return isWithin(isIpv4 ? FORBIDDEN_IPV4 : FORBIDDEN_IPV6, address)
}

function isWithin(ranges: readonly Range[], address: bigint): boolean {
  return ranges.some(({ base, hostBits }) => address >> hostBits === base >> hostBits)
}

function parseRange(text: string): Range {
  const [address = '', bits = ''] = text.split('/')
  const base = parseIp(address) ?? 0n
  return { base, hostBits: (address.includes(':') ? 128n : IPV4_BITS) - BigInt(bits) }
}

/**
 * The 128 bits of an address; IPv4 takes the form ::ffff:a.b.c.d, so that both spellings are one. Null when it is none.
 */
export function parseIp(text: string): bigint | null {
  if (text.includes(':')) return parseIpv6(text)
  const address = parseIpv4(text)
  return address === null ? null : IPV4_MAPPED | address
}

function parseIpv4(text: string): bigint | null {
  const octets = text.split('.')
  if (octets.length !== 4 || !octets.every(octet => /^(0|[1-9][0-9]{0,2})$/.test(octet) && +octet <= 255)) return null
  return octets.reduce((address, octet) => (address << 8n) | BigInt(octet), 0n)
}

function parseIpv6(text: string): bigint | null {
  const halves = withHexTail(text).split('::')
  const [head = [], tail = []] = halves.map(half => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return null
  const groups = [...head, ...new Array<string>(missing).fill('0'), ...tail]
  if (!groups.every(group => /^[0-9a-f]{1,4}$/i.test(group))) return null
  return groups.reduce((address, group) => (address << 16n) | BigInt(`0x${group}`), 0n)
}

/** `text` with a dotted IPv4 address at its end, as in ::ffff:1.2.3.4, written as two groups of hex. */
function withHexTail(text: string): string {
  const tail = text.slice(text.lastIndexOf(':') + 1)
  const address = parseIpv4(tail)
  if (address === null) return text
  return `${text.slice(0, -tail.length)}${(address >> 16n).toString(16)}:${(address & 0xffffn).toString(16)}`
}

/** What one subscriber has, as a short text: an IPv4 address, or of IPv6 the network of 64 bits; `unknown` for what is no address. */
export function networkOfAddress(text: string): string {
  const address = parseIp(text)
  if (address === null) return 'unknown'
  const isIpv4 = address >> IPV4_BITS === IPV4_MAPPED >> IPV4_BITS
  return (isIpv4 ? address : address >> 64n).toString(16)
}
