import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

const manager = Toast.createToastManager()

/** Says in passing that something was done, or that it failed. */
export function toast(title: string, description?: string): void {
  manager.add({ title, ...(description !== undefined && { description }) })
}

/** Shows what `toast` says, above everything else. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} timeout={6_000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[calc(100vw-2rem)] flex-col gap-2 sm:w-96">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList() {
  const { toasts } = Toast.useToastManager()
  return toasts.map(each => (
    <Toast.Root key={each.id} toast={each} className="rounded-lg border border-line bg-raised p-4 shadow-lg">
      <Toast.Content className="flex items-start gap-3">
        <div className="min-w-0 grow">
          <Toast.Title className="font-semibold" />
          <Toast.Description className="mt-1 break-words text-muted" />
        </div>
        <Toast.Close aria-label="Close" className="rounded p-1 hover:bg-hover">
          <X aria-hidden className="size-4" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
