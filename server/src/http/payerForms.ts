import type { Context as HonoContext } from 'hono'
import { changeAmount } from '../actions/changeAmount.ts'
import { changeDetails } from '../actions/changeDetails.ts'
import { changeDiscount } from '../actions/changeDiscount.ts'
import { confirmZero } from '../actions/confirmZero.ts'
import { getPayersSession, type PayersSession } from '../actions/getCheckoutSession.ts'
import type { Context } from '../context.ts'
import { type CodeRefusal, CodeRefusedError } from '../domain/coupon.ts'
import { AppError } from '../domain/errors.ts'
import { isAsked, isCodeTried } from '../domain/payerDetails.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { isUuid } from '../domain/uuid.ts'
import { readPageForm } from './body.ts'
import { amountProblem, chosenAmount } from './chosenAmount.ts'
import { amountSentence } from './pages/amountFields.ts'
import { openPrice } from './pages/amountStep.ts'
import { hrefOf } from './pages/layout.ts'
import type { FieldProblem, PageFormName, RefusedForm } from './pages/pageForm.ts'
import type { PaymentPage } from './pages/paymentPageView.ts'
import { openLine } from './pages/paymentState.ts'
import type { MessageKey, Words } from './pages/words.ts'
import type { PayerLimits } from './payerLimits.ts'
import type { PayerPages } from './payerPages.ts'
import { payerView } from './payerView.ts'
import { type App, addMethodNotAllowed } from './router.ts'
import { SESSION_PAGE, type SessionPage } from './sessionPage.ts'
import { detailsProblems, readDetails } from './typedDetails.ts'

/** A form that was sent: for which session, and what was typed. `guess` throws `rate_limited` for one guess too many. */
type Sent = {
  ctx: Context
  session: CheckoutSession
  view: PaymentPage
  form: URLSearchParams
  words: Words
  guess: () => void
}

type Problems = ReadonlyMap<string, FieldProblem>

/** What a form does. `take` resolves with what is wrong with its fields; `blame` says which of them an error is about, if any. */
type PageForm = {
  name: PageFormName
  take: (sent: Sent) => Promise<Problems>
  blame: (error: AppError, sent: Sent) => Problems | null
}

const NO_PROBLEMS: Problems = new Map()

const FORMS: readonly PageForm[] = [
  {
    name: 'amount',
    take: async ({ ctx, session, ...sent }) => {
      const chosen = chosenAmount(sent.form)
      if (chosen === null || chosen === 'wrong') return wrongAmount(sent, 'amount')
      await changeAmount(ctx, session, chosen)
      return NO_PROBLEMS
    },
    blame: (error, sent) => {
      const wrong = amountProblem(error)
      return wrong === null ? null : wrongAmount(sent, wrong)
    },
  },
  {
    name: 'details',
    take: async ({ ctx, session, view, form, guess }) => {
      const { given, problems } = readDetails(session, view, form)
      if (problems.size > 0) return problems
      if (isCodeTried(session, given)) guess()
      await changeDetails(ctx, session, given)
      return problems
    },
    blame: (error, { view }) =>
      error.code === 'rate_limited' ? tooMany('email', error) : detailsProblems(view, error),
  },
  {
    name: 'discount',
    take: async ({ ctx, session, form, guess }) => {
      const code = form.has('isRemoved') ? null : (form.get('code') ?? '').trim().normalize('NFC')
      if (code === '') return wrongCode('codeEmpty')
      if (code !== null && !CODE.test(code)) return wrongCode('codeUnknown')
      if (code !== null) guess()
      await changeDiscount(ctx, session, code)
      return NO_PROBLEMS
    },
    blame: (error, { view }) => {
      if (error.code === 'rate_limited') return tooMany('code', error)
      if (!(error instanceof CodeRefusedError)) return null
      const key = error.why === 'email_needed' && !isAsked('email', view) ? 'codeNotHere' : CODE_REFUSALS[error.why]
      return wrongCode(key, { currency: error.currency?.toUpperCase() ?? '' })
    },
  },
  {
    name: 'confirm',
    take: async ({ ctx, session }) => {
      await confirmZero(ctx, session)
      return NO_PROBLEMS
    },
    blame: () => null,
  },
]

/** What can be a code at all; nothing else is looked for. */
const CODE = /^[^\p{C}]{1,50}$/u

const CODE_REFUSALS: Readonly<Record<CodeRefusal, MessageKey>> = {
  not_taken: 'codeNotHere',
  unknown: 'codeUnknown',
  expired: 'codeExpired',
  used_up: 'codeUsedUp',
  other_currency: 'codeOtherCurrency',
  email_needed: 'codeEmailNeeded',
  used_by_customer: 'codeUsedByCustomer',
}

function wrongCode(key: MessageKey, values: Record<string, string> = {}): Problems {
  return new Map([['code', { key, values }]])
}

function tooMany(place: string, { retryAfterS }: AppError): Problems {
  return new Map([[place, { key: 'codeTooMany', values: { seconds: `${retryAfterS ?? 1}` } }]])
}

function wrongAmount(
  { view, words }: Pick<Sent, 'view' | 'words'>,
  wrong: NonNullable<ReturnType<typeof amountProblem>>,
): Problems {
  const line = openLine(view)
  return line === null ? NO_PROBLEMS : new Map([['amount', amountSentence(words, openPrice(line), wrong)]])
}

/** What became impossible while the payer typed: the page says by itself how things stand now. */
const OVERTAKEN = new Set<AppError['code']>([
  'amount_not_open',
  'amount_not_zero',
  'details_missing',
  'session_not_open',
  'terms_fixed',
])

/**
 * The forms of a session's page, for browsers with script and without: one that was taken leads back to the page, one that was not is
 * shown again with what was typed and the problem beside its field.
 */
export function addPayerForms(
  app: App,
  ctx: Context,
  { pages, limits, show }: { pages: PayerPages; limits: PayerLimits; show: SessionPage },
): void {
  const find = async (c: HonoContext) => {
    const id = (c.req.param('id') ?? '').toLowerCase()
    return isUuid(id) ? await getPayersSession(ctx, id) : null
  }
  const frameOf = (c: HonoContext, { found, embedOrigins }: PayersSession) =>
    pages.frame(c, `${SESSION_PAGE}/${found.id}`, embedOrigins)
  const back = (c: HonoContext, seen: PayersSession) => c.redirect(hrefOf(frameOf(c, seen)), 303)

  for (const item of FORMS) {
    const path = `${SESSION_PAGE}/:id/${item.name}`
    // Whoever asks anew for what a form answered means the page.
    app.get(path, async c => {
      const seen = await find(c)
      return seen === null ? pages.notFound(c) : back(c, seen)
    })
    app.post(path, async c => {
      const seen = await find(c)
      if (seen === null) return pages.notFound(c)
      // A form on another site would change what its visitor is to pay.
      if (c.req.header('sec-fetch-site') === 'cross-site') return back(c, seen)
      const form = await readPageForm(c.req.raw)
      const refused = await take(item, {
        ...{ ctx, session: seen.found, view: payerView(ctx, seen), form, words: frameOf(c, seen).words },
        guess: () => limits.guess(c, seen.found.id),
      })
      return refused === null ? back(c, seen) : show(c, seen, refused)
    })
    addMethodNotAllowed(app, ctx, path, ['GET', 'POST'])
  }
}

type Refusal = { form: RefusedForm; status: number; headers: Record<string, string> }

/** Does what the form is for; resolves with what to show instead, or null where the page itself says what became of it. */
async function take({ name, take, blame }: PageForm, sent: Sent): Promise<Refusal | null> {
  const refused = (problems: Problems, status: number, headers = {}): Refusal => ({
    form: { name, typed: sent.form, problems, isTrouble: problems.size === 0 },
    ...{ status, headers },
  })
  try {
    const problems = await take(sent)
    return problems.size === 0 ? null : refused(problems, 400)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (OVERTAKEN.has(error.code)) return null
    const headers = error.retryAfterS === null ? {} : { 'retry-after': `${error.retryAfterS}` }
    const problems = blame(error, sent)
    if (problems !== null) return refused(problems, error.code === 'rate_limited' ? 429 : 400, headers)
    sent.ctx.log.warn({ err: error, checkoutSessionId: sent.session.id }, 'A form of a payer could not be taken')
    return refused(NO_PROBLEMS, 503, headers)
  }
}
