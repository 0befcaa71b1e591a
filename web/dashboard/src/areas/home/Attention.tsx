import type { Chain } from '@bitstream/sdk'
import { Link } from '@tanstack/react-router'
import { Notice } from '../../ui/Notice.tsx'
import type { Summary } from './summary.ts'

/** What somebody should look at, each with where; nothing where all is well. */
export function Attention(props: { attention: Summary['attention']; chains: readonly Chain[] }) {
  const { exceptions, unmatched, endpoints } = props.attention
  const troubled = props.chains.filter(({ health }) => health.status !== 'ok')
  if (exceptions + unmatched + endpoints.length + troubled.length === 0) return null
  const link = (to: string, text: string) => (
    <Link to={to as '/'} className="inline-block min-h-6 text-accent underline">
      {text}
    </Link>
  )
  return (
    <Notice tone="warn" title="This needs attention">
      <ul className="flex flex-col gap-1">
        {exceptions > 0 && (
          <li>
            {many(exceptions)} did not go as planned.{' '}
            {link('/payments?status=incomplete', 'See those that are incomplete')}
          </li>
        )}
        {unmatched > 0 && (
          <li>
            {`${many(unmatched)} counted for nothing and wait for your decision: late, twice, or in another coin. `}
            {link('/payments', 'Payments')}
          </li>
        )}
        {endpoints.map(({ id, url }) => (
          <li key={id}>
            Webhooks to <span className="wrap-anywhere">{url}</span> fail.{' '}
            {link(`/developers/webhooks/${id}`, 'See why')}
          </li>
        ))}
        {troubled.map(({ id, name, health }) => (
          <li key={id}>
            {name} cannot be relied on now{health.reason === null ? '' : ` (${health.reason.replaceAll('_', ' ')})`}:
            payments there wait.
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function many(count: number): string {
  if (count >= 100) return '100 payments or more'
  return count === 1 ? 'One payment' : `${count} payments`
}
