import type { CheckoutSessionSlim } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { CreditCard, Download } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { chainsQuery } from '../../data/chains.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { Amount } from '../../ui/Amount.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { betweenDays } from '../../ui/day.ts'
import { Menu } from '../../ui/Menu.tsx'
import { saveFile } from '../../ui/saveFile.ts'
import { Time } from '../../ui/Time.tsx'
import { SavedViews } from './SavedViews.tsx'
import { sessionStatus } from './sessionStatus.ts'

const STATUSES = ['open', 'complete', 'incomplete', 'expired'] as const
type Chosen = Readonly<Record<string, string>>
type Coin = NonNullable<NonNullable<Parameters<typeof bitstream.checkout.sessions.list>[0]>['receivedCurrency']>

const COLUMNS: readonly Column<CheckoutSessionSlim>[] = [
  {
    name: 'Amount',
    width: '8rem',
    narrow: 'minmax(4.25rem,7rem)',
    align: 'end',
    cell: ({ amountTotal, currency }) => <Amount digits={amountTotal} currency={currency} />,
  },
  {
    name: 'Status',
    width: '7rem',
    narrow: '5rem',
    cell: session => {
      const [tone, text] = sessionStatus(session)
      const isOdd = session.exceptions.length > 0 && session.status !== 'complete'
      return <Badge tone={isOdd ? 'warn' : tone}>{text}</Badge>
    },
  },
  {
    name: 'For',
    width: 'minmax(0,1.2fr)',
    isMinor: true,
    cell: ({ lineItems: { data } }) => data.map(({ price }) => price.product.name).join(', '),
  },
  {
    name: 'Payer',
    width: 'minmax(0,1.2fr)',
    isMinor: true,
    cell: ({ customerDetails: { email, name } }) => email ?? name ?? '—',
  },
  {
    name: 'Id',
    width: '9.5rem',
    isMinor: true,
    cell: ({ id }) => <CopyText text={id} shown={shortened(id)} label="id" />,
  },
  {
    name: 'Created',
    width: '6.5rem',
    narrow: 'minmax(5.5rem,1fr)',
    align: 'end',
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
]

/** The filters of the URL as the API takes them, beside the days. */
function filtersOf({ search, status, coin, network }: Chosen) {
  const known = STATUSES.find(each => each === status)
  return {
    ...(search && { search }),
    ...(known && { status: known }),
    ...(coin && { receivedCurrency: coin as Coin }),
    ...(network && { receivedChainId: Number(network) }),
  }
}

/** All payments: found, filtered, opened and downloaded. */
export function PaymentsPage() {
  const { data: chains = [] } = useQuery(chainsQuery)
  const coins = new Map(chains.flatMap(({ assets }) => assets.map(({ currency, symbol }) => [currency, symbol])))
  return (
    <ListPage
      title="Payments"
      description="What payers were asked for and what came of it. Each is a checkout session of the API."
      path="/payments"
      kind="checkout_session"
      filters={[
        { name: 'search', label: 'Id, e-mail, address, transaction or amount' },
        {
          name: 'status',
          label: 'Status',
          choices: [
            ['open', 'Open'],
            ['complete', 'Paid'],
            ['incomplete', 'Incomplete'],
            ['expired', 'Expired'],
          ],
        },
        { name: 'coin', label: 'Coin', choices: [...coins] },
        { name: 'network', label: 'Network', choices: chains.map(({ id, name }) => [`${id}`, name]) },
        { name: 'from', label: 'From', type: 'date' },
        { name: 'to', label: 'To', type: 'date' },
      ]}
      actions={<Downloads />}
      views={<SavedViews area="/payments" />}
      read={(page, chosen) => {
        const createdAt = betweenDays(chosen.from, chosen.to)
        return bitstream.checkout.sessions.list({ ...page, ...filtersOf(chosen), createdAt })
      }}
      columns={COLUMNS}
      Icon={CreditCard}
      empty={{
        title: 'No payments yet',
        text: 'Make a checkout session with the API, or share a payment link: it shows up here at once.',
      }}
    />
  )
}

/** What is listed as a spreadsheet: the export of the API with the filters of the page. */
function Downloads() {
  const chosen = useSearch({ strict: false }) as Chosen
  const save = async (format: 'csv' | 'xlsx') => {
    const { gte, lte } = betweenDays(chosen.from, chosen.to)
    const answer = await bitstream.checkout.sessions.export({
      ...filtersOf(chosen),
      format,
      ...(gte !== undefined && { from: gte }),
      // The end of an export is not in it.
      ...(lte !== undefined && { to: new Date(Date.parse(lte) + 1).toISOString() }),
    })
    const url = URL.createObjectURL(await answer.blob())
    saveFile(url, `payments.${format}`)
    URL.revokeObjectURL(url)
  }
  return (
    <Menu
      label="Export"
      className={buttonClasses()}
      trigger={
        <>
          <Download aria-hidden className="size-4" />
          Export
        </>
      }
      entries={[
        { text: 'CSV', run: () => void save('csv') },
        { text: 'Excel', run: () => void save('xlsx') },
      ]}
    />
  )
}
