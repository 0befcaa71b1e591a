const ONE_YEAR_S = 31_536_000

/**
 * The exact headers of every HTML page for payers: the page runs scripts of known bytes and loads files of its own origin only.
 * `scriptIntegrities` are those scripts' SRI values (`sha256-…`). No page is shown in a frame, but on the site whose origin is `embedder`:
 * X-Frame-Options knows no exceptions, so it is not sent there. HSTS is sent in live mode alone, without subdomains: the domain is
 * the operator's.
 */
export function pageHeaders(options: {
  mode: 'test' | 'live'
  scriptIntegrities: readonly string[]
  embedder: string | null
}): Record<string, string> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      "default-src 'none'",
      ['script-src', "'self'", ...options.scriptIntegrities.map(value => `'${value}'`)].join(' '),
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "object-src 'none'",
      `frame-ancestors ${options.embedder ?? "'none'"}`,
      "require-trusted-types-for 'script'",
    ].join('; '),
    ...(options.mode === 'live' ? { 'Strict-Transport-Security': `max-age=${ONE_YEAR_S}` } : {}),
    'X-Content-Type-Options': 'nosniff',
    ...(options.embedder === null ? { 'X-Frame-Options': 'DENY' } : {}),
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), clipboard-write=(self)',
    'Cache-Control': 'no-store',
  }
}
