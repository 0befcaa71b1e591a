import { Link } from '@tanstack/react-router'
import { RefreshCw } from 'lucide-react'
import { buttonClasses } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'

/** What subscriptions will be: this version makes none, which the API says with `not_yet_available`. */
export function SubscriptionsPage() {
  return (
    <>
      <PageHeader title="Subscriptions" description="Customers who pay again at each interval." />
      <EmptyState
        Icon={RefreshCw}
        title="Not in this version yet"
        action={
          <Link to="/invoices" className={buttonClasses()}>
            Ask with invoices meanwhile
          </Link>
        }
      >
        <p>
          You will sell products by the day, week, month or year; customers allow the payments once from their own
          wallet, and can pause or end them. You will see here who is paying, who is late, and what comes next.
        </p>
        <p className="mt-2">Until then, nothing is charged again by itself.</p>
      </EmptyState>
    </>
  )
}
