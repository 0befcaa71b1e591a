import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { absent, idsOf } from '../../test/harness/catalogFixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { newSession } from '../../test/harness/sessionFixtures.ts'
import { findActiveCode } from '../store/coupons.ts'
import { inOrganization } from '../store/database.ts'
import { couponSchema } from './catalogObjects.ts'

let ctx: FreshContext
let api: ApiCaller
before(async () => {
  ctx = await openFreshContext()
  api = await openApiCaller(ctx)
})
after(() => ctx.close())

let codes = 0
const codeOf = (coupon: Record<string, unknown>) => couponSchema.parse(coupon).promotionCodes[0]
/** A body with a code of its own, a tenth off unless told. */
const tenth = (changes: object = {}, code: object = {}) => ({
  name: 'Spring',
  percentOff: 10,
  promotionCodeData: { data: [{ code: `CODE${++codes}`, ...code }] },
  ...changes,
})
const later = (ms: number) => new Date(ctx.clock.now().getTime() + ms).toISOString()
const FIVE_OFF = { percentOff: null, amountOff: '500000000', currency: 'usdc' }

test('a coupon is written with its code, read back, and its limits changed', async () => {
  const made = couponSchema.strict().parse(await api.ok('POST', '/coupons', tenth()))
  const { id, createdAt, updatedAt, promotionCodes, ...rest } = made
  assert.deepEqual([createdAt, updatedAt], [ctx.clock.now().toISOString(), ctx.clock.now().toISOString()])
  const { organizationId } = api.caller
  const limits = { maxRedemptions: null, maxRedemptionsPerCustomer: null, redeemBy: null, metadata: null }
  const state = { isEnable: true, isArchived: false, archivedAt: null, status: 'active', timesRedeemed: 0 }
  const value = { name: 'Spring', percentOff: 10, amountOff: null, currency: null }
  assert.deepEqual(rest, { ...value, ...limits, ...state, organizationId })
  const plain = { organizationId, createdAt, couponId: id, code: `CODE${codes}`, isActive: true, expiredAt: null }
  assert.partialDeepStrictEqual(promotionCodes, [{ ...plain, maxRedemptions: null, metadata: null }])

  const whole = {
    ...FIVE_OFF,
    maxRedemptions: 7,
    maxRedemptionsPerCustomer: 1,
    redeemBy: later(9000),
    metadata: { a: 'b' },
  }
  const code = { code: 'Ünï-5', expiredAt: later(5000), maxRedemptions: 3, metadata: { c: 'd' } }
  const other = await api.ok('POST', '/coupons', { name: 'Five', ...whole, promotionCodeData: { data: [code] } })
  assert.partialDeepStrictEqual(other, { ...whole, name: 'Five', promotionCodes: [code] })
  const path = `/coupons/${other.id}`
  assert.deepEqual(await api.ok('GET', path), other)

  ctx.clock.advance(1000)
  const changes = { ...limits, name: 'Five off', maxRedemptions: 9 }
  const changed = await api.ok('PUT', path, changes)
  assert.deepEqual(changed, { ...other, ...changes, updatedAt: ctx.clock.now().toISOString() })
  assert.deepEqual(await api.ok('GET', path), changed)
  assert.deepEqual(await api.ok('PUT', path, {}), changed)
  for (const fixed of ['percentOff', 'amountOff', 'currency', 'promotionCodeData']) {
    assert.equal(await api.refused('PUT', path, { [fixed]: '1' }), `400 parameter_unknown ${fixed}`)
  }
  for (const percentOff of [0.01, 33.33, 100]) {
    assert.equal((await api.ok('POST', '/coupons', tenth({ percentOff }))).percentOff, percentOff)
  }
})

test('what is not a coupon is refused by its field', async () => {
  const data = 'promotionCodeData.data'
  const cases: [object, string][] = [
    [tenth({ name: undefined }), 'parameter_missing name'],
    [tenth({ percentOff: 0 }), 'parameter_invalid percentOff'],
    [tenth({ percentOff: 100.01 }), 'parameter_invalid percentOff'],
    [tenth({ percentOff: 1.234 }), 'parameter_invalid percentOff'],
    [tenth({ percentOff: undefined }), 'parameter_missing percentOff'],
    [tenth({ ...FIVE_OFF, percentOff: 5 }), 'parameter_invalid percentOff'],
    [tenth({ ...FIVE_OFF, currency: undefined }), 'parameter_missing currency'],
    [tenth({ currency: 'usdc' }), 'parameter_invalid currency'],
    [tenth({ ...FIVE_OFF, currency: 'USDC' }), 'currency_unsupported currency'],
    [tenth({ ...FIVE_OFF, amountOff: '0' }), 'amount_too_small amountOff'],
    [tenth({ ...FIVE_OFF, amountOff: '1.5' }), 'amount_invalid amountOff'],
    [tenth({ maxRedemptions: 0 }), 'parameter_invalid maxRedemptions'],
    [tenth({ maxRedemptions: 3_000_000_000 }), 'parameter_invalid maxRedemptions'],
    [tenth({ maxRedemptionsPerCustomer: 1.5 }), 'parameter_invalid maxRedemptionsPerCustomer'],
    [tenth({ redeemBy: 'soon' }), 'expires_at_invalid redeemBy'],
    [tenth({ redeemBy: later(0) }), 'parameter_invalid redeemBy'],
    [tenth({}, { expiredAt: later(0) }), `parameter_invalid ${data}[0].expiredAt`],
    [tenth({ isEnable: 'yes' }), 'parameter_invalid isEnable'],
    [tenth({ promotionCodeData: undefined }), 'parameter_missing promotionCodeData'],
    [tenth({ promotionCodeData: { data: [] } }), `array_too_short ${data}`],
    [tenth({ promotionCodeData: { data: [{ code: 'AB' }, { code: 'CD' }] } }), `array_too_long ${data}`],
    [tenth({}, { code: 'A' }), `parameter_invalid ${data}[0].code`],
    [tenth({}, { code: 'A'.repeat(21) }), `parameter_invalid ${data}[0].code`],
    [tenth({}, { code: 'A B' }), `parameter_invalid ${data}[0].code`],
    [tenth({}, { code: 'A\u200bB' }), `parameter_invalid ${data}[0].code`],
    [tenth({}, { coupon: 'x' }), `parameter_unknown ${data}[0].coupon`],
    [tenth({ duration: 'once' }), 'parameter_unknown duration'],
  ]
  for (const [body, expected] of cases) {
    assert.equal(await api.refused('POST', '/coupons', body), `400 ${expected}`, JSON.stringify(body).slice(0, 120))
  }
})

test('a code is of one active coupon at a time, whatever its case and however many ask at once', async () => {
  const taken = '409 promotion_code_exists promotionCodeData.data[0].code'
  const asked = await Promise.all(
    ['Summer', 'SUMMER', 'summer'].map(code => api.call('POST', '/coupons', tenth({}, { code }))),
  )
  assert.deepEqual(asked.map(({ status }) => status).sort(), [200, 409, 409])
  const first = asked.find(({ status }) => status === 200)?.answer ?? {}
  assert.equal(await api.refused('POST', '/coupons', tenth({}, { code: 'sUMMER' })), taken)
  const waiting = await api.ok('POST', '/coupons', tenth({ isEnable: false }, { code: 'SUMMER' }))
  assert.deepEqual([waiting.status, codeOf(waiting)?.isActive], ['disabled', false])
  assert.equal(await api.refused('POST', `/coupons/${waiting.id}/enable`), '409 promotion_code_exists')
  assert.equal(await api.refused('PUT', `/coupons/${waiting.id}`, { isEnable: true }), '409 promotion_code_exists')
  assert.deepEqual(await api.ok('GET', `/coupons/${waiting.id}`), waiting)

  const off = await api.ok('POST', `/coupons/${first.id}/disable`)
  assert.deepEqual([off.isEnable, off.status, codeOf(off)?.isActive], [false, 'disabled', false])
  assert.deepEqual(await api.ok('GET', `/coupons/${first.id}`), off)
  const both = await Promise.all([first, waiting].map(({ id }) => api.call('POST', `/coupons/${id}/enable`)))
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
  const other = await openApiCaller(ctx)
  await other.ok('POST', '/coupons', tenth({}, { code: 'SUMMER' }))
})

test('an archived coupon stays so and its code is free; enabling, disabling and archiving twice change nothing', async () => {
  const made = await api.ok('POST', '/coupons', tenth({}, { code: 'WINTER' }))
  const path = `/coupons/${made.id}`
  assert.deepEqual(await api.ok('POST', `${path}/enable`), made)
  ctx.clock.advance(1000)
  const archived = await api.ok('POST', `${path}/archive`)
  const now = ctx.clock.now().toISOString()
  assert.partialDeepStrictEqual(archived, { isArchived: true, archivedAt: now, isEnable: false, status: 'disabled' })
  ctx.clock.advance(1000)
  assert.deepEqual(await api.ok('POST', `${path}/archive`), archived)
  assert.deepEqual(await api.ok('POST', `${path}/disable`), archived)
  assert.equal(await api.refused('POST', `${path}/enable`), '409 coupon_archived')
  assert.equal(await api.refused('PUT', path, { isEnable: true }), '409 coupon_archived')
  await api.ok('POST', '/coupons', tenth({}, { code: 'winter' }))
})

test('the active code is found in whatever case, with its coupon', async () => {
  const made = await api.ok('POST', '/coupons', tenth({ ...FIVE_OFF }, { code: 'Herbst' }))
  const find = (text: string) => inOrganization(ctx.db, api.caller.organizationId, tx => findActiveCode(tx, text))
  const found = await find('hERBST')
  assert.deepEqual([found?.coupon.id, found?.coupon.amountOff, found?.code.code], [made.id, 5_00000000n, 'Herbst'])
  assert.equal(await find('Herbs%'), null)
  await api.ok('POST', `/coupons/${made.id}/disable`)
  assert.equal(await find('Herbst'), null)
})

test('a coupon counts the sessions that have it and have not expired, which its limits count, and says why it gives nothing', async () => {
  const { id } = await api.ok('POST', '/coupons', tenth({ maxRedemptions: 1, redeemBy: later(60_000) }))
  const defaultPromotionCode = `CODE${codes}`
  const state = async () => {
    const { status, timesRedeemed } = await api.ok('GET', `/coupons/${id}`)
    return [status, timesRedeemed]
  }
  assert.deepEqual(await state(), ['active', 0])
  const open = await newSession(api, { defaultPromotionCode })
  assert.deepEqual(await state(), ['limit_reached', 1])
  assert.deepEqual((await newSession(api, { defaultPromotionCode })).discounts, [])
  await ctx.db.owner.query(`update checkout_sessions set status = 'expired' where id = $1`, [open.id])
  assert.deepEqual(await state(), ['active', 0])
  assert.equal((await newSession(api, { defaultPromotionCode })).discounts[0]?.couponId, id)
  assert.deepEqual(await state(), ['limit_reached', 1])
  await api.ok('PUT', `/coupons/${id}`, { maxRedemptions: null })
  assert.deepEqual(await state(), ['active', 1])
  ctx.clock.advance(60_000)
  assert.deepEqual(await state(), ['expired', 1])
})

test('lists of coupons: newest first, by cursor while others are made, by filter', async () => {
  const shop = await openApiCaller(ctx)
  const ids: unknown[] = []
  for (const body of [
    tenth({ name: 'Easter 50%' }),
    tenth({ isEnable: false }),
    tenth({}, { code: 'EASTER' }),
    tenth(),
  ]) {
    ctx.clock.advance(1000)
    ids.unshift((await shop.ok('POST', '/coupons', body)).id)
  }
  await shop.ok('POST', `/coupons/${ids[0]}/archive`)
  const first = await shop.ok('GET', '/coupons?limit=2')
  assert.deepEqual([idsOf(first), first.hasMore], [ids.slice(0, 2), true])
  ctx.clock.advance(1000)
  const newest = (await shop.ok('POST', '/coupons', tenth())).id
  assert.deepEqual(idsOf(await shop.ok('GET', `/coupons?limit=2&startingAfter=${ids[1]}`)), ids.slice(2))
  assert.deepEqual(idsOf(await shop.ok('GET', '/coupons?isEnable=false')), [ids[0], ids[2]])
  assert.deepEqual(idsOf(await shop.ok('GET', '/coupons?isArchived=true')), [ids[0]])
  assert.deepEqual(idsOf(await shop.ok('GET', '/coupons?isArchived=false&isEnable=true')), [newest, ids[1], ids[3]])
  assert.deepEqual(idsOf(await shop.ok('GET', '/coupons?searchText=easter')), [ids[1], ids[3]])
  assert.deepEqual(idsOf(await shop.ok('GET', '/coupons?searchText=50%25')), [ids[3]])
  assert.deepEqual(idsOf(await shop.ok('GET', '/coupons?searchText=%25')), [ids[3]])
  assert.deepEqual(idsOf(await shop.ok('GET', `/coupons?ids=${ids[3]},${newest}`)), [newest, ids[3]])
  assert.equal(await shop.refused('GET', '/coupons?isEnable=1'), '400 parameter_invalid isEnable')
})

test("another's coupon is as absent as none, and a key needs its scope", async () => {
  const { id } = await api.ok('POST', '/coupons', tenth())
  await absent(ctx, api, {
    list: '/coupons',
    scope: 'coupons',
    calls: [
      ['GET', `/coupons/${id}`],
      ['PUT', `/coupons/${id}`, { name: 'Mine' }],
      ['POST', `/coupons/${id}/enable`],
      ['POST', `/coupons/${id}/disable`],
      ['POST', `/coupons/${id}/archive`],
    ],
    create: ['POST', '/coupons', tenth()],
  })
})
