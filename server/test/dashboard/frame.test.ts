// The frame of every page: the way in, the navigation, the theme, and that somebody who is signed out sees nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkScreen, openDashboard, visit } from './dashboard.ts'

const dashboard = await openDashboard()
const { page } = dashboard

test('everybody can use the first page', async () => {
  await dashboard.visit('/')
  await checkScreen(page, 'home-first')
})

test('what would keep somebody out is noticed', async () => {
  const faults: [string, RegExp][] = [
    ["document.querySelector('h1').style.color = '#ccc'", /color-contrast/],
    ["document.querySelector('h1').style.width = '2000px'", /2000px/],
    ["document.querySelector('h1').after(document.createElement('button'))", /button-name/],
    ["setTimeout(() => { throw new Error('broken') })", /broken/],
  ]
  for (const [fault, noticed] of faults) {
    await dashboard.visit('/')
    await page.evaluate(fault)
    await assert.rejects(checkScreen(page, 'broken'), noticed, fault)
  }
})

test('who is signed out is asked to sign in, whatever page they open, and comes back to it', async () => {
  const stranger = await dashboard.open(null)
  await visit(stranger, `${dashboard.url}/?range=week`)
  assert.equal(new URL(stranger.url()).pathname, '/sign-in')
  assert.equal(new URL(stranger.url()).searchParams.get('next'), '/?range=week')
})
