import assert from 'node:assert/strict'
import { startSignIn } from '../../src/actions/authenticatePerson.ts'
import type { Context } from '../../src/context.ts'
import type { Role } from '../../src/domain/user.ts'
import { cookieName } from '../../src/http/personRequest.ts'
import { addMember } from './teamFixtures.ts'
import { openVisitor, type Visitor } from './visitor.ts'

/** Somebody at the dashboard who works for an organization. */
export type MemberVisitor = Visitor & {
  userId: string
  email: string
  /** What its page sends with a change: cookie, origin and token. */
  headers: () => Record<string, string>
  /** Signs in anew: what was given last was given now. */
  enter: (options?: { isStrong?: boolean }) => Promise<void>
  /** The answer of a request that must work; paths begin with /api. */
  ok: <T = Record<string, unknown>>(method: string, path: string, body?: object) => Promise<T>
  /** Status and code of a request that must be refused. */
  refused: (method: string, path: string, body?: object) => Promise<string>
}

let count = 0

/** A new member of the organization, signed in with two factors unless `isStrong` says otherwise. */
export async function openMember(
  ctx: Context,
  organizationId: string,
  role: Role,
  options: { isStrong?: boolean } = {},
): Promise<MemberVisitor> {
  count += 1
  const email = `${role}.${count}@people.example`
  const userId = await addMember(ctx, organizationId, email, role)
  const visitor = openVisitor({ ctx })
  const member: MemberVisitor = Object.assign(visitor, {
    userId,
    email,
    headers: () => ({
      cookie: visitor.cookie,
      origin: ctx.config.publicUrl ?? '',
      'x-csrf-token': visitor.state?.signIn?.csrfToken ?? '',
    }),
    enter: async ({ isStrong = true }: { isStrong?: boolean } = {}) => {
      const entering = { userId, organizationId, stage: 'whole', isStrong } as const
      const token = await startSignIn(ctx, entering, { address: '203.0.113.7', userAgent: 'Test browser' })
      visitor.cookie = `${cookieName(ctx)}=${token}`
      await visitor.ask('GET', '/state')
    },
    ok: async <T>(method: string, path: string, body?: object) => {
      const { status, body: answer } = await visitor.fetch<T>(method, path, body)
      assert.equal(status, 200, JSON.stringify(answer))
      return answer
    },
    refused: async (method: string, path: string, body?: object) => {
      const { status, code, body: answer } = await visitor.fetch(method, path, body)
      assert.notEqual(code, null, `${method} ${path} works: ${JSON.stringify(answer)}`)
      return `${status} ${code}`
    },
  })
  await member.enter(options)
  return member
}
