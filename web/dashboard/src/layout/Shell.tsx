import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { ChevronsUpDown, CircleUser, Menu as MenuIcon, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { type AccountState, accountNow, accountQuery, ask, takeAccount } from '../data/account.ts'
import { useChanges } from '../data/useChanges.ts'
import { classes } from '../ui/classes.ts'
import { Menu } from '../ui/Menu.tsx'
import { AREAS } from './areas.ts'
import { Search } from './Search.tsx'
import { ThemeSwitch } from './ThemeSwitch.tsx'

/** The frame of every page of whoever is signed in: where one is, where one can go, and for whom one works. */
export function Shell() {
  const [isOpen, setOpen] = useState(false)
  useChanges()
  const { mode } = accountNow()
  const router = useRouter()
  const { data: account } = useQuery(accountQuery)
  const isOut = account?.signIn?.stage !== 'whole'
  useEffect(() => {
    // Wherever a sign-in ends, its page gives way to the one for signing in.
    if (isOut) void router.invalidate()
  }, [isOut, router])
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_1fr]">
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:bg-raised focus:p-3">
        Skip to the content
      </a>
      <header className="sticky top-0 z-30 flex items-center justify-between border-b border-line bg-surface px-4 py-2 lg:hidden">
        <span className="font-semibold">Bitstream</span>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls="navigation"
          aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
          onClick={() => setOpen(!isOpen)}
          className="rounded p-2.5 hover:bg-hover"
        >
          {isOpen ? <X aria-hidden className="size-5" /> : <MenuIcon aria-hidden className="size-5" />}
        </button>
      </header>
      <div
        id="navigation"
        className={classes(
          'z-20 flex-col gap-4 border-e border-line bg-surface p-3 lg:sticky lg:top-0 lg:flex lg:h-dvh lg:overflow-y-auto',
          isOpen ? 'fixed inset-0 top-14 flex overflow-y-auto' : 'hidden',
        )}
      >
        <Organizations />
        <Search onOpen={() => setOpen(false)} />
        <nav aria-label="Areas" className="flex grow flex-col gap-4">
          {AREAS.map(({ title, links }) => (
            <div key={title ?? 'first'}>
              {title !== null && <p className="px-3 pb-1 text-xs font-medium text-muted">{title}</p>}
              <ul>
                {links
                  .filter(({ isTestOnly }) => !isTestOnly || mode === 'test')
                  .map(({ to, text, Icon }) => (
                    <li key={to}>
                      <Link
                        to={to}
                        onClick={() => setOpen(false)}
                        activeOptions={{ exact: to === '/' }}
                        activeProps={{ className: 'bg-hover font-semibold' }}
                        className="flex min-h-9 items-center gap-3 rounded-md px-3 hover:bg-hover pointer-coarse:min-h-11"
                      >
                        <Icon aria-hidden className="size-4 text-muted" />
                        {text}
                      </Link>
                    </li>
                  ))}
              </ul>
            </div>
          ))}
        </nav>
        <ThemeSwitch />
      </div>
      <div className="min-w-0">
        {mode === 'test' && (
          <aside
            aria-label="Mode"
            className="border-b border-warn/30 bg-warn-soft px-4 py-1 text-center text-xs font-medium text-warn"
          >
            Test mode: no real money moves
          </aside>
        )}
        <Main />
      </div>
    </div>
  )
}

/** The page itself. It is told as busy while it is still the one before, which stays until what was asked for has come. */
function Main() {
  const isBusy = useRouterState({ select: ({ status }) => status === 'pending' })
  return (
    <main id="main" tabIndex={-1} aria-busy={isBusy} className="mx-auto max-w-6xl p-4 outline-none sm:p-6 lg:p-8">
      <Outlet />
    </main>
  )
}

function Organizations() {
  const router = useRouter()
  const { signIn } = accountNow()
  if (signIn === null) return null
  const { user, organization, organizations } = signIn
  const go = async (path: string, body?: object) => {
    takeAccount(await ask<AccountState>('POST', path, body))
    await router.invalidate()
  }
  return (
    <div className="flex items-center gap-1">
      <Menu
        label={`Organization: ${organization.name}`}
        className="flex min-h-11 min-w-0 grow items-center justify-between gap-2 rounded-md px-3 hover:bg-hover"
        trigger={
          <>
            <span className="truncate font-semibold">{organization.name}</span>
            <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
          </>
        }
        entries={organizations.map(({ id, name, role }) => ({
          text: `${name} (${role})`,
          isOn: id === organization.id,
          run: () => void go('/organization', { organizationId: id }),
        }))}
      />
      <Menu
        label={`You: ${user.email}`}
        trigger={<CircleUser aria-hidden className="size-5" />}
        entries={[
          { text: 'Security', run: () => void router.navigate({ to: '/settings/security' }) },
          { text: `Sign out ${user.email}`, run: () => void go('/sign-out') },
        ]}
      />
    </div>
  )
}
