import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Context } from '../../src/context.ts'
import { idsOf } from '../harness/catalogFixtures.ts'
import { openBareContext } from '../harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../harness/testDatabase.ts'
import { type FilledLists, openFilledLists } from './filledLists.ts'
import { ODD } from './listRows.ts'
import { statementsOf, workOf } from './planWork.ts'

/** Rows of each kind. Whatever reads more than a page of them shows by far. */
const SIZE = 25_000
const LIMIT = 20
/** How many rows one statement may read for each row of a page: those of each part of a merge, and what they refer to. */
const ROWS_EACH = 30
/** What a search for a part of a name reads, whatever the page: 5,000 coupons with their codes. */
const SEARCHED = 25_000

/** The values of each filter of a list: many rows, a few old ones, or none at all. */
type Filters = Record<string, readonly string[]>

const BOUNDS: Record<string, (time: string, bound: string) => boolean> = {
  gt: (time, bound) => time > bound,
  gte: (time, bound) => time >= bound,
  lt: (time, bound) => time < bound,
  lte: (time, bound) => time <= bound,
}

let database: TestDatabase
let ctx: Context & { close: () => Promise<void> }
let ours: FilledLists
let theirs: FilledLists
let smallTables: Set<string>
/** The newest row of theirs. */
let added = 45

before(async () => {
  database = await createTestDatabase()
  ctx = await openBareContext(database.url)
  theirs = await openFilledLists(ctx, SIZE)
  ours = await openFilledLists(ctx, SIZE)
  // Among a million rows, the sample that statistics are made of has none of the few that are unlike all others.
  await ours.fill(ODD + 1, SIZE)
  await ctx.db.owner.query('vacuum analyze')
  await ours.fill(1, ODD)
  await theirs.fill(1, added)
  const { rows } = await ctx.db.owner.query<{ relname: string }>('select relname from pg_class where reltuples < 1000')
  smallTables = new Set(rows.map(({ relname }) => relname))
})
after(async () => {
  await ctx.close()
  await database.drop()
})

/** Every list that grows, by its path, with every filter of its own. */
function listsOf({ idOf, timeOf }: FilledLists): Record<string, Filters> {
  const ids = (kind: Parameters<typeof idOf>[0], ...rows: number[]) => rows.map(n => idOf(kind, n))
  const nobody = idOf('nothing', 1)
  const flags = ['true', 'false']
  return {
    '/checkout/sessions': {
      status: ['complete', 'incomplete', 'open'],
      paymentStatus: ['paid', 'unpaid'],
      mode: ['payment', 'subscription'],
      paymentMethodTypes: ['wallet', 'stripe'],
      customerId: ids('customer', 1, 2, 3),
      couponId: ids('coupon', 1, 3),
      paymentLinkId: ids('link', 1, 3),
      subscriptionId: ids('subscription', 1, 3),
      invoiceId: ids('invoice', 1, 3),
      receivedCurrency: ['usdc', 'usdt', 'dai'],
      receivedChainId: ['31337', '7'],
      search: [
        ...['PAYER@shop.example', 'nobody@example.com', '%', '1', '1 usdc', '2', nobody],
        ...ids('session', 1, SIZE),
        ...ids('intent', SIZE),
        ...[20, 32].map(size => `0x${nobody.replaceAll('-', '').padStart(size * 2, 'f')}`),
      ],
    },
    '/payment-intents': {
      status: ['succeeded', 'processing', 'canceled'],
      customerId: ids('customer', 1, 2, 3),
    },
    '/transactions': {
      type: ['incoming', 'outgoing', 'event'],
      paymentIntentId: [...ids('intent', 1, SIZE), nobody],
      subscriptionId: ids('subscription', 1, 3),
    },
    '/unmatched-payments': {
      status: ['open', 'resolved'],
      reason: ['late', 'duplicate'],
      checkoutSessionId: ids('session', 1, SIZE),
    },
    '/refunds': {
      status: ['canceled', 'succeeded', 'failed'],
      paymentIntentId: [...ids('intent', 1, SIZE), nobody],
    },
    '/sweeps': { status: ['succeeded', 'planned', 'failed'], chainId: ['31337', '7', '8'] },
    '/products': {
      visibility: ['10', '20'],
      isActive: flags,
      url: ['https://shop.example/old', 'https://shop.example/none'],
      priceTypes: ['one_time', 'recurring', 'streaming', 'recurring,streaming'],
      interval: ['month', 'day'],
      intervalCount: ['3', '4'],
      priceCurrency: ['usdc', 'eur', 'dai'],
    },
    '/prices': {
      visibility: ['10', '20'],
      isActive: flags,
      type: ['one_time', 'recurring', 'streaming'],
      productId: ids('product', 1, SIZE, SIZE + 1),
    },
    '/customers': {
      visibility: ['10', '20'],
      email: ['pAYER1@example.com', 'nobody@example.com'],
      customerReferenceId: ['ref 1', 'ref 0'],
    },
    '/coupons': { isEnable: flags, isArchived: flags, searchText: ['CODE1', 'oupo'] },
    '/tax-rates': { isActive: flags },
    '/invoices': {
      status: ['open', 'draft', 'void'],
      customerId: ids('customer', 1, 2, 3),
      subscriptionId: ids('subscription', 1, 3),
      dueDate: ['2020-01-01T00:00:00.000Z', '2020-01-02T00:00:00.000Z'],
      'dueDate[lt]': ['2020-01-02T00:00:00.000Z', '2019-01-01T00:00:00.000Z'],
      'dueDate[lte]': ['2020-01-01T00:00:00.000Z'],
      'dueDate[gt]': [timeOf(0), '2040-01-01T00:00:00.000Z'],
      'dueDate[gte]': [timeOf(0), '2040-01-01T00:00:00.000Z'],
      'dueDate[isnull]': flags,
      'dueDate[notnull]': flags,
      includes: ['customer,lineItems,paymentIntent'],
    },
    '/payment-links': { isActive: flags },
    '/events': {
      type: ['checkout_session.completed', 'checkout_session.expired', 'refund.failed'],
      deliverySuccess: flags,
    },
    [`/webhook-endpoints/${idOf('endpoint', 1)}/deliveries`]: {
      status: ['succeeded', 'failed', 'pending'],
      eventId: [...ids('event', 1, SIZE), nobody],
    },
    '/webhook-endpoints': { isDisabled: flags },
    '/api-keys': {},
    '/partners/accounts': { emails: [`1.${idOf('user', 1)}@example.com`, 'nobody@example.com'] },
  }
}

/** Lists that are configuration and do not grow, or are of what is not there yet. */
const OTHERS = ['/assets', '/chains', '/subscriptions']

/** The paths of all lists, for titles: what is listed is made later. */
const PATHS = Object.keys(listsOf({ idOf: () => 'ID', timeOf: () => '' } as unknown as FilledLists))

test('every list of the API and each of its filters is here', () => {
  type Operation = { parameters?: { in: string; name: string }[] }
  const text = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')
  const { paths } = JSON.parse(text) as { paths: Record<string, { get?: Operation }> }
  const filters = Object.entries(paths).flatMap(([path, { get }]) => {
    const names = (get?.parameters ?? []).filter(parameter => parameter.in === 'query').map(({ name }) => name)
    const own = names.filter(name => !/^(page|limit|ids|startingAfter|createdAt\[\w+\])$/.test(name))
    return names.includes('startingAfter') ? [[path.replace('/api/v1', ''), own.sort()]] : []
  })
  const here = Object.entries(listsOf(ours)).map(([path, known]) => [
    path.replace(ours.idOf('endpoint', 1), '{id}'),
    Object.keys(known).sort(),
  ])
  assert.deepEqual(new Map(here as []), new Map(filters.filter(([path]) => !OTHERS.includes(`${path}`)) as []))
})

/** Asserts that no statement of the list reads more than a page takes. */
async function readsAPage(path: string, query: Record<string, string>): Promise<void> {
  const url = `${path}?${new URLSearchParams({ limit: `${LIMIT}`, ...query })}`
  const rowsMax = 'searchText' in query ? SEARCHED : ROWS_EACH * Number(query.limit ?? LIMIT)
  const sent = await statementsOf(() => ours.api.ok('GET', url))
  for (const statement of sent) {
    const work = await workOf(ctx, statement)
    const told = `${url}\n${statement.text}\n${JSON.stringify(work)}`
    assert.ok(work.rows <= rowsMax && work.sorted <= rowsMax, told)
    // A scan that goes through an index without finding anything looks at its pages only.
    assert.ok(work.pages <= 8 * (work.rows + work.scans) + 20, told)
    assert.deepEqual(
      work.wholeTables.filter(table => !smallTables.has(table)),
      [],
      told,
    )
  }
}

const STATISTICS: Record<string, () => Promise<unknown>> = {
  'of frequent rows alone': async () => undefined,
  'of all rows': () => ctx.db.owner.query('vacuum analyze'),
}

for (const [known, analyze] of Object.entries(STATISTICS))
  describe(`a page takes the same whatever there is beside it, by statistics ${known}`, () => {
    before(analyze)
    for (const [place, name] of PATHS.entries()) {
      test(name.replace('ID', '{id}'), async () => {
        const [path = '', filters = {}] = Object.entries(listsOf(ours))[place] ?? []
        const each = Object.entries(filters).flatMap(([filter, values]) => values.map(value => ({ [filter]: value })))
        const first = idsOf(await ours.api.ok('GET', `${path}?limit=${LIMIT}`))
        const deep = idsOf(await ours.api.ok('GET', `${path}?limit=1&createdAt[lt]=${ours.timeOf(4_000)}`))
        // Few rows more than a page: a planner may read all of so short a time for each part of a merge.
        const old = { 'createdAt[lt]': ours.timeOf(30) }
        const new_ = { 'createdAt[gte]': ours.timeOf(SIZE - 5) }
        const between = { 'createdAt[gt]': ours.timeOf(3_000), 'createdAt[lte]': ours.timeOf(3_025) }
        for (const filter of [{}, ...each]) {
          for (const bound of [{}, old, new_, between]) await readsAPage(path, { ...filter, ...bound })
          for (const startingAfter of [...first.slice(-1), ...deep]) {
            await readsAPage(path, { ...filter, startingAfter: `${startingAfter}` })
          }
        }
        await readsAPage(path, { ids: [...first, ours.idOf('nothing', 1)].join(',') })
        await readsAPage(path, { page: '3' })
        await readsAPage(path, { limit: '200' })
      })
    }
  })

type Row = { id: string; createdAt: string }

/** The rows of a list; an account is its organization. */
async function rowsOf(path: string, query: Record<string, string>): Promise<Row[]> {
  const { data } = await theirs.api.ok('GET', `${path}?${new URLSearchParams(query)}`)
  return (data as (Row | { organization: Row })[]).map(row => ('organization' in row ? row.organization : row))
}

describe('a list is whole', () => {
  for (const [place, name] of PATHS.entries()) {
    test(`${name.replace('ID', '{id}')}: each row once, whatever is added between its pages, and each bound of time exact`, async () => {
      const path = Object.keys(listsOf(theirs))[place] ?? ''
      const whole = await rowsOf(path, {})
      const ids = whole.map(({ id }) => id)
      assert.ok(ids.length >= ODD)
      assert.deepEqual(ids, [...ids].sort().reverse())
      for (const [op, fits] of Object.entries(BOUNDS)) {
        for (const n of [ODD, 30]) {
          const time = theirs.timeOf(n)
          const found = await rowsOf(path, { [`createdAt[${op}]`]: time })
          assert.deepEqual(
            found.map(({ id }) => id),
            whole.filter(({ createdAt }) => fits(createdAt, time)).map(({ id }) => id),
            `${op} ${n}`,
          )
        }
      }
      const paged: string[] = []
      for (let page = await rowsOf(path, { limit: '20' }); page.length > 0 && paged.length < ids.length; ) {
        paged.push(...page.map(({ id }) => id))
        await theirs.fill(added + 1, ++added)
        page = await rowsOf(path, { limit: '20', startingAfter: paged.at(-1) ?? '' })
      }
      assert.deepEqual(paged, ids)
    })
  }

  test('/transactions: what came again is listed by when it was first seen', async () => {
    await ctx.db.owner.query('update transfers set is_repeated = true, first_seen_at = $2 where id = $1', [
      theirs.idOf('transfer', 30),
      theirs.timeOf(3),
    ])
    const query = { type: 'incoming', 'createdAt[lt]': theirs.timeOf(4) }
    assert.deepEqual(
      (await rowsOf('/transactions', query)).map(({ id }) => id),
      [30, 3, 2, 1].map(n => theirs.idOf('transfer', n)),
    )
  })
})
