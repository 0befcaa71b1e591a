import { z } from '@hono/zod-openapi'
import { accountView } from '../actions/accountView.ts'
import { listAccounts, openAccount } from '../actions/openAccount.ts'
import type { Context } from '../context.ts'
import { parseHttpUrl } from '../domain/url.ts'
import { addressDetail } from './address.ts'
import { id, time } from './answerFields.ts'
import { createdAtOf, listParameters, pageOf, pageSchema, pageView } from './list.ts'
import { webhookEndpointSchema } from './objects.ts'
import { color, openingSetting } from './organization.ts'
import { organizationSchema, paymentSettingSchema, userSchema, withdrawalAddressSchema } from './organizationObjects.ts'
import { type Route, route } from './router.ts'
import { email, name, PARAM, refuse, rule, text, url } from './rules.ts'
import { newWebhookEndpoint } from './webhookEndpoints.ts'
import { newWithdrawalAddress } from './withdrawalAddresses.ts'

const token = z
  .object({
    id,
    name: z.string(),
    tokenIdentifier: z.string(),
    organizationId: id,
    userId: id.nullable(),
    createdAt: time,
    updatedAt: time,
    token: z.string().nullable().openapi({ description: 'A secret key of the account, shown once.' }),
  })
  .openapi('PersonalAccessTokenWithPlainToken')

const accountSchema = z
  .object({
    id,
    organization: organizationSchema,
    user: userSchema,
    paymentSetting: paymentSettingSchema,
    webhookEndpoints: z.array(webhookEndpointSchema),
    withdrawalAddresses: z.array(withdrawalAddressSchema),
    personalAccessToken: token,
  })
  .openapi('AccountOnboardResponse')

function newAccount(config: Context['config']) {
  return z
    .strictObject({
      email,
      name,
      website: url((given, param) => parseHttpUrl(given, param, config)).nullish(),
      phone: text(50).nullish(),
      brandColor: color.optional(),
      addressDetails: addressDetail.nullish(),
      paymentSetting: z.strictObject(openingSetting).optional().openapi('UpdatePaymentSetting'),
      withdrawalAddresses: z.array(newWithdrawalAddress).max(50).default([]),
      webhookEndpoints: z.array(newWebhookEndpoint(config)).max(16).default([]),
    })
    .openapi('AccountOnboard')
}

/** E-mail addresses, repeated or separated by commas. */
const emails = rule(
  value => {
    const list = typeof value === 'string' ? value.split(',').map(each => each.trim().toLowerCase()) : []
    if (list.length <= 200 && list.every(each => each.includes('@'))) return list
    throw refuse('parameter_invalid', `${PARAM} must be up to 200 e-mail addresses, separated by commas.`)
  },
  { type: 'string' },
)

const tag = 'Partners'

/** The operations of partners, who open accounts for others. */
export function partnerRoutes(ctx: Context): Route[] {
  return [
    route({
      method: 'post',
      path: '/partners/accounts/onboard',
      operationId: 'openAccount',
      summary: 'Open an account for somebody else; only this answer shows its key and secrets',
      tag,
      scope: 'organization:write',
      body: newAccount(ctx.config),
      response: accountSchema,
      handle: async ({ caller, body, once }) => {
        const { slippagePercentage: slippagePpm, ...payment } = body.paymentSetting ?? {}
        const asked = {
          email: body.email.toLowerCase(),
          name: body.name,
          website: body.website ?? null,
          phone: body.phone ?? null,
          brandColor: body.brandColor,
          addressDetails: body.addressDetails ?? null,
          payment: { ...payment, slippagePpm },
          addresses: body.withdrawalAddresses,
          endpoints: body.webhookEndpoints.map(each => ({ ...each, enabledEvents: each.enabledEvents.events })),
        }
        return await openAccount(ctx, caller, asked, once)
      },
    }),
    route({
      method: 'get',
      path: '/partners/accounts',
      operationId: 'listAccounts',
      summary: 'List the accounts that you opened, newest first',
      tag,
      scope: 'organization:read',
      query: z.strictObject({ ...listParameters, emails: emails.optional() }),
      response: pageSchema(accountSchema),
      handle: async ({ caller, query }) => {
        const filter = { createdAt: createdAtOf(query), ids: query.ids, emails: query.emails }
        const found = await listAccounts(ctx, caller, filter, pageOf(query))
        return pageView(
          query,
          found.map(account => accountView(ctx, account, null)),
        )
      },
    }),
  ]
}
