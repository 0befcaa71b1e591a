import type { ReactNode } from 'react'

/** What must be read whole in a table, such as an amount: it takes two lines where one does not do. */
export function Whole({ children }: { children: ReactNode }) {
  return <span className="block leading-tight break-words whitespace-normal tabular-nums">{children}</span>
}
