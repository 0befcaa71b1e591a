import { useRouter } from '@tanstack/react-router'
import { type AccountState, takeAccount } from '../../data/account.ts'

/** Takes what the server says of somebody who proved who they are, and goes on: to the path `next`, or to the second factor first. */
export function useEnter(): (state: AccountState, next?: string) => void {
  const router = useRouter()
  return (state, next = '/') => {
    takeAccount(state)
    if (state.signIn?.stage === 'waiting') void router.navigate({ to: '/sign-in', search: { next } })
    else router.history.push(next)
  }
}
