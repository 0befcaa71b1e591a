import { useQuery } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type AccountState, accountQuery, ask, takeAccount } from '../../data/account.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useTitle } from '../../ui/useTitle.ts'

/** The way in. */
export function SignInPage() {
  useTitle('Sign in')
  const router = useRouter()
  const { next = '/' } = useSearch({ from: '/outside/sign-in' })
  const { data: account } = useQuery(accountQuery)
  const [state, setState] = useState<{ isBusy: boolean; error: string | null }>({ isBusy: false, error: null })
  const enter = async (path: string, body?: object) => {
    setState({ isBusy: true, error: null })
    try {
      takeAccount(await ask<AccountState>('POST', path, body))
      await router.invalidate()
      router.history.push(next)
    } catch (error) {
      setState({ isBusy: false, error: error instanceof Error ? error.message : String(error) })
    }
  }
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-4 p-6">
      <h1 className="text-xl font-semibold">Sign in to Bitstream</h1>
      {state.error !== null && (
        <Notice tone="bad" title="You are not signed in">
          {state.error}
        </Notice>
      )}
      {account?.canDemo && (
        <Button look="primary" isBusy={state.isBusy} onClick={() => enter('/demo')}>
          Enter as the demo owner
        </Button>
      )}
    </main>
  )
}
