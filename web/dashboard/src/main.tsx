import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ConfirmationProvider } from './data/confirmed.tsx'
import { queryClient } from './data/queryClient.ts'
import { putOnTheme } from './layout/ThemeSwitch.tsx'
import { router } from './router.tsx'
import './style.css'
import { Toasts } from './ui/Toasts.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has its root')

putOnTheme()

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Toasts>
        <ConfirmationProvider>
          <RouterProvider router={router} />
        </ConfirmationProvider>
      </Toasts>
    </QueryClientProvider>
  </StrictMode>,
)
