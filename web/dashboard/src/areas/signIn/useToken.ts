import { useState } from 'react'

/** The one-time token of the link that led here, from its path or its query; null where it has none. */
export function useToken(): string | null {
  const [token] = useState(() => {
    const { pathname, search } = location
    return pathname.split('/')[2] || new URLSearchParams(search).get('token')
  })
  return token || null
}
