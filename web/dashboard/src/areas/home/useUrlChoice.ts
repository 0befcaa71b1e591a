import { useRouter } from '@tanstack/react-router'

/** Puts what was chosen into the URL, beside what is there, and leaves the page where it is. */
export function useUrlChoice(): (change: Readonly<Record<string, string>>) => void {
  const router = useRouter()
  return change => {
    const chosen = Object.entries({ ...(router.state.location.search as Record<string, string>), ...change })
    const search = Object.fromEntries(chosen.filter(([, value]) => value !== ''))
    void router.navigate({ to: '/', search, resetScroll: false })
  }
}
