import { z } from '@hono/zod-openapi'
import { exportCheckoutSessions } from '../actions/exportCheckoutSessions.ts'
import type { Context } from '../context.ts'
import { harmlessCell } from '../domain/harmlessCell.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { SESSION_COLUMNS, sessionRow } from '../domain/sessionRow.ts'
import { csvFile, type RowBatches } from './csvFile.ts'
import { listParameters } from './list.ts'
import { type Route, route } from './router.ts'
import { sessionFilters } from './sessionFilters.ts'
import { xlsxFile } from './xlsxFile.ts'

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const FORMATS = {
  csv: { type: 'text/csv; charset=utf-8', write: csvFile },
  xlsx: { type: XLSX_TYPE, write: xlsxFile },
} as const

const query = z.strictObject({
  ...sessionFilters,
  from: listParameters['createdAt[gte]'],
  to: listParameters['createdAt[lt]'].openapi({ description: 'What was made at this time, or later, is left out.' }),
  format: z
    .enum(['csv', 'xlsx'])
    .optional()
    .openapi({ description: 'Without it, what the header Accept asks for; CSV where it does not say.' }),
})

/** The export of checkout sessions; its place in the list of routes is before that of a session by its id. */
export function exportRoutes(ctx: Context): Route[] {
  return [
    route({
      method: 'get',
      path: '/checkout/sessions/export',
      operationId: 'exportCheckoutSessions',
      summary: 'Download checkout sessions as a spreadsheet, newest first',
      tag: 'Checkout sessions',
      scope: 'checkout_sessions:read',
      query,
      response: { file: ['text/csv', XLSX_TYPE] },
      handle: async ({ caller, query, accept }) => {
        const { from, to, format = accept.includes(XLSX_TYPE) ? 'xlsx' : 'csv', paymentMethodTypes, ...rest } = query
        const filter = {
          ...Object.fromEntries(Object.entries(rest)),
          createdAt: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) },
          ...(paymentMethodTypes !== undefined && { paymentMethodType: paymentMethodTypes }),
        }
        const sessions = exportCheckoutSessions(ctx, caller, filter)
        // Read before the answer begins: what fails now is told as an error.
        const first = await sessions.next()
        const { type, write } = FORMATS[format]
        const chunks = write(SESSION_COLUMNS, rowsOf(ctx, first.value ?? [], sessions))
        const name = `checkout-sessions-${ctx.clock.now().toISOString().slice(0, 10)}.${format}`
        return new Response(ReadableStream.from(chunks), {
          headers: {
            'content-type': type,
            'content-disposition': `attachment; filename="${name}"`,
            'cache-control': 'no-store',
          },
        })
      },
    }),
  ]
}

/** The rows of the sessions, each cell harmless; a failure ends the download in the middle, so that nobody takes it for whole. */
async function* rowsOf(
  ctx: Context,
  first: CheckoutSession[],
  more: AsyncIterable<CheckoutSession[]>,
): RowBatches & AsyncGenerator<string[][]> {
  yield first.map(harmlessRow)
  try {
    for await (const batch of more) yield batch.map(harmlessRow)
  } catch (error) {
    ctx.log.error({ err: error }, 'an export of checkout sessions broke off')
    throw error
  }
}

function harmlessRow(session: CheckoutSession): string[] {
  return sessionRow(session).map(harmlessCell)
}
