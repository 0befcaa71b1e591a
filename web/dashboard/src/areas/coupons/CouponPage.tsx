import type { Coupon, PromotionCodeSlim } from '@bitstream/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { SessionsCard } from '../../layout/SessionsCard.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import type { Fact } from '../../ui/Card.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Time } from '../../ui/Time.tsx'
import { couponStatus, offText, timesText, usesText } from './couponStatus.ts'

/** A coupon with its promotion code. */
export function CouponPage() {
  const { id = '' } = useParams({ strict: false })
  const coupon = useObject('coupon', id, bitstream.coupons.get)
  const { maxRedemptionsPerCustomer, redeemBy } = coupon
  return (
    <ObjectPage
      object={coupon}
      list={{ path: '/coupons', text: 'Coupons' }}
      title={coupon.name}
      status={couponStatus(coupon)}
      description={offText(coupon)}
      actions={mayWrite('coupons') && !coupon.isArchived && <Actions coupon={coupon} />}
      facts={[
        ...coupon.promotionCodes.flatMap(codeFacts),
        ['Discount', offText(coupon)],
        ['Used', usesText(coupon)],
        ['For each customer', maxRedemptionsPerCustomer === null ? 'No limit' : timesText(maxRedemptionsPerCustomer)],
        ['Ends', redeemBy === null ? 'Never' : <Time key="ends" at={redeemBy} />],
      ]}
    >
      <SessionsCard of={{ couponId: id }} empty="Nobody has used it so far." />
    </ObjectPage>
  )
}

function codeFacts({ code, isActive, maxRedemptions, expiredAt }: PromotionCodeSlim): (Fact | false)[] {
  const shown = (
    <span key={code} className="flex flex-wrap items-center gap-2">
      <CopyText text={code} label="code" />
      {!isActive && <Badge>Off</Badge>}
    </span>
  )
  return [
    ['Promotion code', shown],
    maxRedemptions !== null && ['With this code', timesText(maxRedemptions)],
    expiredAt !== null && ['The code ends', <Time key="code" at={expiredAt} />],
  ]
}

function Actions({ coupon: { id, isEnable } }: { coupon: Coupon }) {
  const changes = ['coupon']
  return (
    <>
      <Link to="/coupons/$id/edit" params={{ id }} className={buttonClasses()}>
        Edit
      </Link>
      {isEnable ? (
        <ActionButton
          text="Turn off"
          run={() => bitstream.coupons.disable(id)}
          done="The code gives no discount now."
          changes={changes}
        />
      ) : (
        <ActionButton
          text="Turn on"
          look="primary"
          run={() => bitstream.coupons.enable(id)}
          done="The code gives its discount."
          changes={changes}
        />
      )}
      <ActionButton
        text="Archive for good"
        isDangerous
        confirm="The code gives no discount any more, and can be given to another coupon. This cannot be undone; what was sold with it stays as it is."
        run={() => bitstream.coupons.archive(id)}
        done="The coupon is archived."
        changes={changes}
      />
    </>
  )
}
