import { skipToken, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { queryClient } from '../../data/queryClient.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Notice } from '../../ui/Notice.tsx'

const keyOf = (id: string) => ['shown_once', id]

/** Keeps in the memory of this page the secret of the object `id`, which was just made and is told only now. */
export function keepForNow(id: string, secret: string | null): void {
  if (secret !== null) queryClient.setQueryData(keyOf(id), secret)
}

/** The secret of an object that was just made, until whoever made it says that it is stored; nothing later. */
export function ShownOnce(props: {
  id: string
  /** What it is, such as "secret key". */
  what: string
  children: (secret: string) => ReactNode
}) {
  const { id, what, children } = props
  const { data: secret } = useQuery<string | null>({ queryKey: keyOf(id), queryFn: skipToken })
  if (!secret) return null
  return (
    <Notice tone="good" title={`Store this ${what} now: it is shown only once`}>
      <div className="mt-2 flex flex-col gap-4">
        <CopyText
          text={secret}
          label={what}
          className="min-h-9 max-w-full self-start rounded-md border border-line bg-surface px-3 text-ink"
        />
        {children(secret)}
        <Button className="self-start" onClick={() => queryClient.setQueryData(keyOf(id), null)}>
          I have stored it
        </Button>
      </div>
    </Notice>
  )
}
