import { request } from 'node:http'
import { connect } from 'node:net'

/** Pages to open, a number of each session. */
export type ViewersLoadOptions = { port: number; pages: { id: string; count: number }[] }

/** Tells the load to ask for pages and forget them, to open its pages, or to note when all pages of a session show a text. */
export type ViewersLoadOrder = { kind: 'warm' } | { kind: 'open' } | { kind: 'note'; id: string; text: string }

/** How long it took, what of all so far failed, and when pages showed the text, as `Date.now()`. `note` is answered with null before. */
export type ViewersLoadReport = { seconds: number; failures: number; shownAt: number[] }

const POLL_MS = 30_000
const AT_ONCE = 32
const WARM_UP = 3_000

const { port, pages } = JSON.parse(process.argv[2] ?? '') as ViewersLoadOptions

/** An open page as the server sees one: it loads, listens, loads again on each event, and every 30 seconds. */
type Page = { id: string; address: string; text: string; isAsking: boolean; isAskedAgain: boolean; shown: () => void }

let failures = 0
const all: Page[] = pages
  .flatMap(({ id, count }) => Array.from({ length: count }, () => id))
  .map((id, index) => {
    const address = `10.0.${index >> 8}.${index & 255}`
    return { id, address, text: '', isAsking: false, isAskedAgain: false, shown: () => undefined }
  })

function load(page: Page): Promise<void> {
  return new Promise(resolve => {
    const fail = () => {
      failures++
      resolve()
    }
    const headers = { 'x-forwarded-for': page.address }
    const path = `/payment/checkout-session/${page.id}`
    request({ host: '127.0.0.1', port, path, headers, agent: false }, response => {
      if (response.statusCode !== 200) failures++
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', fail)
      response.on('end', () => {
        page.text = Buffer.concat(parts).toString()
        page.shown()
        resolve()
      })
    })
      .on('error', fail)
      .end()
  })
}

/** As the script does it: what is asked for meanwhile is asked for once more. */
async function refresh(page: Page): Promise<void> {
  if (page.isAsking) {
    page.isAskedAgain = true
    return
  }
  page.isAsking = true
  do {
    page.isAskedAgain = false
    await load(page)
  } while (page.isAskedAgain)
  page.isAsking = false
}

/** Resolves with the first event; a page that gets no stream, or loses it, has failed. */
function listen(page: Page): Promise<void> {
  let isListening = false
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    const path = `/api/v1/payment-pages/for-checkout-session/${page.id}/events`
    socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-forwarded-for: ${page.address}\r\n\r\n`)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      failures++
      resolve()
    })
    socket.on('data', part => {
      if (!/^data: \{/m.test(part.toString())) return
      // The first event tells what was just loaded.
      if (isListening) void refresh(page)
      isListening = true
      resolve()
    })
  })
}

async function open(page: Page): Promise<void> {
  await load(page)
  await listen(page)
  setTimeout(() => {
    void refresh(page)
    setInterval(() => void refresh(page), POLL_MS)
  }, Math.random() * POLL_MS)
}

async function each(of: readonly Page[], act: (page: Page) => Promise<void>): Promise<void> {
  const rest = of.values()
  const work = async () => {
    for (const page of rest) await act(page)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

async function follow(order: ViewersLoadOrder): Promise<number[]> {
  if (order.kind === 'warm') await each(all.slice(0, WARM_UP), load)
  if (order.kind === 'open') {
    await each(all, open)
  }
  if (order.kind !== 'note') return []
  const noted = all
    .filter(({ id }) => id === order.id)
    .map(page => {
      const { promise, resolve } = Promise.withResolvers<number>()
      page.shown = () => {
        if (page.text.includes(order.text)) resolve(Date.now())
      }
      return promise
    })
  process.send?.(null)
  return await Promise.all(noted)
}

process.on('message', (order: ViewersLoadOrder) => {
  const beganAt = performance.now()
  void follow(order).then(shownAt => {
    const report: ViewersLoadReport = { seconds: (performance.now() - beganAt) / 1_000, failures, shownAt }
    process.send?.(report)
  })
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
