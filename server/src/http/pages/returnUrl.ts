/** `url` if it is an http(s) address without user data, else null: nothing else is ever linked from a page. */
export function webUrl(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null
  const { protocol, username, password, href } = new URL(url)
  const isWeb = (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
  return isWeb ? href : null
}

/** The merchant's URL with `cx_session_id=<id>` in its query (api.md 2), or null where there is no usable one. */
export function returnUrl(url: string | null, sessionId: string): string | null {
  const href = webUrl(url)
  if (href === null) return null
  const [beforeHash = '', ...hash] = href.split('#')
  const marked = `${beforeHash}${beforeHash.includes('?') ? '&' : '?'}cx_session_id=${encodeURIComponent(sessionId)}`
  return [marked, ...hash].join('#')
}

/** The host as it is to be shown before leaving: punycode stays punycode. */
export function hostOf(url: string): string {
  return new URL(url).host
}
