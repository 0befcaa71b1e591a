import { invariant } from '../../src/domain/errors.ts'
import { addCustomer, addOpenInvoice, lineOf } from '../harness/invoiceFixtures.ts'
import { addLink } from '../harness/paymentLinkFixtures.ts'
import { newLine, newSession } from '../harness/sessionFixtures.ts'
import { openFilledLists } from '../lists/filledLists.ts'
import type { Dashboard } from './dashboard.ts'

/** How much a shop has: nothing, one of everything, or ten thousand of everything that is listed. */
export type Shop = 'none' | 'one' | 'many'

/** The objects of a shop, by the areas that show them. */
type Objects = Record<(typeof AREAS)[number] | 'api-keys' | 'webhooks' | 'events' | 'payments', string>

/** A screen of the dashboard, by a name for its picture. */
export type Screen = { name: string; path: string }

/** The areas of what is sold, each with a list, and a page and a form for each object. */
export const AREAS = ['payment-links', 'products', 'customers', 'invoices', 'coupons', 'tax-rates'] as const
const OF_MONEY = ['', 'payments', 'payments/unmatched', 'balances']
const OF_DEVELOPERS = ['api-keys', 'webhooks', 'events', 'requests'].map(list => `developers/${list}`)
const OF_SETTINGS = ['team', 'security', 'audit'].map(tab => `settings/${tab}`)
const LISTS = [...OF_MONEY, ...AREAS, 'subscriptions', ...OF_DEVELOPERS, ...OF_SETTINGS]
const FORMS = [...AREAS, 'developers/api-keys', 'developers/webhooks'].map(area => `${area}/new`)
const SETTINGS = ['organization', 'brand', 'addresses', 'payments', 'invoices'].map(tab => `settings/${tab}`)
const MANY = 10_000
/** Ten thousand of them are a month. */
const APART_S = 259

/** Fills the shop of a fresh dashboard, and answers with its screens. */
export async function fillShop(dashboard: Dashboard, shop: Shop): Promise<Screen[]> {
  if (shop === 'none') return screensAt([...LISTS, ...FORMS, ...SETTINGS, 'faucet'], shop)
  const { payments, events, ...objects } = await addObjects(dashboard)
  if (shop === 'many') {
    await addMany(dashboard)
    return screensAt(LISTS, shop)
  }
  const own = Object.entries(objects).map(([area, id]) => {
    const isOfDevelopers = area === 'api-keys' || area === 'webhooks'
    return { path: `${isOfDevelopers ? 'developers/' : ''}${area}/${id}`, name: `${area}-opened` }
  })
  const isEdited = ({ name }: Screen) => name !== 'api-keys-opened'
  return [
    ...screensAt([...LISTS, ...SETTINGS], shop),
    { name: 'payments-opened', path: `/payments/${payments}` },
    { name: 'events-opened', path: `/developers/events/${events}` },
    ...own.map(({ name, path }) => ({ name, path: `/${path}` })),
    ...own.filter(isEdited).map(({ name, path }) => ({ name: name.replace('opened', 'edit'), path: `/${path}/edit` })),
  ]
}

function screensAt(paths: readonly string[], shop: Shop): Screen[] {
  return paths.map(path => ({ path: `/${path}`, name: `${(path || 'home').replaceAll('/', '-')}-${shop}` }))
}

/** One of everything, as a small shop would have it; the payment is a paid one. */
async function addObjects({ api, pay }: Dashboard): Promise<Objects> {
  const idOf = async (path: string, body: object) => `${(await api.ok('POST', path, body)).id}`
  const product = await api.ok('POST', '/products', {
    name: 'Oak chair',
    description: 'Solid oak, oiled, with a woven seat.',
    defaultPriceData: { currency: 'usdc', unitAmount: '12900000000' },
  })
  const coupon = { name: 'Summer', percentOff: 10, promotionCodeData: { data: [{ code: 'SUMMER10' }] } }
  const tax = { name: 'VAT', description: '', percentage: 19, type: 'exclusive', country: 'DE' }
  const hooks = { description: 'Shop', url: 'http://127.0.0.1:9/hooks', enabledEvents: { events: ['*'] } }
  await api.ok('POST', '/invites', { email: 'hedy@shop.example', role: 'developer' })
  const customerId = await addCustomer(api, { email: 'grace@shop.example', name: 'Grace Hopper' })
  const invoice = await addOpenInvoice(api, { customerId, lineItems: [lineOf({ name: 'Workshop', quantity: 2 })] })
  const session = await newSession(api, { lineItems: [newLine({ unitAmount: '12900000000' })] })
  const objects = {
    products: `${product.id}`,
    'payment-links': (await addLink(api)).id,
    customers: customerId,
    invoices: invoice.id,
    coupons: await idOf('/coupons', coupon),
    'tax-rates': await idOf('/tax-rates', tax),
    webhooks: await idOf('/webhook-endpoints', hooks),
    'api-keys': await idOf('/api-keys', { name: 'Shop', type: 'restricted', scopes: ['checkout_sessions:write'] }),
    payments: session.id,
  }
  await pay(session.id)
  const [event] = (await api.ok('GET', '/events')).data as { id: string }[]
  invariant(event, 'a payment is told of')
  return { ...objects, events: event.id }
}

async function addMany({ ctx, api, organizationId }: Dashboard): Promise<void> {
  const lists = await openFilledLists(ctx, MANY, { apartS: APART_S, of: api })
  await lists.fill(1, MANY)
  const at = `now() - n * interval '${APART_S} s'`
  await ctx.db.owner.query(
    `begin; set local session_replication_role = 'replica';
    insert into api_requests (id, organization_id, created_at, method, route, status, code, duration_ms)
      select gen_random_uuid(), '${organizationId}', ${at}, 'GET', '/api/v1/checkout/sessions/{id}',
        case when n % 9 = 0 then 404 else 200 end, case when n % 9 = 0 then 'resource_missing' end, n % 40
      from generate_series(1, ${MANY}) n;
    insert into members (organization_id, user_id, created_at, updated_at, role)
      select '${organizationId}', user_id, created_at, updated_at, 'viewer' from members
      where organization_id <> '${organizationId}' and role = 'owner' limit 200;
    insert into audit_entries (organization_id, nth, id, created_at, user_id, address, action, detail, previous, hash)
      select '${organizationId}', 1000 + n, gen_random_uuid(), ${at}, case when n % 5 > 0 then owner.user_id end, '192.0.2.7',
        (array['sign_in.started', 'sign_in.failed', 'invite.created', 'member.role_changed', 'api_key.created'])[1 + n % 5],
        case when n % 5 in (2, 3) then '{"email":"grace@shop.example"}' else '{}' end::json,
        sha256(n::text::bytea), sha256((n + 1)::text::bytea)
      from generate_series(1, ${MANY}) n, (select user_id from members where organization_id = '${organizationId}' and role = 'owner' limit 1) owner;
    insert into sign_ins (id, user_id, works_for, token_hash, created_at, seen_at, confirmed_at, stage, is_strong, address, user_agent)
      select gen_random_uuid(), user_id, organization_id, sha256(n::text::bytea), now() - n * interval '1 minute', now() - n * interval '30 s', now(), 'whole',
        true, '2001:db8:1234:5678:9abc:def0:1234:' || n, (array['Firefox/150 (Mac OS)', 'Chrome/150 (Android)', 'Safari/600 (iPhone)', 'curl/8'])[1 + n % 4]
      from generate_series(1, 12) n, members where organization_id = '${organizationId}' and role = 'owner';
    commit`,
  )
}
