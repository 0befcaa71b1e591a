import { Autocomplete } from '@base-ui/react/autocomplete'
import type { CheckoutSessionSlim } from '@bitstream/sdk'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { accountNow } from '../data/account.ts'
import { bitstream } from '../data/bitstream.ts'
import { useSettled } from '../data/useSettled.ts'
import { amountText } from '../ui/amount.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { INPUT } from '../ui/Field.tsx'
import { AREAS } from './areas.ts'

type Found = { path: string; text: string; detail: string }
type Group = { title: string; items: Found[] }

const SETTLE_MS = 150
const TEXT_MIN = 2
const BELOW_AREAS: readonly Found[] = [
  ['/developers/api-keys', 'API keys'],
  ['/developers/webhooks', 'Webhook endpoints'],
  ['/developers/events', 'Events'],
  ['/developers/requests', 'Requests of the API'],
].map(([path = '', text = '']) => ({ path, text, detail: 'Developers' }))

/** A window with one field: pages by their names, and payments by what the API finds them by. */
export function SearchDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Search">
      <Finder onDone={onClose} />
    </Dialog>
  )
}

function Finder({ onDone }: { onDone: () => void }) {
  const router = useRouter()
  const [typed, setTyped] = useState('')
  const { sessions, isSearching } = useSessions(typed.trim())
  const groups: Group[] = [
    { title: 'Payments', items: sessions },
    { title: 'Pages', items: pagesNamed(typed) },
  ].filter(({ items }) => items.length > 0)
  const open = ({ path }: Found) => {
    onDone()
    router.history.push(path)
  }
  return (
    <Autocomplete.Root
      inline
      open
      mode="none"
      autoHighlight="always"
      items={groups}
      value={typed}
      onValueChange={setTyped}
      itemToStringValue={({ text }: Found) => text}
    >
      <Autocomplete.Input
        aria-label="Search pages and payments"
        placeholder="A page; or id, address, transaction, amount or e-mail"
        className={INPUT}
      />
      <Autocomplete.Status className="mt-2 px-3 text-muted">
        {groups.length === 0 && (isSearching ? 'Searching …' : 'Nothing here matches.')}
      </Autocomplete.Status>
      <Autocomplete.List className="mt-2 h-80 max-h-[60dvh] overflow-y-auto">
        {({ title, items }: Group) => (
          <Autocomplete.Group key={title} items={items} className="pb-2">
            <Autocomplete.GroupLabel className="px-3 py-1 text-xs font-medium text-muted">
              {title}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(item: Found) => (
                <Autocomplete.Item
                  key={item.path}
                  value={item}
                  onClick={() => open(item)}
                  className="flex min-h-9 cursor-default items-center justify-between gap-4 rounded px-3 py-1.5 data-highlighted:bg-hover pointer-coarse:min-h-11"
                >
                  <span className="min-w-0 truncate">{item.text}</span>
                  <span className="shrink-0 text-muted">{item.detail}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  )
}

function pagesNamed(typed: string): Found[] {
  const { mode } = accountNow()
  const wanted = typed.trim().toLowerCase()
  const areas = AREAS.flatMap(({ title, links }) =>
    links
      .filter(({ isTestOnly }) => !isTestOnly || mode === 'test')
      .map(({ to, text }) => ({ path: to as string, text, detail: title ?? '' })),
  )
  return [...areas, ...BELOW_AREAS].filter(({ text }) => text.toLowerCase().includes(wanted))
}

/** The payments that what is typed stands for, once the typing rests. */
function useSessions(typed: string): { sessions: Found[]; isSearching: boolean } {
  const settled = useSettled(typed, SETTLE_MS)
  const isAsked = settled.length >= TEXT_MIN
  const { data, isFetching } = useQuery({
    queryKey: ['checkout_session', 'search', settled],
    queryFn: async () => (await bitstream.checkout.sessions.list({ search: settled, limit: 8 })).data,
    enabled: isAsked,
    placeholderData: keepPreviousData,
  })
  const isSearching = settled !== typed || isFetching
  return { sessions: isAsked ? (data ?? []).map(foundSession) : [], isSearching }
}

function foundSession({ id, amountTotal, currency, status, customerDetails }: CheckoutSessionSlim): Found {
  const who = customerDetails.email ?? customerDetails.name ?? `…${id.slice(-12)}`
  return { path: `/payments/${id}`, text: `${amountText(amountTotal, currency)} · ${who}`, detail: status }
}
