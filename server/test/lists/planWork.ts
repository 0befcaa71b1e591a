import pg from 'pg'
import type { Context } from '../../src/context.ts'

/** A statement as it was sent, by a connection of which options (`-c name=value …`) and for which organization. */
export type Sent = { text: string; values: unknown[]; options: string; organizationId: string }

/** What PostgreSQL did for a statement. */
export type Work = {
  /** Rows that were read, whether they were of use or not. */
  rows: number
  /** Pages of tables and indexes that were looked at. */
  pages: number
  /** How often a scan began anew. */
  scans: number
  /** The most rows that were sorted at once. */
  sorted: number
  /** The tables that were read from end to end. */
  wholeTables: string[]
}

type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Plan[]
}

type Query = { text: string; values?: unknown[] }

/** Runs `run` and answers with the statements that read something, of all connections of this process, in their order. */
export async function statementsOf(run: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = []
  const organizations = new WeakMap<pg.Client, string>()
  const { query } = pg.Client.prototype
  const note = (client: pg.Client, { text, values = [] }: Query) => {
    if (text.includes(`set_config('app.organization_id'`)) organizations.set(client, `${values[0]}`)
    else if (/^\s*(select|with)\b/.test(text)) {
      const { options = '' } = (client as unknown as { connectionParameters: { options?: string } })
        .connectionParameters
      sent.push({ text, values, options, organizationId: organizations.get(client) ?? '' })
    }
  }
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [first, second] = given
    note(this, typeof first === 'string' ? { text: first, values: second as unknown[] } : (first as Query))
    return Reflect.apply(query, this, given)
  } as typeof query
  try {
    await run()
  } finally {
    pg.Client.prototype.query = query
  }
  return sent
}

/** Runs the statement once more, with the same options for the same organization, and answers with what that took. */
export async function workOf({ db }: Context, { text, values, options, organizationId }: Sent): Promise<Work> {
  const client = await db.owner.connect()
  try {
    const settings = [...options.matchAll(/-c (\w+)=(\S+)/g)].map(([, name, value]) => `set local ${name} = ${value}`)
    await client.query(['begin', ...settings].join(';'))
    await client.query("select set_config('app.organization_id', $1, true)", [organizationId])
    const explain = `explain (analyze, buffers, timing off, format json) ${text}`
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(explain, values)
    const plan = rows[0]?.['QUERY PLAN'][0].Plan
    if (plan === undefined) throw new Error('PostgreSQL explains every statement')
    return measure(plan)
  } finally {
    await client.query('rollback')
    client.release()
  }
}

function measure(root: Plan): Work {
  const work = { rows: 0, pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'], scans: 0, sorted: 0 }
  const wholeTables: string[] = []
  const visit = (node: Plan) => {
    const loops = node['Actual Loops']
    const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
    const rows = (node['Actual Rows'] + removed) * loops
    // A bitmap's index names no table, and is scanned as well.
    if (node['Relation Name'] !== undefined || node['Node Type'] === 'Bitmap Index Scan') {
      work.rows += rows
      work.scans += loops
      if (node['Node Type'] === 'Seq Scan') wholeTables.push(node['Relation Name'] ?? '')
    }
    if (/Sort$/.test(node['Node Type'])) {
      for (const { 'Actual Rows': input, 'Actual Loops': times } of node.Plans ?? []) {
        work.sorted = Math.max(work.sorted, input * times)
      }
    }
    for (const child of node.Plans ?? []) visit(child)
  }
  visit(root)
  return { ...work, wholeTables }
}
