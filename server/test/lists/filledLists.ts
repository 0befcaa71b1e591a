import type { Context } from '../../src/context.ts'
import { invariant } from '../../src/domain/errors.ts'
import { uuidv7 } from '../../src/domain/uuid.ts'
import { type ApiCaller, openApiCaller } from '../harness/apiCaller.ts'
import { addOpenInvoice } from '../harness/invoiceFixtures.ts'
import { addLink } from '../harness/paymentLinkFixtures.ts'
import { newSession } from '../harness/sessionFixtures.ts'
import { KINDS, type Kind, listRows } from './listRows.ts'

/** An organization whose rows are made by SQL, one of each kind at a time. */
export type FilledLists = {
  api: ApiCaller
  /** The id of row `n` of a kind, whether it is there or not. */
  idOf: (kind: Kind, n: number) => string
  /** When row `n` is made, as a query says it. */
  timeOf: (n: number) => string
  /** Adds the rows `from` to `to`, of all tables unless told. */
  fill: (from: number, to: number, tables?: readonly string[]) => Promise<void>
}

let organizations = 0

/** The rows of `api`'s organization, a new one unless told, which becomes a partner; row `size` would be made now, `apartS` after the one before. */
export async function openFilledLists(
  ctx: Context,
  size: number,
  { apartS = 1, of }: { apartS?: number; of?: ApiCaller } = {},
): Promise<FilledLists> {
  const api = of ?? (await openApiCaller(ctx))
  const { organizationId } = api.caller
  const apartMs = apartS * 1_000
  await ctx.db.owner.query('update organizations set is_partner = true where id = $1', [organizationId])
  const { addresses, ...session } = await newSession(api)
  const copied = {
    checkout_sessions: session.id,
    invoices: (await addOpenInvoice(api)).id,
    payment_links: (await addLink(api)).id,
  }
  const asset = addresses[0]?.asset
  invariant(asset, 'the session can be paid')
  const beginMs = ctx.clock.now().getTime() - size * apartMs
  const tenant = ++organizations
  const hex = (value: string, digits: number) => `lpad(to_hex(${value}), ${digits}, '0')`
  // As `idOf` makes it.
  const id = (kind: Kind, n = 'n') =>
    `(${hex(`${beginMs} + ${n} * ${apartMs}::bigint`, 12)} || ${hex(`${0x7000 + tenant}`, 4)} || ${hex(`${0x8000 + KINDS.indexOf(kind)}`, 4)} || ${hex(n, 12)})::uuid`
  const rows = listRows({
    id,
    at: `to_timestamp((${beginMs} + n * ${apartMs}::bigint) / 1000.0)`,
    bytes: size => `decode(lpad(replace((${id('nothing')})::text, '-', ''), ${size * 2}, 'f'), 'hex')`,
    copy: (table, column) => `(select ${column} from ${table} where id = '${copied[table]}')`,
    assetId: `'${asset.id}'::uuid`,
    chainId: `${asset.chainId}`,
  })
  return {
    api,
    idOf: (kind, n) => {
      const rest = Buffer.alloc(10)
      rest.writeUInt16BE(tenant, 0)
      rest.writeUInt16BE(KINDS.indexOf(kind), 2)
      rest.writeUIntBE(n, 4, 6)
      return uuidv7(new Date(beginMs + n * apartMs), rest)
    },
    timeOf: n => new Date(beginMs + n * apartMs).toISOString(),
    fill: async (from, to, tables) => {
      const own = `'${organizationId}'::uuid`
      const wanted = rows.filter(([table]) => tables?.includes(table) ?? true)
      const inserts = wanted.map(([table, columns]) => {
        const isShared = table === 'users' || table === 'organizations' || 'organization_id' in columns
        const all = isShared ? columns : { organization_id: own, ...columns }
        const values = Object.values(all).map(value => (value === 'OWN' ? own : value))
        return `insert into ${table} (${Object.keys(all)}) select ${values} from generate_series(${from}, ${to}) n`
      })
      // Neither triggers nor references are looked at: a list reads rows, however they came there.
      await ctx.db.owner.query(
        ['begin', `set local session_replication_role = 'replica'`, ...inserts, 'commit'].join(';\n'),
      )
    },
  }
}
