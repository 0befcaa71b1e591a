import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { accountNow, ask } from '../../data/account.ts'
import { organizationQuery } from '../../data/organization.ts'
import { useSettled } from '../../data/useSettled.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { messageOf } from '../../ui/messageOf.ts'
import { PayerFrame } from '../../ui/PayerFrame.tsx'
import { InvoicePaper, type Paper } from './InvoicePaper.tsx'

type Preview = { paper: Paper | null; page: Document | null; problem: string | null }

/** Typing goes on for so long before the server is asked. */
const PAUSE_MS = 250

/**
 * An invoice as it is being written, from the server: the very page and paper that the customer will get. What is not whole yet, such as
 * a line without a price, is not on it.
 */
export function InvoicePreview({ written }: { written: object }) {
  const [part, setPart] = useState<'page' | 'paper'>('page')
  const [isLarge, setLarge] = useState(false)
  const asked = useSettled(JSON.stringify(written), PAUSE_MS)
  const { data } = useQuery({
    queryKey: ['invoice', 'preview', asked],
    queryFn: () => previewOf(asked),
    placeholderData: keepPreviousData,
  })
  const { page, paper, problem } = data ?? {}
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {(['page', 'paper'] as const).map(each => (
          <Button
            key={each}
            look={each === part ? 'plain' : 'quiet'}
            aria-pressed={each === part}
            onClick={() => setPart(each)}
          >
            {each === 'page' ? 'Page' : 'PDF'}
          </Button>
        ))}
        {part === 'paper' && paper && (
          <Button look="quiet" className="ms-auto max-sm:hidden" onClick={() => setLarge(true)}>
            Enlarge
          </Button>
        )}
      </div>
      {problem && <p className="text-muted">{problem}</p>}
      {paper === null && problem === null && (
        <p className="rounded-lg border border-dashed border-line p-6 text-center text-muted">
          Say what is paid for, and you see here what the customer will get.
        </p>
      )}
      {paper && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it, too.
        <section aria-label="Preview" tabIndex={0} className="overflow-y-auto rounded-lg xl:max-h-[calc(100vh-9rem)]">
          {part === 'page' ? page && <ServedPage page={page} /> : <InvoicePaper paper={paper} />}
        </section>
      )}
      {paper && (
        <Dialog isOpen={isLarge} onClose={() => setLarge(false)} title="The PDF">
          <InvoicePaper paper={paper} />
        </Dialog>
      )}
    </>
  )
}

/** The card of a page of payers as the server writes it, with none of its controls at work. */
function ServedPage({ page }: { page: Document }) {
  const { data: organization } = useQuery(organizationQuery)
  if (organization === undefined) return null
  return (
    <PayerFrame color={organization.brandColor}>
      <main className="page page-single" inert>
        <ServedCard page={page} />
      </main>
    </PayerFrame>
  )
}

function ServedCard({ page }: { page: Document }) {
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    const { lang, dir } = page.documentElement
    Object.assign(card.current ?? {}, { lang, dir })
    const served = page.querySelector('.card')?.cloneNode(true).childNodes ?? []
    card.current?.replaceChildren(...served)
  }, [page])
  return <section ref={card} className="card card-open" />
}

async function previewOf(asked: string): Promise<Preview> {
  try {
    const { paper } = await ask<Pick<Preview, 'paper'>>('POST', '/invoice-preview', JSON.parse(asked))
    return { paper, page: paper === null ? null : await readPage(asked), problem: null }
  } catch (error) {
    return { paper: null, page: null, problem: messageOf(error) }
  }
}

/** The page as a document, which only the browser itself may read out of HTML: our policy lets no script do that. */
function readPage(asked: string): Promise<Document | null> {
  const request = new XMLHttpRequest()
  request.open('POST', '/api/account/invoice-preview/page')
  request.responseType = 'document'
  request.setRequestHeader('content-type', 'application/json')
  request.setRequestHeader('x-csrf-token', accountNow().signIn?.csrfToken ?? '')
  return new Promise(resolve => {
    request.onloadend = () => resolve(request.responseXML)
    request.send(asked)
  })
}
