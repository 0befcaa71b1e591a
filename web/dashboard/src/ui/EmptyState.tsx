import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

/** What a list shows that has nothing to show: why, and what to do about it. */
export function EmptyState(props: { Icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode }) {
  const { Icon, title, children, action } = props
  return (
    <div className="flex flex-col items-center rounded-lg border border-dashed border-line px-6 py-12 text-center">
      <Icon aria-hidden className="size-8 text-muted" />
      <p className="mt-3 font-semibold">{title}</p>
      {children !== undefined && <div className="mt-1 max-w-md text-muted">{children}</div>}
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  )
}
