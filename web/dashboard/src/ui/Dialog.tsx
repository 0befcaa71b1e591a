import { Dialog as Kit } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = {
  isOpen: boolean
  onClose: () => void
  title: string
  /** One or two sentences under the title. */
  description?: ReactNode
  children: ReactNode
}

/** A window over the page: it holds the focus, closes with Escape, and is a sheet from below on a phone. */
export function Dialog({ isOpen, onClose, title, description, children }: Props) {
  return (
    <Kit.Root open={isOpen} onOpenChange={open => !open && onClose()}>
      <Kit.Portal>
        <Kit.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Kit.Popup className="fixed inset-x-0 bottom-0 z-40 max-h-[92dvh] overflow-y-auto rounded-t-xl border border-line bg-raised p-5 shadow-xl sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-[min(36rem,calc(100vw-2rem))] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-xl">
          <div className="flex items-start justify-between gap-4">
            <Kit.Title className="text-lg font-semibold">{title}</Kit.Title>
            <Kit.Close aria-label="Close" className="-m-1 rounded p-2 hover:bg-hover">
              <X aria-hidden className="size-4" />
            </Kit.Close>
          </div>
          {description !== undefined && <Kit.Description className="mt-1 text-muted">{description}</Kit.Description>}
          <div className="mt-4">{children}</div>
        </Kit.Popup>
      </Kit.Portal>
    </Kit.Root>
  )
}
