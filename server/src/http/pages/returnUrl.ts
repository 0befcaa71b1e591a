import { successRedirect } from '../../domain/url.ts'

/** `url` if it is an http(s) address without user data, else null: nothing else is ever linked from a page. */
export function webUrl(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null
  const { protocol, username, password, href } = new URL(url)
  const isWeb = (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
  return isWeb ? href : null
}

/** The merchant's URL with `cx_session_id=<id>` in its query (api.md 2), or null where there is no usable one. */
export function returnUrl(url: string | null, sessionId: string): string | null {
  return url === null || webUrl(url) === null ? null : webUrl(successRedirect(url, sessionId))
}

/** The host as it is to be shown before leaving: punycode stays punycode. */
export function hostOf(url: string): string {
  return new URL(url).host
}
