import { Link, useParams, useRouter } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { SessionsCard } from '../../layout/SessionsCard.tsx'
import { amountText } from '../../ui/amount.ts'
import { buttonClasses } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { linkStatus } from './linkStatus.ts'

const ASKED = [
  ['nameCollection', 'name'],
  ['emailCollection', 'e-mail address'],
  ['phoneNumberCollection', 'phone number'],
  ['billingAddressCollection', 'billing address'],
  ['shippingAddressCollection', 'shipping address'],
] as const

/** A payment link: its address to pass on, what it asks for, and who went there to pay. */
export function PaymentLinkPage() {
  const { id = '' } = useParams({ strict: false })
  const link = useObject('payment_link', id, bitstream.paymentLinks.get)
  const asked = [
    ...ASKED.flatMap(([field, text]) => (link[field] ? [text] : [])),
    ...(link.customFields?.fields.map(({ label }) => `“${label.custom}”`) ?? []),
  ]
  const after =
    link.afterCompletion === 'redirect' ? `Go to ${link.afterCompletionRedirectUrl}` : link.afterCompletionConfirmMsg
  return (
    <ObjectPage
      object={link}
      list={{ path: '/payment-links', text: 'Payment links' }}
      title={link.title}
      status={linkStatus(link)}
      description={link.description}
      actions={<Actions id={id} isActive={link.isActive} />}
      top={
        <Card title="Link to share">
          <div className="flex flex-wrap items-center gap-3">
            <CopyText text={link.url} label="link" className="min-h-9 min-w-0 rounded-md border border-line px-3" />
            <a href={link.url} target="_blank" rel="noreferrer" className={buttonClasses()}>
              Open the page
              <ExternalLink aria-hidden className="size-4" />
            </a>
          </div>
        </Card>
      }
      facts={[
        ['Amount', link.amount === null ? 'The payer chooses' : amountText(link.amount, link.currency)],
        ...(link.suggestedAmounts === null
          ? []
          : [['Suggested', link.suggestedAmounts.map(each => amountText(each, link.currency)).join(' · ')] as const]),
        ['Can be paid', link.type === 'one_time' ? 'Once: it turns itself off' : 'Any number of times'],
        ['Asks payers for', asked.length === 0 ? 'Nothing' : asked.join(', ')],
        ['After payment', after ?? 'A page that says thank you'],
        ['Promotion codes', link.allowPromotionCodes ? 'May be entered' : 'No'],
      ]}
    >
      <SessionsCard
        of={{ paymentLinkId: id }}
        empty="Nobody has gone there to pay so far: send the link to somebody, or try it yourself."
      />
    </ObjectPage>
  )
}

function Actions({ id, isActive }: { id: string; isActive: boolean }) {
  const router = useRouter()
  if (!mayWrite('payment_links')) return null
  const changes = ['payment_link']
  return (
    <>
      <Link to={`/payment-links/${id}/edit` as '/'} className={buttonClasses()}>
        Edit
      </Link>
      {isActive ? (
        <ActionButton
          text="Turn off"
          run={() => bitstream.paymentLinks.deactivate(id)}
          done="The link takes no payments now."
          changes={changes}
        />
      ) : (
        <ActionButton
          text="Turn on"
          look="primary"
          run={() => bitstream.paymentLinks.activate(id)}
          done="The link can be paid."
          changes={changes}
        />
      )}
      <ActionButton
        text="Delete the link"
        isDangerous
        confirm="Whoever opens its address finds nothing there. Payments that were begun with it can still be completed, and stay in your records."
        run={async () => {
          await bitstream.paymentLinks.delete(id)
          await router.navigate({ to: '/payment-links' as '/' })
        }}
        done="The link is deleted."
        changes={changes}
      />
    </>
  )
}
