import type { Invoice } from '@bitstream/sdk'
import { Link, useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'

/** What is done to an invoice now and then, each with what it means. */
export function MoreActions({ invoice: { id, status } }: { invoice: Invoice }) {
  const router = useRouter()
  const changes = ['invoice', 'checkout_session']
  const isDue = status === 'open' || status === 'uncollectible'
  const openCopy = async (copy: PromiseLike<Invoice>) => {
    const { id } = await copy
    await router.navigate({ to: '/invoices/$id/edit', params: { id } })
  }
  return (
    <Card title="More">
      <ul className="-my-4 divide-y divide-line">
        {isDue && (
          <Row text="It was paid in another way, such as by bank transfer or in cash.">
            <ActionButton
              text="Mark as paid"
              confirm="The invoice counts as paid from now on, although no coins came for it. What was begun to pay it ends."
              run={() => bitstream.invoices.pay(id)}
              done="The invoice is paid."
              changes={changes}
            />
          </Row>
        )}
        {status === 'open' && (
          <Row text="It says something wrong: write a new version, which replaces it once it is finalized.">
            <ActionButton
              text="Revise"
              run={() => openCopy(bitstream.invoices.create({ fromInvoiceId: id }))}
              done="This draft says what the invoice says. Change it."
              changes={changes}
            />
          </Row>
        )}
        {status !== 'draft' && (
          <Row text="Its note and your own records can be changed, whatever became of it.">
            <Link to="/invoices/$id/edit" params={{ id }} className={buttonClasses()}>
              Edit
            </Link>
          </Row>
        )}
        <Row text="Write another one that says the same.">
          <ActionButton
            text="Duplicate"
            run={() => openCopy(bitstream.invoices.duplicate(id))}
            done="This is a draft of its own."
            changes={changes}
          />
        </Row>
        {status === 'open' && (
          <Row text="You hardly believe that it will be paid. It still can be.">
            <ActionButton
              text="Mark uncollectible"
              confirm="The invoice is kept as one that will hardly be paid. It can still be paid, and you can still void it."
              run={() => bitstream.invoices.markUncollectible(id)}
              done="The invoice is uncollectible."
              changes={changes}
            />
          </Row>
        )}
        {isDue && (
          <Row text="It should not have been written. It keeps its number and stays in your books.">
            <ActionButton
              text="Void the invoice"
              isDangerous
              confirm="Nobody can pay the invoice any more, and what was begun to pay it ends. This cannot be undone."
              run={() => bitstream.invoices.void(id)}
              done="The invoice is void."
              changes={changes}
            />
          </Row>
        )}
        {status === 'draft' && (
          <Row text="Drafts leave nothing behind.">
            <ActionButton
              text="Delete the draft"
              isDangerous
              confirm="The draft is gone for good."
              run={() => bitstream.invoices.delete(id)}
              goTo="/invoices"
              done="The draft is deleted."
              changes={changes}
            />
          </Row>
        )}
      </ul>
    </Card>
  )
}

function Row({ text, children }: { text: string; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <span className="max-w-prose text-muted">{text}</span>
      {children}
    </li>
  )
}
