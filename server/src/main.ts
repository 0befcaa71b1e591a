#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from './config.ts'
import { StartError } from './dev/process.ts'

const USAGE = `bitstream <command>

  dev      the test world: database, chain, demo merchant and server on this machine
             --port N        port of the server, 0 for a free one (default 8080)
             --data DIR      folder that keeps the world (default .bitstream)
             --ephemeral     a temporary folder, removed at exit
             --json          one line of JSON on standard output when ready, and nothing else
  start    the server with its worker, from the environment (see .env.example)
  api      the server alone
  worker   the worker alone
  migrate  brings the database to this version's schema
  prove    compares the books with the chains and with what follows from the facts; exit code 1 where anything differs
             --chain ID      asks the nodes of that chain only
             --data DIR      of the test world that runs in that folder, not of the environment's deployment
  owner-link [EMAIL]   prints a link that sets the password of an owner anew, and takes their second factors away; the one that makes the
                       first owner where there is none
  openapi  prints the OpenAPI document
  resume-chain ID   goes on with a chain that waits for a person, with the branch and the coins that its nodes tell now
`

const EX_USAGE = 64
const EX_CONFIG = 78

async function main(): Promise<void> {
  const [given = 'help', ...args] = process.argv.slice(2)
  const command = args.includes('--help') ? 'help' : given
  switch (command) {
    case 'dev':
      return await dev(args)
    case 'start':
      return await serve({ api: true, worker: true })
    case 'api':
      return await serve({ api: true, worker: false })
    case 'worker':
      return await serve({ api: false, worker: true })
    case 'migrate':
      return await (await import('./store/migrate.ts')).migrate(await databaseUrl())
    case 'resume-chain':
      return await resume(args)
    case 'prove':
      return await prove(args)
    case 'owner-link':
      return await ownerLink(args)
    case 'openapi': {
      const { printOpenApi } = await import('./http/printOpenApi.ts')
      return void process.stdout.write(printOpenApi())
    }
    case 'help':
    case '--help':
      return void process.stdout.write(USAGE)
    default:
      process.stderr.write(`There is no command ${command}.\n\n${USAGE}`)
      process.exitCode = EX_USAGE
  }
}

async function dev(args: string[]): Promise<void> {
  const options = {
    port: { type: 'string', default: '8080' },
    data: { type: 'string', default: '.bitstream' },
    ephemeral: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } as const
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values']
  try {
    values = parseArgs({ args, options }).values
  } catch (error) {
    throw new StartError(`${(error as Error).message.split('. ')[0]}. See: npm start -- --help`)
  }
  const { port } = values
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new StartError('--port must be a whole number from 0 to 65535.')
  const { startTestWorld } = await import('./dev/testWorld.ts')
  const { welcome } = await import('./dev/welcome.ts')
  const { buildDashboard } = await import('./dev/buildDashboard.ts')
  if (!values.json) process.stderr.write('Starting the test world …\n')
  await buildDashboard()
  const world = await startTestWorld({
    port: Number(port),
    data: values.ephemeral ? null : values.data,
    logLevel: values.json ? 'error' : 'warn',
  })
  stopOnSignal(world.stop)
  endWithParent(world.stop)
  process.stdout.write(values.json ? `${JSON.stringify(world.description)}\n` : welcome(world.description))
  const reason = await world.exited
  if (isStopping) return
  process.stderr.write(`${reason}\n`)
  await world.stop()
  process.exit(1)
}

async function serve(roles: { api: boolean; worker: boolean }): Promise<void> {
  const config = readConfig(process.env)
  const { startProgram } = await import('./program.ts')
  if (roles.api) await (await import('./dev/buildDashboard.ts')).buildDashboard()
  const stops: (() => Promise<void> | void)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  stopOnSignal(stop)
  const url = config.databaseUrl ?? (await startDatabase(config.dataDir, stops))
  const program = await startProgram({ ...config, databaseUrl: url }, roles)
  stops.push(() => program.stop())
  process.stderr.write(`Bitstream runs in ${config.mode} mode${program.url === null ? '' : ` at ${program.url}`}.\n`)
  const { makeSetupLink } = await import('./actions/setUpServer.ts')
  const link = roles.api ? await makeSetupLink(program.ctx) : null
  if (link !== null)
    process.stderr.write(`Nobody has an account yet. This link makes the first owner, once, within a day:\n${link}\n`)
}

/** The embedded database, whose end is added to `stops`; returns its URL. */
async function startDatabase(dataDir: string, stops: (() => Promise<void> | void)[]): Promise<string> {
  const [{ openDataFolder }, { startPostgres }] = await Promise.all([
    import('./dev/dataFolder.ts'),
    import('./dev/embeddedPostgres.ts'),
  ])
  const folder = openDataFolder(dataDir)
  stops.push(() => folder.close())
  const postgres = await startPostgres({ dataDir: `${folder.path}/postgres`, durable: true })
  stops.push(() => postgres.stop())
  return postgres.url
}

/** With the embedded database the server must be stopped first. */
async function ownerLink([email]: string[]): Promise<void> {
  const config = readConfig(process.env)
  const stops: (() => Promise<void> | void)[] = []
  try {
    const url = config.databaseUrl ?? (await startDatabase(config.dataDir, stops))
    const [{ openContext, closeContext }, { makeOwnerLink }] = await Promise.all([
      import('./openContext.ts'),
      import('./actions/setUpServer.ts'),
    ])
    const ctx = await openContext({ ...config, databaseUrl: url })
    stops.push(() => closeContext(ctx))
    const link = await makeOwnerLink(ctx, email?.toLowerCase() ?? null)
    if (link === null) throw new StartError(`Nobody here has the e-mail address ${email}.`)
    process.stdout.write(`${link}\n`)
  } finally {
    for (const end of stops.reverse()) await end()
  }
}

async function resume([id = '']: string[]): Promise<void> {
  const url = await databaseUrl()
  const config = readConfig(process.env)
  if (!config.chains.some(({ chain }) => `${chain.id}` === id)) {
    throw new StartError(`resume-chain takes one of ${config.chains.map(({ chain }) => chain.id).join(', ')}.`)
  }
  const [{ openContext, closeContext }, { resumeChain }] = await Promise.all([
    import('./openContext.ts'),
    import('./actions/chainHealth.ts'),
  ])
  const ctx = await openContext({ ...config, databaseUrl: url })
  try {
    await resumeChain(ctx, Number(id))
  } finally {
    await closeContext(ctx)
  }
}

async function prove(args: string[]): Promise<void> {
  let values: { chain?: string; data?: string }
  try {
    values = parseArgs({ args, options: { chain: { type: 'string' }, data: { type: 'string' } } }).values
  } catch (error) {
    throw new StartError(`${(error as Error).message.split('. ')[0]}. See: bitstream --help`)
  }
  const { chain, data } = values
  const { config, ...extras } =
    data === undefined
      ? { config: readConfig(process.env) }
      : (await import('./dev/testWorld.ts')).findRunningWorld(data)
  if (config.databaseUrl === null) throw new StartError('DATABASE_URL names the database whose books are proven.')
  const chainId = chain === undefined ? null : Number(chain)
  if (chainId !== null && !config.chains.some(each => each.chain.id === chainId)) {
    throw new StartError(`--chain must be the id of a chain that is served; ${chain} is not.`)
  }
  const [{ openContext, closeContext }, { prove: proveBooks }] = await Promise.all([
    import('./openContext.ts'),
    import('./actions/prove.ts'),
  ])
  const ctx = await openContext({ ...config, databaseUrl: config.databaseUrl }, extras)
  try {
    const isProven = await proveBooks(ctx, {
      chainId,
      say: line => void process.stdout.write(`${line}\n`),
      progress: (done, of) => void process.stderr.write(`${done} of ${of} sessions …\n`),
    })
    process.exitCode = isProven ? 0 : 1
  } finally {
    await closeContext(ctx)
  }
}

async function databaseUrl(): Promise<string> {
  const { databaseUrl: url } = readConfig(process.env)
  if (url === null)
    throw new StartError(
      'Give DATABASE_URL: the embedded database is used by the process that started it alone, and migrates itself.',
    )
  return url
}

let isStopping = false

function stopOnSignal(stop: () => Promise<void>): void {
  const end = () => {
    if (isStopping) return
    isStopping = true
    // What does not end in time is ended by the children's watchdogs, which see this process go.
    setTimeout(() => process.exit(1), 4_500).unref()
    stop().then(
      () => process.exit(0),
      error => {
        process.stderr.write(`${(error as Error).message}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
}

const PARENT_MS = 500

/** npm that was killed leaves its script behind: end with it. */
function endWithParent(stop: () => Promise<void>): void {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid === parent || isStopping) return
    isStopping = true
    stop().finally(() => process.exit(1))
  }, PARENT_MS).unref()
}

main().catch(error => {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.problems.join('\n')}\n`)
    process.exit(EX_CONFIG)
  }
  process.stderr.write(error instanceof StartError ? `${error.message}\n` : `${error.stack ?? error}\n`)
  process.exit(1)
})
