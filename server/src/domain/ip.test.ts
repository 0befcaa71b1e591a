import assert from 'node:assert/strict'
import { BlockList, isIP } from 'node:net'
import test from 'node:test'
import fc from 'fast-check'
import { isForbiddenIp } from './ip.ts'

const PRIVATE =
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
  192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
  ::/96 ::1/128 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8`
    .split(/\s+/)
    .map(range => range.split('/') as [string, string])

const familyOf = (ip: string) => (ip.includes(':') ? 'ipv6' : 'ipv4')

function blockList(ranges: [string, string][]): BlockList {
  const list = new BlockList()
  for (const [base, bits] of ranges) list.addSubnet(base, Number(bits), familyOf(base))
  return list
}

const hexGroup = fc.integer({ min: 0, max: 0xffff }).map(value => value.toString(16))
const ipv6 = fc.array(hexGroup, { minLength: 8, maxLength: 8 }).map(groups => groups.join(':'))

test('the first and last address of every private range is refused, and the ones next to it are not if public', () => {
  for (const [base, bits] of PRIVATE.filter(([base]) => familyOf(base) === 'ipv4')) {
    const start = base.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
    const end = start + 2 ** (32 - Number(bits)) - 1
    const text = (value: number) => [24, 16, 8, 0].map(shift => Math.floor(value / 2 ** shift) % 256).join('.')
    assert.equal(isForbiddenIp(text(start), 'live'), true, text(start))
    assert.equal(isForbiddenIp(text(end), 'live'), true, text(end))
    for (const neighbour of [start - 1, end + 1].filter(value => value >= 0 && value < 2 ** 32).map(text)) {
      assert.equal(isForbiddenIp(neighbour, 'live'), blockList(PRIVATE).check(neighbour, 'ipv4'), neighbour)
    }
  }
  for (const [base] of PRIVATE) assert.equal(isForbiddenIp(base, 'live'), true, base)
})

test('IPv4: the same answer as the block list of the runtime', () => {
  const list = blockList(PRIVATE)
  fc.assert(
    fc.property(fc.ipV4(), ip => {
      assert.equal(isForbiddenIp(ip, 'live'), list.check(ip, 'ipv4'))
      const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number)
      assert.equal(isForbiddenIp(`::ffff:${ip}`, 'live'), list.check(ip, 'ipv4'))
      assert.equal(
        isForbiddenIp(`::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`, 'live'),
        list.check(ip, 'ipv4'),
      )
    }),
    { numRuns: 1000 },
  )
})

test('IPv6: refused when the block list refuses it or it is not global unicast', () => {
  const ranges = PRIVATE.filter(([base]) => familyOf(base) === 'ipv6')
  const list = blockList([...ranges, ['3fff::', '20'], ['::', '3'], ['4000::', '2'], ['8000::', '1']])
  const global = fc
    .tuple(fc.integer({ min: 0x2000, max: 0x3fff }), ipv6)
    .map(([first, ip]) => ip.replace(/^[^:]+/, first.toString(16)))
  const inside = fc.tuple(fc.constantFrom(...ranges), ipv6).map(([[base], ip]) => {
    const prefix = base.replace('::', ':').split(':').filter(Boolean)
    return [...prefix, ...ip.split(':')].slice(0, 8).join(':')
  })
  fc.assert(
    fc.property(fc.oneof(ipv6, global, inside, fc.ipV6()), ip => {
      if (!/^::ffff:|^(0+:){5}ffff:/i.test(ip)) assert.equal(isForbiddenIp(ip, 'live'), list.check(ip, 'ipv6'), ip)
    }),
    { numRuns: 2000 },
  )
})

test('the same address means the same, however it is spelled', () => {
  fc.assert(
    fc.property(fc.oneof(ipv6, fc.ipV6()), fc.constantFrom('test' as const, 'live' as const), (ip, mode) => {
      const canonical = new URL(`http://[${ip}]/`).hostname.slice(1, -1)
      assert.equal(isForbiddenIp(ip, mode), isForbiddenIp(canonical, mode))
      assert.equal(isForbiddenIp(ip.toUpperCase(), mode), isForbiddenIp(canonical, mode))
    }),
  )
})

test('public addresses pass', () => {
  for (const ip of [
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '172.15.255.255',
    '172.32.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001::1',
    '::ffff:8.8.8.8',
  ]) {
    assert.equal(isForbiddenIp(ip, 'live'), false, ip)
    assert.equal(isForbiddenIp(ip, 'test'), false, ip)
  }
})

test('an IPv4 address inside a tunnel or translation prefix is refused', () => {
  for (const ip of [
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::8.8.8.8',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '::127.0.0.1',
    '::7f00:1',
    '2001:0:7f00:1::',
    '::ffff:0:127.0.0.1',
  ]) {
    assert.equal(isForbiddenIp(ip, 'live'), true, ip)
    assert.equal(isForbiddenIp(ip, 'test'), true, ip)
  }
})

test('test mode allows loopback and nothing else that is private', () => {
  for (const ip of ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1']) {
    assert.equal(isForbiddenIp(ip, 'test'), false, ip)
    assert.equal(isForbiddenIp(ip, 'live'), true, ip)
  }
  for (const ip of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '169.254.169.254',
    '192.168.0.120',
    'fd00:ec2::254',
    'fe80::1',
    '::2',
  ]) {
    assert.equal(isForbiddenIp(ip, 'test'), true, ip)
  }
})

test('what is no address is refused', () => {
  for (const ip of [
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '08.8.8.8',
    '8.8.8.8 ',
    '+8.8.8.8',
    '0x8.8.8.8',
    '134744072',
    '[2606:4700::1]',
    '2606:4700::1%eth0',
    '2606:::1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '2606::1::2',
    '2606:1:2:3::4:5:6:7',
    '2606:1:2:3::4:5:6:7::8',
    '2606:4700:g::',
    ':2606::',
    '2606::8.8.8',
    '8.8.8.8::',
    '2606:47000::1',
    ':',
    '::ffff:8.8.8.256',
  ]) {
    assert.equal(isForbiddenIp(ip, 'live'), true, ip)
    assert.equal(isForbiddenIp(ip, 'test'), true, ip)
  }
  fc.assert(
    fc.property(fc.string(), text => {
      if (isIP(text) === 0) assert.equal(isForbiddenIp(text, 'test'), true)
    }),
  )
})
