import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { Mode } from './apiKey.ts'
import { AppError } from './errors.ts'
import {
  hostForbidden,
  parseHttpUrl,
  parseOrigin,
  parseWebhookUrl,
  successRedirect,
  URL_MAX_LENGTH,
  withSessionId,
} from './url.ts'

const ID = '0195a3c0-0000-7000-8000-000000000001'

function codeOf(run: () => unknown): string | null {
  try {
    run()
    return null
  } catch (error) {
    assert.ok(error instanceof AppError, `${error}`)
    return `${error.code} ${error.param}`
  }
}
const redirectCode = (text: string, mode: Mode = 'test') =>
  codeOf(() => parseHttpUrl(text, 'successUrl', { mode }))?.replace(' successUrl', '') ?? null
const webhookCode = (text: string, mode: Mode = 'live', allowedHosts: string[] = []) =>
  codeOf(() => parseWebhookUrl(text, 'url', { mode, allowedHosts, ownHosts: ['pay.shop.example'] }))?.replace(
    ' url',
    '',
  ) ?? null

const BAD_REDIRECTS: Record<string, string[]> = {
  url_scheme: [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'blob:https://shop.example/1',
    'ftp://shop.example/',
    'mailto:a@shop.example',
    'localhost:3000/thanks',
    'httpss://shop.example/',
    'view-source:https://shop.example/',
  ],
  url_userinfo: [
    'https://shop.example@evil.example/',
    'https://user:pass@shop.example/',
    'https://@evil.example/',
    'https://:@evil.example/',
    'https://{CHECKOUT_SESSION_ID}@evil.example/',
    'https://a@b@evil.example/',
  ],
  url_invalid: [
    '',
    ' ',
    '#',
    '?',
    '//evil.example',
    '/thanks',
    'thanks',
    'shop.example',
    'https:',
    'https://',
    'https:///',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example',
    'https:\\\\evil.example',
    'https://shop.example\\@evil.example/',
    'https://shop.example/a\\b',
    'https://?x=1',
    'https://shop.example/\r\nSet-Cookie: a=b',
    'https://shop.example/\u0000',
    'https://shop.example/\t',
    'https://shop.example/\u007f',
    'https://shop.example/\u0085x',
    ' https://shop.example/',
    'https://shop.example/ ',
    'https://shop.example/\ud800',
    'https://shop example/',
    'https://shop.example:99999/',
    'https://shop.example:{CHECKOUT_SESSION_ID}/',
    'https://1.2.3.256/',
    'https://[::1/',
    'https://exa%00mple.example/',
  ],
}

test('a URL that must not be stored is refused with the code of its fault', () => {
  for (const [code, urls] of Object.entries(BAD_REDIRECTS)) {
    for (const url of urls) {
      assert.equal(redirectCode(url), code, JSON.stringify(url))
      assert.equal(redirectCode(url, 'live'), code, JSON.stringify(url))
      assert.equal(webhookCode(url, 'test'), code, JSON.stringify(url))
    }
  }
  assert.equal(
    codeOf(() => parseHttpUrl('/x', 'cancelUrl', { mode: 'test' })),
    'url_invalid cancelUrl',
  )
})

test('live mode sends payers to https only', () => {
  assert.equal(redirectCode('http://shop.example/', 'live'), 'url_https_required')
  assert.equal(redirectCode('HTTP://shop.example/', 'live'), 'url_https_required')
  assert.equal(redirectCode('http://shop.example/', 'test'), null)
  assert.equal(redirectCode('HTTPS://shop.example/', 'live'), null)
})

test('F141: 2,048 characters fit, 2,049 do not, and the template counts as it is written', () => {
  const ofLength = (length: number) => 'https://shop.example/'.padEnd(length, 'a')
  assert.equal(redirectCode(ofLength(URL_MAX_LENGTH)), null)
  assert.equal(redirectCode(ofLength(URL_MAX_LENGTH + 1)), 'too_long')
  assert.equal(webhookCode(ofLength(URL_MAX_LENGTH)), null)
  assert.equal(webhookCode(ofLength(URL_MAX_LENGTH + 1)), 'too_long')
  assert.equal(redirectCode(`${ofLength(URL_MAX_LENGTH - 21)}{CHECKOUT_SESSION_ID}`), null)
  assert.equal(
    codeOf(() => parseHttpUrl(ofLength(11), 'p', { mode: 'test', maxLength: 10 })),
    'too_long p',
  )
})

test('a good URL is returned character for character', () => {
  for (const url of [
    'https://shop.example',
    'HTTPS://Shop.Example:443/a/../b/%7e?q=a+b&x=%20#frag',
    'https://shop.example/thanks?session={CHECKOUT_SESSION_ID}',
    'https://shop.example/{CHECKOUT_SESSION_ID}/done#{CHECKOUT_SESSION_ID}',
    'https://{CHECKOUT_SESSION_ID}.shop.example/',
    'https://shop.example/?name=John Doe',
    'https://münchen.example/straße?q=é',
    'https://xn--80ak6aa92e.com/',
    'https://shop.example/?return=user@host',
    'https://shop.example/#user@host',
    'http://localhost:3000/thanks',
    'http://192.168.0.120/thanks',
    'http://[::1]:8080/',
  ]) {
    assert.equal(parseHttpUrl(url, 'successUrl', { mode: 'test' }), url)
  }
})

test('whatever is accepted is http(s) to the host that a person reads', () => {
  const start = fc.constantFrom('', 'h', 'https:', 'http:/', 'https://', 'HTTPS://a', 'https://a.b')
  const rest = fc.string({ unit: fc.constantFrom(...'htps:/\\@#?. \n\t[]ab') })
  let accepted = 0
  fc.assert(
    fc.property(start, rest, (head, tail) => {
      const text = head + tail
      if (redirectCode(text) !== null) return
      accepted += 1
      const url = new URL(text)
      assert.match(url.protocol, /^https?:$/)
      assert.equal(url.username + url.password, '')
      assert.ok(text.toLowerCase().startsWith(`${url.protocol}//${url.hostname}`), text)
    }),
    { numRuns: 2000 },
  )
  assert.ok(accepted > 0)
})

test('only the exact template is substituted, everywhere, and encoded', () => {
  assert.equal(
    withSessionId('https://a/{CHECKOUT_SESSION_ID}{X}?q={CHECKOUT_SESSION_ID}', ID),
    `https://a/${ID}{X}?q=${ID}`,
  )
  for (const untouched of [
    'https://a/{checkout_session_id}',
    'https://a/%7BCHECKOUT_SESSION_ID%7D',
    'https://a/{ CHECKOUT_SESSION_ID}',
    'https://a/$&',
  ]) {
    assert.equal(withSessionId(untouched, ID), untouched)
  }
  assert.equal(withSessionId('https://a/{CHECKOUT_SESSION_ID}', "$&$'/?#"), "https://a/%24%26%24'%2F%3F%23")
})

test('the redirect carries the session id beside whatever query and hash there are', () => {
  const carried = `cx_session_id=${ID}`
  for (const [url, expected] of [
    ['https://shop.example', `https://shop.example?${carried}`],
    ['https://shop.example/thanks', `https://shop.example/thanks?${carried}`],
    ['https://shop.example/thanks?', `https://shop.example/thanks?${carried}`],
    ['https://shop.example/?a=1', `https://shop.example/?a=1&${carried}`],
    ['https://shop.example/?a=1&', `https://shop.example/?a=1&${carried}`],
    ['https://shop.example/?a=1?b=2', `https://shop.example/?a=1?b=2&${carried}`],
    ['https://shop.example/#done', `https://shop.example/?${carried}#done`],
    ['https://shop.example/#/route?x=1', `https://shop.example/?${carried}#/route?x=1`],
    ['https://shop.example/?a=1#b#c', `https://shop.example/?a=1&${carried}#b#c`],
    ['https://shop.example/{CHECKOUT_SESSION_ID}{X}', `https://shop.example/${ID}{X}?${carried}`],
    ['https://shop.example/?s={CHECKOUT_SESSION_ID}', `https://shop.example/?s=${ID}&${carried}`],
    ['https://shop.example/?cx_session_id={CHECKOUT_SESSION_ID}', `https://shop.example/?${carried}`],
    ['https://shop.example/?cx_session_id=stale&a=1', `https://shop.example/?a=1&${carried}`],
    ['https://shop.example/?cx_session_ids=1', `https://shop.example/?cx_session_ids=1&${carried}`],
    ['https://münchen.example/ü?q=é x', `https://xn--mnchen-3ya.example/%C3%BC?q=%C3%A9%20x&${carried}`],
  ] as const) {
    assert.equal(successRedirect(url, ID), expected, url)
  }
})

test('any accepted URL redirects to the same place with the id added, in bytes that fit a header', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), text => {
      if (redirectCode(text) !== null) return
      const target = new URL(successRedirect(text, ID))
      const source = new URL(text)
      assert.match(successRedirect(text, ID), /^[\x21-\x7e]+$/)
      assert.deepEqual(target.searchParams.getAll('cx_session_id'), [ID])
      assert.equal(target.origin + target.pathname + target.hash, source.origin + source.pathname + source.hash)
      target.searchParams.delete('cx_session_id')
      assert.deepEqual([...target.searchParams], [...source.searchParams])
    }),
    { numRuns: 500 },
  )
})

const FORBIDDEN_HOSTS =
  `127.0.0.1 127.0.0.1. 2130706433 0x7f.1 0x7f000001 0X7F.0.0.1 0177.0.0.1 017700000001 127.1 127.0.1
  ①②⑦.⓪.⓪.① １２７.0.0.1 127。0。0。1 127.255.255.254 0 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 0xa.1 100.64.0.1 100.100.100.200
  100.127.255.255 168.63.129.16 169.254.169.254 2852039166 0xA9FEA9FE 169.254.43518 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1
  192.88.99.1 192.168.0.1 3232235521 0300.0250.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
  240.0.0.1 255.255.255.255 [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:a9fe:a9fe] [::ffff:0:0]
  [64:ff9b::a9fe:a9fe] [64:ff9b::10.0.0.1] [64:ff9b:1::1] [2002:7f00:1::] [2002:a9fe:a9fe::] [::127.0.0.1] [100::1] [2001::1]
  [2001:db8::1] [fc00::1] [fd00:ec2::254] [fe80::1] [febf::1] [fec0::1] [ff02::1] [5f00::1]`.split(/\s+/)

test('F135 F136: no spelling of a private address is taken for a webhook in live mode', () => {
  assert.ok(FORBIDDEN_HOSTS.length >= 60)
  for (const host of FORBIDDEN_HOSTS) {
    assert.equal(webhookCode(`https://${host}/hook`), 'url_host_forbidden', host)
    assert.equal(webhookCode(`https://${host}:8443/hook`), 'url_host_forbidden', host)
  }
})

test('test mode takes loopback on any port and scheme, and no other private address', () => {
  for (const host of FORBIDDEN_HOSTS) {
    const { hostname } = new URL(`http://${host}/`)
    const isLoopback = /^127\.|^\[::1\]$|^\[::ffff:7f/.test(hostname)
    assert.equal(webhookCode(`http://${host}:5432/hook`, 'test'), isLoopback ? null : 'url_host_forbidden', host)
  }
})

test('F134 F140: webhooks in live mode need https, port 443 or 8443, and another host than the gateway', () => {
  for (const url of ['http://shop.example/', 'ftp://shop.example/', 'gopher://shop.example/', 'unix:/run/x.sock']) {
    assert.equal(webhookCode(url), 'url_scheme', url)
  }
  for (const port of [22, 25, 80, 5432, 6379, 8080]) {
    assert.equal(webhookCode(`https://shop.example:${port}/`), 'url_port_forbidden')
  }
  for (const url of [
    'https://shop.example/',
    'https://shop.example:443/',
    'https://shop.example:8443/h',
    'https://8.8.8.8/',
  ]) {
    assert.equal(webhookCode(url), null, url)
  }
  for (const url of ['https://pay.shop.example/', 'https://PAY.shop.example:8443/', 'https://pay.shop.example./']) {
    assert.equal(webhookCode(url), 'url_host_forbidden', url)
  }
  assert.equal(webhookCode('http://pay.shop.example:3000/', 'test'), null)
})

test('F141: a webhook URL has no fragment', () => {
  for (const url of ['https://shop.example/#x', 'https://shop.example/#', 'https://shop.example#x']) {
    assert.equal(webhookCode(url), 'url_invalid', url)
  }
})

test('the configuration opens one host and port, not its neighbours', () => {
  const allowed = ['192.168.0.120:8443', 'shop.lan:80', '[fd00::5]:443']
  for (const url of [
    'https://192.168.0.120:8443/h',
    'https://3232235640:8443/',
    'https://[fd00::5]/',
    'https://[fd00:0::5]:443/',
  ]) {
    assert.equal(webhookCode(url, 'live', allowed), null, url)
  }
  assert.equal(webhookCode('http://shop.lan/', 'test', allowed), null)
  assert.equal(webhookCode('http://shop.lan/', 'live', allowed), 'url_scheme')
  assert.equal(webhookCode('https://192.168.0.121:8443/', 'live', allowed), 'url_host_forbidden')
  assert.equal(webhookCode('https://192.168.0.120/', 'live', allowed), 'url_host_forbidden')
  assert.equal(webhookCode('https://192.168.0.120:8444/', 'live', allowed), 'url_port_forbidden')
  assert.equal(webhookCode('https://shop.lan:8080/', 'live', allowed), 'url_port_forbidden')
})

test('F141: a webhook URL is kept as written, in punycode where letters could deceive', () => {
  const parse = (text: string) => parseWebhookUrl(text, 'url', { mode: 'live', allowedHosts: ['shop.lan:443'] })
  assert.equal(parse('https://shop.example').text, 'https://shop.example')
  assert.equal(parse('https://аpple.example/é').text, 'https://xn--pple-43d.example/%C3%A9')
  assert.equal(parse('https://shop.example').isAllowedHost, false)
  assert.equal(parse('https://shop.lan/').isAllowedHost, true)
})

test('a refused host is not told why', () => {
  const expected = hostForbidden('url').message
  for (const url of ['https://127.0.0.1/', 'https://pay.shop.example/', 'https://[fe80::1]/']) {
    assert.throws(
      () => parseWebhookUrl(url, 'url', { mode: 'live', allowedHosts: [], ownHosts: ['pay.shop.example'] }),
      {
        message: expected,
      },
    )
  }
})

test('an origin is kept as browsers write it, and is one that a list of frame ancestors can name', () => {
  for (const [text, origin] of [
    ['https://shop.example', 'https://shop.example'],
    ['HTTPS://Shop.Example:443', 'https://shop.example'],
    ['https://shop.example:8443', 'https://shop.example:8443'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://xn--80ak6aa92e.com', 'https://xn--80ak6aa92e.com'],
    ['https://192.0.2.1', 'https://192.0.2.1'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://0x7f.1:80', 'http://127.0.0.1'],
  ] as const) {
    assert.equal(parseOrigin(text, 'embedOrigins[0]', { mode: 'test' }), origin)
  }
  for (const [text, code] of [
    ['https://shop.example/', 'url_invalid'],
    ['https://shop.example/.', 'url_invalid'],
    ['https://shop.example/cart', 'url_invalid'],
    ['https://shop.example?', 'url_invalid'],
    ['https://shop.example#x', 'url_invalid'],
    ['https://*.shop.example', 'url_invalid'],
    ['https://*', 'url_invalid'],
    ["https://shop.example;script-src'none'", 'url_invalid'],
    ['https://shop.example,https', 'url_invalid'],
    ['https://shop.example https://evil.example', 'url_invalid'],
    ['https://shop.example\\evil', 'url_invalid'],
    ['https://[::1]:3000', 'url_invalid'],
    ['shop.example', 'url_invalid'],
    ['null', 'url_invalid'],
    ['*', 'url_invalid'],
    ['https://me@shop.example', 'url_userinfo'],
    ['http://shop.example', 'url_https_required'],
    ['http://localhost.shop.example', 'url_https_required'],
    ['javascript:alert(1)', 'url_scheme'],
    ['chrome-extension://abc', 'url_scheme'],
    [`https://${'a.'.repeat(150)}example`, 'too_long'],
  ] as const) {
    const check = (error: unknown) => error instanceof AppError && error.code === code && error.param === 'at'
    assert.throws(() => parseOrigin(text, 'at', { mode: 'test' }), check, text)
  }
  for (const text of ['http://localhost:3000', 'http://127.0.0.1']) {
    assert.throws(() => parseOrigin(text, 'at', { mode: 'live' }), /must begin with https:\/\/\./)
  }
})
