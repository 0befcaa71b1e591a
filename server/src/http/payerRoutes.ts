import type { HttpBindings } from '@hono/node-server'
import { z } from '@hono/zod-openapi'
import { changeAmount } from '../actions/changeAmount.ts'
import { changeDetails } from '../actions/changeDetails.ts'
import { changeDiscount } from '../actions/changeDiscount.ts'
import { confirmZero } from '../actions/confirmZero.ts'
import { getPayersSession } from '../actions/getCheckoutSession.ts'
import type { Context } from '../context.ts'
import { isCodeTried } from '../domain/payerDetails.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { isUuid } from '../domain/uuid.ts'
import { readJsonBody } from './body.ts'
import { describePayerRoute, PAYERS_API } from './describePayerRoute.ts'
import { detailsBody } from './detailsBody.ts'
import type { PayerLimits } from './payerLimits.ts'
import { payerView } from './payerView.ts'
import { toAppError } from './problems.ts'
import { type App, addMethodNotAllowed, missing } from './router.ts'
import { amount, text } from './rules.ts'
import { paymentPageSchema } from './sessionObjects.ts'

/** What a payer may change of a session; its answer is the session as the payer sees it then. */
type PayerRoute = {
  /** Below the session's own path. */
  name: string
  operationId: string
  summary: string
  body: z.ZodType | null
  /** Whether a request tries a secret that could be guessed. */
  isGuess: (body: unknown, session: CheckoutSession) => boolean
  change: (ctx: Context, session: CheckoutSession, body: unknown) => Promise<void>
}

/** Checks a route's types where it is written. */
function payerRoute<B extends z.ZodType>(definition: {
  name: string
  operationId: string
  summary: string
  body: B
  isGuess?: (body: z.output<B>, session: CheckoutSession) => boolean
  change: (ctx: Context, session: CheckoutSession, body: z.output<B>) => Promise<void>
}): PayerRoute {
  return { isGuess: () => false, ...definition } as unknown as PayerRoute
}

const ROUTES: readonly PayerRoute[] = [
  payerRoute({
    name: 'discount',
    operationId: 'setPayersDiscount',
    summary: 'Take a promotion code, or remove it with an empty one',
    body: z.strictObject({ code: text(50).nullish() }).openapi('SetDiscount'),
    isGuess: ({ code }) => Boolean(code?.trim()),
    change: (ctx, session, { code }) => changeDiscount(ctx, session, code?.trim() || null),
  }),
  payerRoute({
    name: 'details',
    operationId: 'setPayersDetails',
    summary: "Give the payer's name, e-mail, phone, addresses and answers to the merchant's questions",
    body: detailsBody,
    isGuess: (given, session) => isCodeTried(session, given),
    change: changeDetails,
  }),
  payerRoute({
    name: 'amount',
    operationId: 'setPayersAmount',
    summary: 'Choose an open amount',
    body: z.strictObject({ unitAmount: amount }).openapi('SetAmount'),
    change: (ctx, session, { unitAmount }) => changeAmount(ctx, session, unitAmount),
  }),
  {
    name: 'mark-session-complete-for-zero-amount',
    operationId: 'completeForZeroAmount',
    summary: 'Complete a session whose total is 0',
    body: null,
    isGuess: () => false,
    change: confirmZero,
  },
]

/** What payers do to a session beside paying it: public, known by the session's id alone, answered in JSON. */
export function addPayerRoutes(app: App, ctx: Context, limits: PayerLimits): void {
  for (const item of ROUTES) {
    describePayerRoute(app, { ...item, method: 'post', path: `/{id}/${item.name}`, answer: paymentPageSchema })
    const path = `${PAYERS_API}/:id/${item.name}`
    app.post(path, async c => {
      const id = (c.req.param('id') ?? '').toLowerCase()
      const seen = isUuid(id) ? await getPayersSession(ctx, id) : null
      if (seen === null) throw missing()
      const incoming = (c.env as Partial<HttpBindings> | undefined)?.incoming
      const body = item.body === null ? null : parse(item.body, await readJsonBody(c.req.raw, { incoming }))
      if (item.isGuess(body, seen.found)) limits.guess(c, id)
      await item.change(ctx, seen.found, body)
      const changed = await getPayersSession(ctx, id)
      if (changed === null) throw missing()
      return c.json(payerView(ctx, changed), 200, { 'cache-control': 'no-store' })
    })
    addMethodNotAllowed(app, ctx, path, ['POST'])
  }
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value, { reportInput: true })
  if (!result.success) throw toAppError(result.error, schema)
  return result.data
}
