import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { hashApiKey, lastFour, makeApiKey } from '../domain/apiKey.ts'
import type { Hex } from '../domain/hex.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { hexBuffer } from '../store/bytes.ts'
import type { Database } from '../store/database.ts'
import { StartError } from './process.ts'

/** What makes a test world the same one after a restart: made at random at its first start, kept in its data folder. */
export type Seed = {
  secretKey: Hex
  apiKey: string
  organizationId: string
  /** The wallet of "Pay with the test wallet". */
  payerKey: Hex
  /** The wallet that gives test coins away. */
  faucetKey: Hex
  /** The account that pays the gas of sweeps. */
  gasKey: Hex
  /** The merchant's own wallet. */
  merchantKey: Hex
}

/** The seed in `folder`, made if there is none. */
export function readSeed(folder: string): Seed {
  const path = join(folder, 'seed.json')
  if (existsSync(path)) {
    try {
      const kept = JSON.parse(readFileSync(path, 'utf8')) as Partial<Seed>
      if (kept.gasKey !== undefined) return kept as Seed
      // Made by a version that had no such key.
      return keepSeed(path, { ...makeSeed(), ...kept })
    } catch (cause) {
      throw new StartError(`${path} is damaged: delete the data folder to start anew.`, { cause })
    }
  }
  return keepSeed(path, makeSeed())
}

function keepSeed(path: string, seed: Seed): Seed {
  writeFileSync(path, `${JSON.stringify(seed, null, 2)}\n`, { mode: 0o600 })
  return seed
}

/** A seed drawn at random. */
export function makeSeed(): Seed {
  return {
    secretKey: `0x${randomBytes(32).toString('hex')}`,
    apiKey: makeApiKey('secret', 'test', randomBytes(32)),
    organizationId: uuidv7(new Date(), randomBytes(10)),
    payerKey: generatePrivateKey(),
    faucetKey: generatePrivateKey(),
    gasKey: generatePrivateKey(),
    merchantKey: generatePrivateKey(),
  }
}

/** The lower-case address of a private key. */
export function addressOf(key: Hex): Hex {
  return privateKeyToAccount(key).address.toLowerCase() as Hex
}

/** Writes the demo organization with its owner, its key and its withdrawal address on `chainId`; changes nothing the second time. */
export async function seedOrganization(db: Database, seed: Seed, chainId: number): Promise<void> {
  const now = new Date()
  const newId = () => uuidv7(now, randomBytes(10))
  const { rowCount } = await db.owner.query(
    'insert into organizations (id, created_at, updated_at, name) values ($1, $2, $2, $3) on conflict do nothing',
    [seed.organizationId, now, 'Demo Shop'],
  )
  if (rowCount === 0) return
  const ownerId = newId()
  await db.owner.query(
    `insert into users (id, created_at, updated_at, email, first_name, last_name, status)
     values ($1, $2, $2, 'owner@example.com', 'Demo', 'Owner', 'active')`,
    [ownerId, now],
  )
  await db.owner.query(
    `insert into members (organization_id, user_id, created_at, updated_at, role) values ($1, $2, $3, $3, 'owner')`,
    [seed.organizationId, ownerId, now],
  )
  await db.owner.query('update organizations set owner_id = $2 where id = $1', [seed.organizationId, ownerId])
  await db.owner.query(
    `insert into api_keys (id, organization_id, created_at, name, type, scopes, hash, last_four, user_id)
     values ($1, $2, $3, 'Demo key', 'secret', '{}', $4, $5, $6)`,
    [newId(), seed.organizationId, now, Buffer.from(hashApiKey(seed.apiKey)), lastFour(seed.apiKey), ownerId],
  )
  await db.owner.query(
    `insert into withdrawal_addresses (id, organization_id, created_at, updated_at, name, chain_id, address, is_default) values ($1, $2, $3, $3, 'Demo wallet', $4, $5, true)`,
    [newId(), seed.organizationId, now, chainId, hexBuffer(addressOf(seed.merchantKey))],
  )
}
