import { useSuspenseQuery } from '@tanstack/react-query'
import { ask } from '../../data/account.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { Card } from '../../ui/Card.tsx'
import { Time } from '../../ui/Time.tsx'

type PlaceOfSignIn = {
  id: string
  createdAt: string
  seenAt: string
  address: string
  userAgent: string
  isCurrent: boolean
}

/** Where the person is signed in. */
export function SignInsCard() {
  const { data: signIns } = useSuspenseQuery({
    queryKey: ['sign_in', 'list'],
    queryFn: () => ask<PlaceOfSignIn[]>('GET', '/sign-ins'),
  })
  return (
    <Card
      title="Where you are signed in"
      actions={
        signIns.length > 1 && (
          <ActionButton
            text="Sign out everywhere else"
            run={() => ask('DELETE', '/sign-ins')}
            done="You are signed in here alone"
            changes={['sign_in']}
            confirm="All other browsers and devices are signed out at once; this one stays."
          />
        )
      }
    >
      <ul className="-my-2 divide-y divide-line">
        {signIns.toSorted(byPlace).map(({ id, createdAt, seenAt, address, userAgent, isCurrent }) => (
          <li key={id} className="flex items-center gap-3 py-2">
            <div className="min-w-0 grow">
              <p className="flex flex-wrap items-center gap-2">
                <span className="min-w-0 font-medium break-words" title={userAgent}>
                  {browserOf(userAgent)}
                </span>
                {isCurrent && <Badge tone="good">This one</Badge>}
              </p>
              <p className="wrap-anywhere text-muted">
                From {address}, since <Time at={createdAt} />, last seen <Time at={seenAt} />
              </p>
            </div>
            {!isCurrent && (
              <ActionButton
                text="Sign out"
                run={() => ask('DELETE', `/sign-ins/${id}`)}
                done="Signed out there"
                changes={['sign_in']}
              />
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** This one first, then whatever was used last. */
function byPlace(a: PlaceOfSignIn, b: PlaceOfSignIn): number {
  return Number(b.isCurrent) - Number(a.isCurrent) || b.seenAt.localeCompare(a.seenAt)
}

/** Chrome and Edge call themselves by the names of others, too: the telling one comes first. */
const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'an iPhone'],
  ['iPad', 'an iPad'],
  ['Mac OS', 'a Mac'],
  ['Windows', 'Windows'],
  ['Linux', 'Linux'],
] as const

/** What a browser calls itself, as people call it: "Firefox on a Mac". */
function browserOf(userAgent: string): string {
  const browser = BROWSERS.find(([mark]) => userAgent.includes(mark))?.[1]
  const system = SYSTEMS.find(([mark]) => userAgent.includes(mark))?.[1]
  if (browser === undefined) return userAgent === '' ? 'A browser without a name' : userAgent.slice(0, 60)
  return system === undefined ? browser : `${browser} on ${system}`
}
