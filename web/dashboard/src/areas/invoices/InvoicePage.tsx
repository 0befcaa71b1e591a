import type { Invoice } from '@bitstream/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { Download, ExternalLink } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { SessionsCard } from '../../layout/SessionsCard.tsx'
import { amountText } from '../../ui/amount.ts'
import { buttonClasses } from '../../ui/Button.tsx'
import type { Fact } from '../../ui/Card.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'
import { customerName } from '../customers/customerName.ts'
import { InvoiceLines } from './InvoiceLines.tsx'
import { invoiceStatus } from './invoiceStatus.ts'
import { MoreActions } from './MoreActions.tsx'
import { SendButton } from './SendButton.tsx'

/** An invoice: what it asks for, how it stands, and what can be done with it. */
export function InvoicePage() {
  const { id = '' } = useParams({ strict: false })
  const invoice = useObject('invoice', id, bitstream.invoices.get)
  const { customer, customerId, dueDate, sentAt, finalizedAt, paidAt, clientReferenceId, status } = invoice
  const moments = [
    ['Finalized', finalizedAt],
    ['Sent', sentAt],
    ['Paid', paidAt],
    ['Voided', invoice.voidedAt],
  ] as const
  return (
    <ObjectPage
      object={invoice}
      list={{ path: '/invoices', text: 'Invoices' }}
      title={invoice.invoiceNumber === null ? 'Draft invoice' : `Invoice ${invoice.invoiceNumber}`}
      status={invoiceStatus(invoice)}
      description={
        invoice.currency !== null && (
          <span className="font-semibold text-ink">{amountText(invoice.total, invoice.currency)}</span>
        )
      }
      actions={<Actions invoice={invoice} />}
      top={
        <>
          <Scheduled invoice={invoice} />
          <Overdue invoice={invoice} />
          <Revisions invoice={invoice} />
          <InvoiceLines invoice={invoice} />
        </>
      }
      facts={[
        [
          'Customer',
          <Link key="customer" to="/customers/$id" params={{ id: customerId }} className="text-accent underline">
            {customer === null ? 'Open' : customerName(customer)}
          </Link>,
        ],
        ['Due', dueDate === null ? 'No day named' : <Time key="due" at={dueDate} />],
        ...moments.map(([name, at]): Fact | false => at !== null && [name, <Time key={name} at={at} />]),
        invoice.paidOutOfBand && ['Paid by', 'Another way, as somebody noted'],
        ...(invoice.customFields?.fields.map(({ name, value }): Fact => [name, value]) ?? []),
        invoice.description ? ['Note', invoice.description] : false,
        invoice.footer ? ['Footer', invoice.footer] : false,
        clientReferenceId !== null && ['Your reference', clientReferenceId],
        ['Promotion codes', invoice.allowPromotionCodes ? 'May be entered' : 'Not taken'],
        networksOf(invoice),
        finalizedAt !== null && ['Page', <CopyText key="url" text={invoice.url} label="link" />],
      ]}
    >
      {finalizedAt !== null && (
        <SessionsCard
          of={{ invoiceId: id }}
          empty={status === 'open' ? 'Nobody has begun to pay it so far.' : 'Nobody began to pay it.'}
        />
      )}
      {mayWrite('invoices') && <MoreActions invoice={invoice} />}
    </ObjectPage>
  )
}

function Scheduled({ invoice: { status, finalizeScheduleAt, customer } }: { invoice: Invoice }) {
  if (status !== 'draft' || finalizeScheduleAt === null) return null
  return (
    <Notice tone="info" title="It will be sent by itself">
      It is finalized and sent to {customer?.email ?? 'the customer'} <Time at={finalizeScheduleAt} />, as it says then.
      To keep it back for good, delete the draft.
    </Notice>
  )
}

function Overdue({ invoice }: { invoice: Invoice }) {
  if (invoice.dueDate === null || invoiceStatus(invoice)[1] !== 'Overdue') return null
  return (
    <Notice tone="warn" title="The last day to pay has passed">
      It was due <Time at={invoice.dueDate} />. Send it {invoice.sentAt === null ? '' : 'again '}to remind the customer;
      it can still be paid.
    </Notice>
  )
}

function Revisions({ invoice: { fromInvoiceId, latestRevisionId, id, status } }: { invoice: Invoice }) {
  const other = latestRevisionId ?? fromInvoiceId
  if (other === null || other === id) return null
  const title =
    latestRevisionId !== null
      ? 'There is a later version of this invoice'
      : status === 'draft'
        ? 'This will replace another invoice once it is finalized'
        : 'This replaced another invoice'
  return (
    <Notice tone="info" title={title}>
      <Link to="/invoices/$id" params={{ id: other }} className="text-accent underline">
        Open the other one
      </Link>
    </Notice>
  )
}

function Actions({ invoice }: { invoice: Invoice }) {
  const { id, status, url, invoicePdfUrl } = invoice
  const isDraft = status === 'draft'
  const isEmpty = invoice.lineItems.data.length === 0
  const isWriter = mayWrite('invoices')
  return (
    <>
      {invoicePdfUrl !== null && (
        <>
          <a href={url} target="_blank" rel="noreferrer" className={buttonClasses()}>
            Open the page
            <ExternalLink aria-hidden className="size-4" />
          </a>
          <a href={invoicePdfUrl} download className={buttonClasses()}>
            <Download aria-hidden className="size-4" />
            PDF
          </a>
        </>
      )}
      {isWriter && isDraft && (
        <>
          <Link to="/invoices/$id/edit" params={{ id }} className={buttonClasses(isEmpty ? 'primary' : 'plain')}>
            Edit
          </Link>
          {!isEmpty && (
            <ActionButton
              text="Finalize"
              confirm="The invoice gets its number and can be paid at its page. From then on it says what it says: to change it you write a revision. Nobody is written to."
              run={() => bitstream.invoices.finalize(id)}
              done="The invoice has its number."
              changes={['invoice']}
            />
          )}
        </>
      )}
      {isWriter && !isEmpty && (isDraft || status === 'open') && <SendButton invoice={invoice} />}
    </>
  )
}

/** Named where it may be paid on some networks only. */
function networksOf({ id, paymentSettingId, paymentSetting }: Invoice): Fact | false {
  const count = paymentSettingId === id ? paymentSetting.allowedChains?.length : undefined
  return count !== undefined && ['Networks', `${count} of its own`]
}
