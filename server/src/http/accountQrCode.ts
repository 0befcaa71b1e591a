import { renderSVG } from 'uqr'
import { getPaymentLink } from '../actions/getPaymentLink.ts'
import type { Context } from '../context.ts'
import { paymentLinkView } from '../domain/paymentLinkView.ts'
import { type AccountRoute, accountRoute } from './accountRouter.ts'
import { missing } from './router.ts'

/** The address of a payment link as a QR code in SVG, to be printed. */
export function qrCodeRoutes(ctx: Context): AccountRoute[] {
  return [
    accountRoute({
      method: 'get',
      path: '/payment-links/{id}/qr',
      who: 'person',
      handle: async ({ id, person: { caller } }) => {
        const link = await getPaymentLink(ctx, caller.organizationId, id)
        if (link === null) throw missing()
        return { qr: renderSVG(paymentLinkView(link, ctx.config.publicUrl).url) }
      },
    }),
  ]
}
