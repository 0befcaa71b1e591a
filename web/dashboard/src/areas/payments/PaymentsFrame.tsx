import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'

const COUNTED_MAX = 9
const TAB = 'inline-flex min-h-9 items-center gap-2 rounded-md px-3 font-medium hover:bg-hover pointer-coarse:min-h-11'

/** What is around the lists of payments: the way between all of them and the money that counts for none, with how much of that waits. */
export function PaymentsFrame() {
  const { data } = useQuery({
    queryKey: ['unmatched_payment', 'waiting'],
    queryFn: async () => await bitstream.unmatchedPayments.list({ status: 'open', limit: COUNTED_MAX + 1 }),
  })
  const waiting = data?.data.length ?? 0
  const tab = { className: TAB, activeProps: { className: 'bg-hover' }, inactiveProps: { className: 'text-muted' } }
  return (
    <>
      <nav aria-label="Payments" className="mb-6 flex flex-wrap gap-1 border-b border-line pb-2">
        <Link to="/payments" activeOptions={{ exact: true, includeSearch: false }} {...tab}>
          All payments
        </Link>
        <Link to="/payments/unmatched" {...tab}>
          Unmatched
          {waiting > 0 && (
            <span className="rounded-full bg-warn-soft px-2 text-xs leading-5 text-warn tabular-nums">
              {waiting > COUNTED_MAX ? `${COUNTED_MAX}+` : waiting}
              <span className="sr-only"> to decide</span>
            </span>
          )}
        </Link>
      </nav>
      <Outlet />
    </>
  )
}
