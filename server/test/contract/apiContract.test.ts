import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compareEndpoint, compareObject } from './compare.ts'
import { readContract } from './contract.ts'
import { readDocument } from './document.ts'

const REQUEST =
  /^(Create|Update|Request|Invite|Mark|Subscription(?=Cancel)|InvoiceSend|AccountOnboard$|ProductData|PriceData|PromotionCodeData|DefaultPriceData)/
const DECISION = new URL('../../../docs/decisions/0025-api-differences.md', import.meta.url)

test('the OpenAPI document says what the contract says, but for the differences that have their reason', t => {
  const document = readDocument()
  const { endpoints, objects } = readContract()
  const differences = [
    ...endpoints.flatMap(endpoint => compareEndpoint(document, endpoint, objects.get('Page'))),
    // What every page has is compared where pages are answered.
    ...[...objects].flatMap(([name, fields]) =>
      name === 'Page'
        ? []
        : compareObject(document, name, fields, { isRequest: REQUEST.test(name), isPut: name.startsWith('Update') }),
    ),
  ]
  const fields = [...objects.values()].reduce((count, each) => count + each.length, 0)
  t.diagnostic(
    `${endpoints.length} endpoints and ${objects.size} objects with ${fields} fields, ${differences.length} differences`,
  )
  assert.ok(endpoints.length > 130 && fields > 1000, 'the tables were read')
  const explained = [...readFileSync(DECISION, 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(([, place]) => place)
  assert.deepEqual(differences, explained)
})
