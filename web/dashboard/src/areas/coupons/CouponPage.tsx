import type { Coupon } from '@bitstream/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Time } from '../../ui/Time.tsx'
import { couponStatus, offText } from './couponStatus.ts'

/** A coupon with its promotion code. */
export function CouponPage() {
  const { id = '' } = useParams({ strict: false })
  const coupon = useObject('coupon', id, bitstream.coupons.get)
  const { timesRedeemed, maxRedemptions, maxRedemptionsPerCustomer, redeemBy } = coupon
  return (
    <ObjectPage
      object={coupon}
      list={{ path: '/coupons', text: 'Coupons' }}
      title={coupon.name}
      status={couponStatus(coupon)}
      description={offText(coupon)}
      actions={mayWrite('coupons') && !coupon.isArchived && <Actions coupon={coupon} />}
      facts={[
        ...coupon.promotionCodes.map(
          ({ code, isActive }) =>
            [
              'Promotion code',
              <span key={code} className="flex flex-wrap items-center gap-2">
                <CopyText text={code} label="code" />
                {!isActive && <Badge>Off</Badge>}
              </span>,
            ] as const,
        ),
        ['Discount', offText(coupon)],
        ['Used', maxRedemptions === null ? `${timesRedeemed} times` : `${timesRedeemed} of ${maxRedemptions} times`],
        ['For each customer', maxRedemptionsPerCustomer === null ? 'No limit' : `${maxRedemptionsPerCustomer} times`],
        ['Ends', redeemBy === null ? 'Never' : <Time key="ends" at={redeemBy} />],
      ]}
    />
  )
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
