import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Compilable,
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'
import { joinWrites } from './joinWrites.ts'
import type { DB } from './schema.ts'

/** A transaction that store functions read and write through. */
export type Tx = Transaction<DB>

/**
 * The database as the program uses it: `app` sees one organization at a time, `worker` sees all, `owner` is for the job
 * queue, for LISTEN and for checks at the start.
 */
export type Database = {
  app: Kysely<DB>
  appPool: pg.Pool
  worker: Kysely<DB>
  owner: pg.Pool
  ownerUrl: string
  close(): Promise<void>
}

const INT8 = 20
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? BigInt : pg.types.getTypeParser(oid, format as 'text'),
}

/** What makes a transaction see one organization. */
const entry = new AsyncLocalStorage<CompiledQuery>()

/** Sends `begin` and what opens the caller's organization ahead of the first statement: no round trip of their own. */
function kyselyOn(pool: pg.Pool, perOrganization: boolean): Kysely<DB> {
  const driver = new PostgresDriver({ pool })
  driver.beginTransaction = async (connection: DatabaseConnection, { isolationLevel }: TransactionSettings) => {
    const send = (query: CompiledQuery) => void connection.executeQuery(query).catch(() => undefined)
    send(CompiledQuery.raw(isolationLevel === undefined ? 'begin' : `begin isolation level ${isolationLevel}`))
    if (perOrganization) send(entry.getStore() ?? asOrganization(''))
  }
  return new Kysely<DB>({
    dialect: {
      createDriver: () => driver,
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: db => new PostgresIntrospector(db),
    },
  })
}

/**
 * The settings of a connection for one of the roles. What is looked up lies in memory or on a disk without a head: taken for a slow one, a
 * page of 200 rows of a table of 20,000 would be read by reading all of them.
 */
export function sessionOptions(role: 'bitstream_app' | 'bitstream_worker'): string {
  return `-c role=${role} -c random_page_cost=1.1`
}

function openPool(
  url: string,
  role: 'bitstream_app' | 'bitstream_worker',
  max: number,
  onError: (error: Error) => void,
): pg.Pool {
  const config: pg.PoolConfig & { pipeline: boolean } = {
    connectionString: url,
    max,
    types,
    pipeline: true,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    options: sessionOptions(role),
  }
  const pool = new pg.Pool(config)
  pool.on('error', onError)
  pool.on('connect', client => {
    client.on('error', onError)
    joinWrites(client)
  })
  return pool
}

/**
 * Opens the pools of the two roles and the owner's; connects lazily. `url` is the owner's `postgres://` address; `onError` hears
 * of each connection that is lost, once, until the database is closed.
 */
export function openDatabase(
  url: string,
  options: { maxConnections: number; onError: (error: Error) => void },
): Database {
  const told = new WeakSet<Error>()
  let isClosing = false
  const onError = (error: Error) => {
    // An idle connection tells its loss twice; one that is being closed is nobody's loss, and may outlive the pool's end.
    if (isClosing || told.has(error)) return
    told.add(error)
    options.onError(error)
  }
  const appPool = openPool(url, 'bitstream_app', options.maxConnections, onError)
  const workerPool = openPool(url, 'bitstream_worker', options.maxConnections, onError)
  // The job queue speaks the plain protocol: it must not share a pipelined connection.
  const owner = new pg.Pool({ connectionString: url, max: 12, connectionTimeoutMillis: 5_000 })
  owner.on('error', onError)
  owner.on('connect', client => client.on('error', onError))
  const app = kyselyOn(appPool, true)
  const worker = kyselyOn(workerPool, false)
  return {
    app,
    appPool,
    worker,
    owner,
    ownerUrl: url,
    close: async () => {
      isClosing = true
      // Not Kysely's to end: it leaves alone a pool that it has not used itself.
      await Promise.all([appPool.end(), workerPool.end(), owner.end()])
    },
  }
}

function asOrganization(id: string): CompiledQuery {
  return CompiledQuery.raw("select set_config('app.organization_id', $1, true)", [id])
}

function asOwnerOfSession(id: string): CompiledQuery {
  return CompiledQuery.raw(
    "select set_config('app.organization_id', organization_id::text, true) from organization_of_session($1)",
    [id],
  )
}

const RETRYABLE = new Set(['40001', '40P01'])

async function withRetry<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === 3 || !RETRYABLE.has(sqlState(error) ?? '')) throw error
    }
  }
}

/** The SQLSTATE of a database error, or null for any other error. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null
}

/** The constraint that a database error names, or null. */
export function violatedConstraint(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.constraint ?? null) : null
}

/** Runs `fn` in one transaction that sees only `organizationId`; runs it anew, up to 3 times, after a deadlock or a serialization failure. */
export function inOrganization<T>(db: Database, organizationId: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return withRetry(() => entry.run(asOrganization(organizationId), () => db.app.transaction().execute(fn)))
}

/** Runs `fn` in one transaction that sees only `organizationId`, and all of it as it was at one moment; for reading only. */
export function readInOrganization<T>(db: Database, organizationId: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return entry.run(asOrganization(organizationId), () => readNow(db, fn))
}

/** The same for the organization that session `id` belongs to, for callers who know nothing but the id; without one nothing is seen. */
export function readAsOwnerOfSession<T>(db: Database, id: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return entry.run(asOwnerOfSession(id), () => readNow(db, fn))
}

function readNow<T>(db: Database, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return db.app.transaction().setIsolationLevel('repeatable read').execute(fn)
}

/** Runs `fn` in one transaction that sees every organization; retried as `inOrganization`. */
export function asWorker<T>(db: Database, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return withRetry(() => db.worker.transaction().execute(fn))
}

/** Runs `fn` in one transaction that sees every organization, and all of it as it was at one moment; for reading only. */
export function readAsWorker<T>(db: Database, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return db.worker.transaction().setIsolationLevel('repeatable read').execute(fn)
}

/** The rows of each of `queries`, which travel together and run one after the other. */
export async function together<Rows extends unknown[]>(
  tx: Tx,
  queries: { [I in keyof Rows]: Compilable<Rows[I]> },
): Promise<{ [I in keyof Rows]: Rows[I][] }> {
  const results = await tx.getExecutor().provideConnection(connection =>
    // All are waited for, also after a failure: the connection is not free before.
    Promise.allSettled(queries.map(query => connection.executeQuery(query.compile()))),
  )
  return results.map(result => {
    if (result.status === 'rejected') throw result.reason
    return result.value.rows
  }) as { [I in keyof Rows]: Rows[I][] }
}
