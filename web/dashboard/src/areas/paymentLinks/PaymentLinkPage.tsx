import type { PaymentLink } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { chainsQuery } from '../../data/chains.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { ReceivedCard } from '../../layout/ReceivedCard.tsx'
import { SessionsCard } from '../../layout/SessionsCard.tsx'
import { amountText } from '../../ui/amount.ts'
import { Badge } from '../../ui/Badge.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import type { Fact } from '../../ui/Card.tsx'
import { Thumbnails } from '../../ui/Thumbnails.tsx'
import { pictureOf } from './LinkPreview.tsx'
import { linkStatus } from './linkStatus.ts'
import { ShareCard } from './ShareCard.tsx'
import { ASKED } from './typedLink.ts'

/** A payment link: its address to pass on, what it brought in, what it asks for, and who went there to pay. */
export function PaymentLinkPage() {
  const { id = '' } = useParams({ strict: false })
  const link = useObject('payment_link', id, bitstream.paymentLinks.get)
  const picture = pictureOf(link)
  const asked = [
    ...ASKED.flatMap(([field, text]) => (link[field] ? [text.charAt(0).toLowerCase() + text.slice(1)] : [])),
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
      actions={mayWrite('payment_links') && <Actions link={link} />}
      top={
        <>
          <ShareCard link={link} />
          <ReceivedCard of="payment-links" id={id} />
        </>
      }
      facts={[
        ...priceFacts(link),
        ['Can be paid', link.type === 'one_time' ? 'Once: it turns itself off' : 'Any number of times'],
        ['Coins', <Coins key="coins" link={link} />],
        ['Asks payers for', asked.length === 0 ? 'Nothing' : asked.join(', ')],
        ['After payment', after || 'A page that says thank you'],
        picture !== null && ['Picture', <Thumbnails key="picture" images={[picture]} />],
        link.tags.length > 0 && [
          'Tags',
          <span key="tags" className="flex flex-wrap gap-1.5">
            {link.tags.map(tag => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>,
        ],
      ]}
    >
      <SessionsCard
        of={{ paymentLinkId: id }}
        empty="Nobody has gone there to pay so far: send the link to somebody, or try it yourself."
      />
    </ObjectPage>
  )
}

function priceFacts({ amount, currency, suggestedAmounts, productId }: PaymentLink): (Fact | false)[] {
  const chosen = `Payers choose it, in ${currency.toUpperCase()}`
  return [
    ['Amount', amount === null ? chosen : amountText(amount, currency)],
    suggestedAmounts !== null && ['Suggested', suggestedAmounts.map(each => amountText(each, currency)).join(' · ')],
    productId !== null && ['Product', <ProductLink key="product" id={productId} />],
  ]
}

function ProductLink({ id }: { id: string }) {
  const { data } = useQuery({ queryKey: ['product', 'get', id], queryFn: () => bitstream.products.get(id) })
  return (
    <Link to="/products/$id" params={{ id }} className="text-accent underline">
      {data?.name ?? 'Open'}
    </Link>
  )
}

/** The coins and networks that it may be paid in, where they are not all. */
function Coins({ link: { currencies, allowedChains, preferredCurrency } }: { link: PaymentLink }) {
  const { data: chains = [] } = useQuery({ ...chainsQuery, enabled: allowedChains !== null })
  const nameOf = (id: number) => chains.find(each => each.id === id)?.name ?? `network ${id}`
  const coins = currencies === null ? 'All that you are paid in' : currencies.map(each => each.toUpperCase()).join(', ')
  const networks = allowedChains === null ? '' : ` on ${allowedChains.map(({ chainId }) => nameOf(chainId)).join(', ')}`
  const preferred = allowedChains?.find(({ isPreferred }) => isPreferred)?.chainId
  const first = [
    ...(preferredCurrency === null ? [] : [preferredCurrency.toUpperCase()]),
    ...(preferred === undefined ? [] : [nameOf(preferred)]),
  ]
  return `${coins}${networks}${first.length === 0 ? '' : `, first ${first.join(' on ')}`}`
}

function Actions({ link: { id, isActive } }: { link: PaymentLink }) {
  const changes = ['payment_link']
  return (
    <>
      <Link to="/payment-links/$id/edit" params={{ id }} className={buttonClasses()}>
        Edit
      </Link>
      <Link to="/payment-links/new" search={{ from: id }} className={buttonClasses()}>
        Copy as new
      </Link>
      {isActive ? (
        <ActionButton
          text="Turn off"
          confirm="Whoever opens its address reads that it takes no payments. Payments that were begun can still be completed. You can turn it on again."
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
        run={() => bitstream.paymentLinks.delete(id)}
        goTo="/payment-links"
        done="The link is deleted."
        changes={changes}
      />
    </>
  )
}
