// Customers: added, changed, found and deleted, and ten thousand of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCustomer } from '../harness/invoiceFixtures.ts'
import { checkScreen, openDashboard } from './dashboard.ts'
import { handsOn } from './handsOn.ts'

const dashboard = await openDashboard()
const { page, api } = dashboard
const { press, confirm, type, objectAt } = handsOn(page)

/** Customers who are older than all others, the first of them the oldest. */
async function seedCustomers(count: number): Promise<void> {
  const { ctx, organizationId } = dashboard
  await ctx.db.owner.query(
    `insert into customers (id, organization_id, created_at, updated_at, email, customer_number, visibility)
     select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, now(), now(), 'customer' || n || '@example.com',
       'Z' || lpad(n::text, 7, '0'), 20
     from generate_series(1, $2) n`,
    [organizationId, count],
  )
}

test('a customer is added with tax ids, and changed', async () => {
  await dashboard.visit('/customers')
  await press('Add a customer')
  await type('E-mail address', 'ada@')
  await press('Add customer')
  await page.getByText('This must be an e-mail address').waitFor()
  await type('E-mail address', 'ada@example.com')
  await type('Name (optional)', 'Ada Lovelace')
  await type('City', 'London')
  await press('Add a tax id')
  await type('Kind', 'VAT')
  await type('Number', 'GB123')
  await page.getByLabel('What is sent goes to another address').check()
  await type('Recipient', 'Charles Babbage')
  await page.getByLabel('City').nth(1).fill('Torquay')
  await checkScreen(page, 'customer-new')
  await press('Add customer')
  const id = await objectAt('customers')
  await page.getByText('Charles Babbage, Torquay').waitFor()
  await checkScreen(page, 'customer')
  await press('Edit')
  await page.getByLabel('City').first().fill('')
  await press('Save')
  await objectAt('customers')
  const customer = await api.ok('GET', `/customers/${id}`)
  const [taxId] = (customer.taxIds as { data: Record<string, unknown>[] }).data
  assert.deepEqual([customer.name, customer.address, taxId?.value], ['Ada Lovelace', null, 'GB123'])
  assert.deepEqual(customer.shipping, { name: 'Charles Babbage', address: { city: 'Torquay' } })

  await press('Customers')
  await press('Add a customer')
  await type('E-mail address', 'george@example.com')
  await type('Your reference (optional)', 'B-7')
  await press('Add customer')
  await objectAt('customers')
  await press('Customers')
  await page.getByRole('searchbox', { name: 'Your reference' }).fill('B-7')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/customers?customerReferenceId=B-7')
  await page.getByRole('row', { name: 'george@example.com' }).press('Enter')
  await objectAt('customers')
  await press('Delete the customer')
  await confirm('Delete the customer')
  await page.getByRole('row', { name: 'ada@example.com' }).waitFor()
})

test('10,000 customers are scrolled through, of which few are on the page', async () => {
  await addCustomer(api)
  await seedCustomers(10_000)
  await dashboard.visit('/customers')
  const rows = page.getByRole('row')
  await rows.nth(1).focus()
  for (let loaded = 100; loaded <= 10_000; loaded += 100) {
    await page.keyboard.press('End')
    await page.locator(`[aria-rowindex="${loaded + 2}"]`).waitFor()
    assert.ok((await rows.count()) < 80, `${await rows.count()} of ${loaded} rows are on the page`)
  }
  await page.keyboard.press('End')
  await page.getByRole('cell', { name: 'customer1@example.com', exact: true }).waitFor()
  await page.keyboard.press('Enter')
  await objectAt('customers')
})
