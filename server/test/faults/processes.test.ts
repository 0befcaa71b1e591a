import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import pg from 'pg'
import { type DataFolder, openTemporaryFolder } from '../../src/dev/dataFolder.ts'
import { startPostgres } from '../../src/dev/embeddedPostgres.ts'
import { startLocalChain } from '../../src/dev/localChain.ts'
import { isRunning, readPid, StartError } from '../../src/dev/process.ts'
import { descendants } from '../harness/processTree.ts'
import { startWorld, type World } from '../harness/startWorld.ts'
import { waitUntil } from '../harness/waitUntil.ts'

const temporary: DataFolder = openTemporaryFolder()
const folder = join(temporary.path, 'data')
const dataDir = join(folder, 'postgres')
const chainDir = join(folder, 'chain')
const worlds: World[] = []

before(async () => {
  const world = await startWorld(folder)
  await leaveMarks(world)
  assert.equal(await world.end('SIGTERM'), 0)
})

afterEach(async () => {
  for (const world of worlds.splice(0)) {
    const children = descendants(world.pid)
    await world.end('SIGKILL')
    await gone(children)
  }
})

after(() => temporary.close())

async function start(folder: string, env: Record<string, string> = {}): Promise<World> {
  const world = await startWorld(folder, env)
  worlds.push(world)
  return world
}

async function leaveMarks({ databaseUrl, rpcUrl }: World): Promise<void> {
  await query(databaseUrl, 'create table mark as select 42 as value')
  for (let block = 0; block < 3; block++) await call(rpcUrl, 'evm_mine')
}

async function hasMarks({ databaseUrl, rpcUrl }: World): Promise<void> {
  assert.deepEqual(await query(databaseUrl, 'select value from mark'), [{ value: 42 }])
  assert.equal(await call(rpcUrl, 'eth_blockNumber'), '0x3')
  assert.equal(await call(rpcUrl, 'eth_chainId'), '0x13881')
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

async function call(rpcUrl: string, method: string): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] })
  const response = await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { result }: { result: unknown } = JSON.parse(await response.text())
  return result
}

async function gone(pids: readonly number[]): Promise<void> {
  await waitUntil('every child is gone', () => !pids.some(isRunning))
}

async function occupiedPort(): Promise<{ port: number; server: Server }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return { port: address.port, server: server.unref() }
}

/** Exactly one sentence, on one line, that fits. */
function sentence(pattern: RegExp): (error: unknown) => boolean {
  return error => {
    assert.ok(error instanceof Error)
    const text = error.message.replace(/^exit 1: /, '').trimEnd()
    assert.match(text, pattern)
    assert.match(text, /^[A-Z/].*\.$/)
    assert.doesNotMatch(text, /\n|\.\s+[A-Z]/)
    return true
  }
}

test('after kill -9 of the parent no child lives on, and the next start finds everything', async () => {
  const world = await start(folder)
  const children = descendants(world.pid)
  assert.ok(children.length > 6, `two watchdogs, a chain and PostgreSQL's processes: ${children}`)
  assert.equal(await world.end('SIGKILL'), 'SIGKILL')
  const next = await start(folder)
  await gone(children)
  await hasMarks(next)
  assert.equal(await next.end('SIGTERM'), 0)
})

test('a PostgreSQL that hangs, and a chain whose watchdog was killed first, do not live on either', async () => {
  const world = await start(folder)
  const children = descendants(world.pid)
  const postmaster = readPid(join(dataDir, 'pg', 'postmaster.pid'))
  const chain = readPid(join(chainDir, 'pid'))
  assert.ok(postmaster !== null && chain !== null && children.includes(postmaster))
  const watchdog = children.find(pid => descendants(pid).includes(chain))
  assert.ok(watchdog !== undefined)
  // The parent must not notice, or it would end the chain itself.
  process.kill(world.pid, 'SIGSTOP')
  process.kill(postmaster, 'SIGSTOP')
  process.kill(watchdog, 'SIGKILL')
  await waitUntil('the watchdog is dead', () => !isRunning(watchdog))
  assert.ok(isRunning(chain))
  await world.end('SIGKILL')
  await gone(children)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} stops everything, clients or not, and keeps the state`, async () => {
    const world = await start(folder)
    const children = descendants(world.pid)
    const client = new pg.Client({ connectionString: world.databaseUrl })
    client.on('error', error => assert.match(error.message, /terminat/))
    await client.connect()
    assert.equal(await world.end(signal), 0)
    await gone(children)
    const next = await start(folder)
    await hasMarks(next)
    await next.end(signal)
  })
}

test('a second start on a data folder names the process that has it open', async () => {
  const world = await start(folder)
  await assert.rejects(startWorld(folder), sentence(new RegExp(`in use by process ${world.pid}`)))
  await hasMarks(world)
  await world.end('SIGTERM')
})

test('a second PostgreSQL on a database that is in use says so', async () => {
  const world = await start(folder)
  const pid = readPid(join(dataDir, 'pg', 'postmaster.pid'))
  await assert.rejects(startPostgres({ dataDir, durable: true }), sentence(new RegExp(`in use by process ${pid}`)))
  await hasMarks(world)
  await world.end('SIGTERM')
})

test('a lock file that names another program, or an unfinished first start, are no obstacle', async () => {
  writeFileSync(join(dataDir, 'pg', 'postmaster.pid'), `${process.pid}\n${folder}/postgres/pg\n0\n5432\n\n\n`)
  mkdirSync(join(dataDir, 'pg.new', 'base'), { recursive: true })
  writeFileSync(join(chainDir, 'pid'), `${process.pid}\n`)
  const world = await start(folder)
  await hasMarks(world)
  await world.end('SIGTERM')
  const unfinished = join(temporary.path, 'unfinished')
  mkdirSync(join(unfinished, 'postgres', 'pg.new', 'base'), { recursive: true })
  const first = await start(unfinished)
  await leaveMarks(first)
  await hasMarks(first)
  await first.end('SIGTERM')
})

test('a port in use is named', async () => {
  const { port, server } = await occupiedPort()
  const inUse = sentence(new RegExp(`Port ${port} .* in use`))
  await assert.rejects(startPostgres({ dataDir, durable: true, port }), inUse)
  await assert.rejects(startLocalChain({ dataDir: chainDir, chainId: 80001, port }), inUse)
  server.close()
})

const DAMAGE: [string, RegExp, string, (content: Buffer) => Uint8Array | string | null][] = [
  ['a database without its version', /cannot be opened \(.*valid data/, 'postgres/pg/PG_VERSION', () => null],
  ['a database of another version', /cannot be opened \(.*incompatible/, 'postgres/pg/PG_VERSION', () => '9\n'],
  ['a truncated control file', /cannot be opened/, 'postgres/pg/global/pg_control', content => content.subarray(0, 10)],
  ['a lost configuration', /cannot be opened/, 'postgres/pg/postgresql.conf', () => null],
  ['a lost password', /cannot be opened \(.*password/, 'postgres/password', () => null],
  ['a wrong password', /cannot be opened \(.*password/, 'postgres/password', () => 'x'],
  ['a truncated chain', /chain .*state\.json is damaged/, 'chain/state.json', content => content.subarray(0, 100)],
  ['a chain of garbage', /chain .*state\.json is damaged/, 'chain/state.json', () => '{"block": 1}'],
  ['a lost chain', /chain .*state\.json is missing/, 'chain/state.json', () => null],
  ['a damaged lock', /cannot be locked/, 'lock', () => 'garbage that is no database'.repeat(100)],
]

for (const [name, pattern, file, damage] of DAMAGE) {
  test(`damage is one sentence, and repair helps: ${name}`, async () => {
    const path = join(folder, file)
    const content = readFileSync(path)
    const damaged = damage(content)
    if (damaged === null) rmSync(path)
    else writeFileSync(path, damaged)
    try {
      await assert.rejects(start(folder), sentence(pattern))
    } finally {
      writeFileSync(path, content, { mode: 0o600 })
    }
  })
}

test('a data folder that is a file is one sentence', async () => {
  await assert.rejects(start(join(chainDir, 'state.json')), sentence(/cannot be used/))
})

test('a program that is not where its variable says is one sentence', async () => {
  await assert.rejects(startWorld(folder, { ANVIL_BIN: '/nonexistent' }), sentence(/ANVIL_BIN names \/nonexistent/))
  await assert.rejects(
    startWorld(folder, { POSTGRES_BIN: '/nonexistent' }),
    sentence(/POSTGRES_BIN names \/nonexistent/),
  )
})

test('starts where user namespaces are forbidden and no other user may look into the folder', async t => {
  const programs = join(temporary.path, 'programs')
  mkdirSync(programs)
  writeFileSync(join(programs, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const env = { PATH: `${programs}:${process.env.PATH}` }
  const secret = join(temporary.path, 'secret')
  cpSync(folder, secret, { recursive: true })
  chmodSync(secret, 0o700)
  const place = join(secret, 'postgres', 'place')
  t.after(() => existsSync(place) && rmSync(readFileSync(place, 'utf8').trim(), { recursive: true }))
  const world = await start(secret, env)
  const children = descendants(world.pid)
  await hasMarks(world)
  await world.end('SIGKILL')
  const next = await start(secret, env)
  await gone(children)
  await hasMarks(next)
  await next.end('SIGTERM')
  const back = await start(secret)
  await hasMarks(back)
  await back.end('SIGTERM')
})

test('a temporary folder is gone after its process, and after a killed one with the next', async () => {
  const module = new URL('../../src/dev/dataFolder.ts', import.meta.url).href
  const script = `const { openTemporaryFolder } = await import(${JSON.stringify(module)})
    console.log(openTemporaryFolder().path)
    if (process.argv[1] === 'stay') setInterval(() => undefined, 1000)`
  const run = (...args: string[]) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, ...args], {
      env: { ...process.env, TMPDIR: temporary.path },
    })
    return { child, path: once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text).trim()) }
  }
  const killed = run('stay')
  const left = await killed.path
  assert.equal(dirname(left), temporary.path)
  killed.child.kill('SIGKILL')
  await once(killed.child, 'exit')
  assert.ok(existsSync(left))
  utimesSync(join(left, 'lock'), 0, 0)
  const next = run()
  await Promise.all([next.path, once(next.child, 'exit')])
  assert.deepEqual(
    readdirSync(temporary.path).filter(name => name.startsWith('bitstream-')),
    [],
  )
})

test('what fails to start is a StartError with the last lines of its log', async () => {
  const broken = join(temporary.path, 'chain')
  mkdirSync(broken)
  writeFileSync(join(broken, 'state.json'), 'x')
  await assert.rejects(startLocalChain({ dataDir: broken, chainId: 80001 }), error => {
    assert.ok(error instanceof StartError && error.cause instanceof StartError)
    assert.match(error.cause.output, /failed to parse json file/)
    return true
  })
})
