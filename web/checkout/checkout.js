// The payer's page is complete without this script: it keeps the page in step with the server, counts down, and copies.
// It is served byte for byte as it stands here (types are in the comments, `tsc -p web/checkout` checks them), so that what is
// reviewed is what runs. It never builds markup: a new state is the server's own page, which `<main>` becomes part by part, so that
// what a payer is typing stays as it is.

const TICK_MS = 1_000
const POLL_MS = 5_000
const POLL_CONFIRMING_MS = 3_000
const POLL_LIVE_MS = 30_000
const REOPEN_MS = 60_000
const SLEPT_MS = 4_000
const REQUEST_TIMEOUT_MS = 8_000
const PAY_TIMEOUT_MS = 30_000
const SEND_TIMEOUT_MS = 20_000
const COPIED_MS = 2_000
const SEEN_MS = 15_000
const FAILURES_TOLD = 3
const TROUBLE_MS = 8_000

const words = document.body.dataset

/** What the page knows beyond its markup; times are the device's own milliseconds. */
const page = {
  aheadMs: 0,
  syncedAt: Date.now(),
  tickedAt: Date.now(),
  openedAt: 0,
  failures: 0,
  isAsking: false,
  isAskedAgain: false,
  hasHeard: false,
  /** Whether a form is under way, and how many were. */
  isSending: false,
  sent: 0,
  /** Until when a trouble stays told that the next answer does not end. */
  troubleUntil: 0,
  isLeavingRefused: false,
  isTampered: false,
  leaveAt: 0,
  /** @type {string | undefined} */
  stateTold: undefined,
  secondsLeft: Number.POSITIVE_INFINITY,
  markup: main()?.innerHTML ?? '',
  /** @type {Map<string, string>} each address as it was first shown, by the id of its row */
  addresses: new Map(),
  /** @type {string | null} what the server asked for with what it showed last: amount, contract and wallet link */
  terms: null,
  /** @type {EventSource | null} */
  events: null,
}

/** The merchant's site that shows the page in a frame, by its origin; undefined where the page is by itself. */
const embedder = parent === window ? undefined : words.embedder

/**
 * Tells the site around the frame, and nobody else. The page listens to no answer: a site that could speak to it could lie to payers.
 * @param {'ready' | 'state' | 'complete' | 'close'} type @param {Record<string, string | null | undefined>} [fields]
 */
function tell(type, fields) {
  if (embedder !== undefined) parent.postMessage({ bitstream: 1, type, ...fields }, embedder)
}

/** @param {string} id @returns {HTMLElement | null} */
function byId(id) {
  return document.getElementById(id)
}

/** @returns {HTMLElement | null} */
function main() {
  return byId('page')
}

/** @param {string | undefined} text */
function announce(text) {
  const live = byId('live')
  if (live !== null && text !== undefined) live.textContent = text
}

/** @param {string | undefined} text shown as an alert until it is undefined */
function tellTrouble(text) {
  const trouble = byId('trouble')
  if (trouble === null || trouble.textContent === (text ?? '')) return
  trouble.textContent = text ?? ''
  trouble.hidden = text === undefined
}

/** Takes the server's time as the only one, whatever the device's clock says. @param {Document} source */
function setClock(source) {
  const { serverTime, expiresAt } = source.body.dataset
  if (serverTime === undefined) return
  page.aheadMs = Date.parse(serverTime) - Date.now()
  if (expiresAt !== undefined) words.expiresAt = expiresAt
}

/**
 * Asks for a page; null when there is none to be had. XMLHttpRequest parses it into an inert document, which fetch cannot do
 * without handing a string to a parser.
 * @param {{ method: 'GET' | 'POST', url: string, body?: URLSearchParams, timeoutMs: number }} options
 * @returns {Promise<{ page: Document, url: string, isFine: boolean } | null>} the page at `url`; not fine with what it could not take
 */
function request({ method, url, body, timeoutMs }) {
  return new Promise(resolve => {
    const xhr = new XMLHttpRequest()
    xhr.open(method, url)
    xhr.responseType = 'document'
    xhr.timeout = timeoutMs
    xhr.onloadend = () => {
      const { responseXML: found, responseURL, status } = xhr
      const isPage = found !== null && found.getElementById('page') !== null
      resolve(isPage ? { page: found, url: responseURL, isFine: status === 200 } : null)
    }
    xhr.send(body ?? null)
  })
}

/** Brings the page up to date; calls that come meanwhile are answered by one more request. */
async function refresh() {
  if (main() === null) return
  if (page.isAsking || page.isSending) {
    page.isAskedAgain = true
    return
  }
  page.isAsking = true
  page.syncedAt = Date.now()
  const { sent } = page
  const next = await request({ method: 'GET', url: location.href, timeoutMs: REQUEST_TIMEOUT_MS })
  page.isAsking = false
  // What was asked before a form was sent is older than its answer.
  if (sent === page.sent) told(next?.isFine === true && next)
  askAgain()
}

/** @param {{ page: Document } | false} next */
function told(next) {
  page.failures = next === false ? page.failures + 1 : 0
  if (next !== false) takeOver(next.page)
  if (page.failures >= FAILURES_TOLD) tellTrouble(words.connectionLost)
  else if (page.failures === 0 && !page.isTampered && Date.now() >= page.troubleUntil) tellTrouble(undefined)
}

/** Asks for what came meanwhile. */
function askAgain() {
  if (!page.isAskedAgain) return
  page.isAskedAgain = false
  void refresh()
}

/** Shows the state of a fetched page, where it is another than the last one. @param {Document} next */
function takeOver(next) {
  const to = next.getElementById('page')
  const markup = to?.innerHTML ?? null
  if (to === null || markup === page.markup) return setClock(next)
  page.markup = markup ?? ''
  const said = main()?.dataset.announce
  showPage(next, to)
  if (said !== to.dataset.announce) announce(to.dataset.announce)
}

/** @param {Document} next @param {HTMLElement} to its main part */
function showPage(next, to) {
  const from = main()
  if (from === null) return
  setClock(next)
  const { kind } = from.dataset
  const focused = document.activeElement?.id ?? ''
  const folds = new Map(Array.from(from.querySelectorAll('details'), ({ id, open }) => [id, open]))
  become(from, to)
  page.terms = null
  for (const fold of from.querySelectorAll('details')) fold.open = folds.get(fold.id) ?? fold.open
  // The wallets' script puts its buttons back before one of them gets the focus again.
  document.dispatchEvent(new Event('checkout:page'))
  if (focused !== '' && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true })
  if (kind !== to.dataset.kind) page.secondsLeft = Number.POSITIVE_INFINITY
  document.title = next.title
  const icon = document.querySelector('link[rel=icon]')
  icon?.setAttribute('href', next.querySelector('link[rel=icon]')?.getAttribute('href') ?? '')
  show()
}

/**
 * Makes `from` what `to` is. What is alike stays the very node that it was: a field keeps what was typed, the focus and the caret.
 * @param {Element} from @param {Element} to
 */
function become(from, to) {
  // What is disabled was so by this script: the server says nothing of it.
  for (const { name } of [...from.attributes])
    if (!to.hasAttribute(name) && name !== 'disabled') from.removeAttribute(name)
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value)
  let at = from.firstChild
  for (const wanted of [...to.childNodes]) {
    const found = alike(at, wanted)
    if (found === null) {
      from.insertBefore(document.adoptNode(wanted), at)
      continue
    }
    at = removeUntil(at, found)
    if (found instanceof Element && wanted instanceof Element) {
      if (!found.isEqualNode(wanted)) become(found, wanted)
    } else if (found.nodeValue !== wanted.nodeValue) found.nodeValue = wanted.nodeValue
    at = found.nextSibling
  }
  removeUntil(at, null)
}

/** The first of `at` and what follows that may become `wanted`: of its id, or else of its kind. @param {ChildNode | null} at @param {Node} wanted */
function alike(at, wanted) {
  if (!(wanted instanceof Element)) return at?.nodeType === wanted.nodeType ? at : null
  for (let node = at; node !== null; node = node.nextSibling) {
    if (!(node instanceof Element) || node.nodeName !== wanted.nodeName || node.id !== wanted.id) continue
    if (node.id !== '' || node.className === wanted.className) return node
  }
  return null
}

/** Removes `at` and what follows it up to `end`, which it returns. @template {ChildNode | null} T @param {ChildNode | null} at @param {T} end */
function removeUntil(at, end) {
  for (let node = at; node !== null && node !== end; ) {
    const next = node.nextSibling
    // A form's own methods are hidden by fields of their names.
    node.parentNode?.removeChild(node)
    node = next
  }
  return end
}

/** The time left as `59:41`, `1:59:41` or, in the words of the page, `3 d 2 h`. @param {number} seconds */
function timeLeft(seconds) {
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor((seconds % 86_400) / 3_600)
  if (days > 0) return (words.daysLeft ?? '').replace('{days}', String(days)).replace('{hours}', String(hours))
  const minutes = Math.floor((seconds % 3_600) / 60)
  const clock = `${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${clock}` : clock
}

function countDown() {
  const countdown = byId('countdown')
  if (countdown === null || words.expiresAt === undefined) return
  const seconds = Math.ceil((Date.parse(words.expiresAt) - Date.now() - page.aheadMs) / 1_000)
  countdown.textContent = timeLeft(Math.max(0, seconds))
  countdown.classList.toggle('countdown-low', seconds <= 60)
  const before = page.secondsLeft
  page.secondsLeft = seconds
  if (before > 300 && before !== Number.POSITIVE_INFINITY && seconds <= 300 && seconds > 60) announce(words.fiveMinutes)
  if (before > 60 && before !== Number.POSITIVE_INFINITY && seconds <= 60 && seconds > 0) announce(words.oneMinute)
  if (seconds <= 0) closePayment()
}

/** Hides the address the moment the time is over, even when the server cannot be asked. */
function closePayment() {
  const pay = document.querySelector('[data-pay]')
  if (!(pay instanceof HTMLElement) || pay.hidden) return
  pay.hidden = true
  document.querySelector('[data-closed]')?.removeAttribute('hidden')
  const status = byId('status')
  if (status !== null) status.textContent = words.timeUp ?? ''
  announce(words.timeUp)
  void refresh()
}

/**
 * An address of a session never changes, nor what is to be paid while the server says the same: if what is on the screen does, something
 * on this device did it. Text and code, which were written apart, are alike from the beginning.
 */
function guardAddress() {
  const address = byId('address')
  if (address === null) return
  const text = address.textContent ?? ''
  const code = document.querySelector('.qr')
  const id = address.dataset.addressId ?? ''
  const shown = `${text} ${code?.querySelector('path')?.getAttribute('d')}`
  const asked = Array.from(document.querySelectorAll('[data-pay] .copyable'), ({ textContent }) => textContent)
  const terms = [byId('open-wallet')?.getAttribute('href'), ...asked].join(' ')
  const first = page.addresses.get(id)
  if (first === undefined) page.addresses.set(id, shown)
  page.terms ??= terms
  if (!code?.getAttribute('aria-label')?.includes(text) || (first ?? shown) !== shown || page.terms !== terms)
    page.isTampered = true
  if (!page.isTampered) return
  const pay = document.querySelector('[data-pay]')
  if (pay instanceof HTMLElement && !pay.hidden) pay.hidden = true
  tellTrouble(words.addressChanged)
}

/** Goes back to the shop when the receipt was seen for its seconds, unless the payer stays. */
function countReturn() {
  const link = byId('return')
  if (!(link instanceof HTMLAnchorElement) || link.dataset.returnAfter === undefined || page.isLeavingRefused) {
    page.leaveAt = 0
    return
  }
  if (page.leaveAt === 0) page.leaveAt = Date.now() + Number(link.dataset.returnAfter) * 1_000
  const seconds = Math.max(0, Math.ceil((page.leaveAt - Date.now()) / 1_000))
  const text = byId('returning')
  if (text !== null) text.textContent = (text.dataset.template ?? '').replace('{seconds}', String(seconds))
  if (seconds > 0 || !/^https?:$/.test(link.protocol)) return
  page.isLeavingRefused = true
  // A frame that left would show the shop within the shop.
  if (embedder === undefined) location.replace(link.href)
  else tell('close')
}

/** Tells the site around the frame what the payer sees, each time that is something else. */
function tellState() {
  const state = main()?.dataset.kind
  if (state === undefined || state === page.stateTold) return
  page.stateTold = state
  const sessionId = location.pathname.split('/').pop()
  tell('state', { sessionId, state })
  if (state !== 'complete') return
  const link = byId('return')
  const isLeaving = link instanceof HTMLAnchorElement && link.dataset.returnAfter !== undefined
  tell('complete', { sessionId, successUrl: isLeaving ? link.href : null })
}

function stay() {
  page.isLeavingRefused = true
  byId('returning')?.remove()
  byId('stay')?.remove()
  byId('return')?.focus()
}

/** @param {HTMLElement} button */
async function copy(button) {
  const source = byId(button.dataset.copy ?? '')
  guardAddress()
  if (source === null || page.isTampered) return
  const isCopied = await writeClipboard(source)
  announce(isCopied ? button.dataset.announce : words.copyFailed)
  if (!isCopied || button.classList.contains('copy-done')) return
  const label = button.textContent
  button.classList.add('copy-done')
  button.textContent = button.dataset.copied ?? label
  setTimeout(() => {
    button.classList.remove('copy-done')
    button.textContent = label
  }, COPIED_MS)
}

/**
 * Copies an element's text; the text stays selected where the clipboard is closed (plain http), or is not the browser's own any more.
 * @param {HTMLElement} source
 */
async function writeClipboard(source) {
  try {
    if (!/\[native code\]/.test(`${navigator.clipboard.writeText}`)) throw new Error('The clipboard was replaced.')
    await navigator.clipboard.writeText(source.textContent ?? '')
    return true
  } catch {
    getSelection()?.selectAllChildren(source)
    return document.execCommand('copy')
  }
}

/** Pays without leaving the page; the answer to the form is the page itself. @param {HTMLFormElement} form */
async function payWithTestWallet(form) {
  const button = form.querySelector('button')
  if (button === null || button.disabled) return
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) body.append(name, String(value))
  const label = button.textContent
  button.disabled = true
  button.textContent = button.dataset.busy ?? ''
  const next = await request({ method: 'POST', url: form.action, body, timeoutMs: PAY_TIMEOUT_MS })
  const isPaid = next?.isFine === true
  if (isPaid) takeOver(next.page)
  else tellTrouble(words.walletFailed)
  // A payment that was sent shows within seconds; until then a second press would pay twice.
  await new Promise(resolve => setTimeout(resolve, isPaid ? SEEN_MS : COPIED_MS))
  button.disabled = false
  button.textContent = label
}

/**
 * Goes on in place, by a form of the page or by a link to it: the answer is the page itself, shown with what it could not take, or in
 * its new state. One at a time.
 * @param {HTMLFormElement | HTMLAnchorElement} source @param {HTMLButtonElement | null} button
 */
async function go(source, button) {
  if (page.isSending) return
  page.isSending = true
  const isForm = source instanceof HTMLFormElement
  const label = button?.textContent ?? ''
  button?.setAttribute('aria-disabled', 'true')
  if (button?.dataset.busy !== undefined) button.textContent = button.dataset.busy
  const next = await request({
    ...(isForm
      ? { method: 'POST', url: source.action, body: fieldsOf(source, button) }
      : { method: 'GET', url: source.href }),
    timeoutMs: SEND_TIMEOUT_MS,
  })
  page.isSending = false
  page.sent++
  button?.removeAttribute('aria-disabled')
  if (button?.dataset.busy !== undefined) button.textContent = label
  if (next === null) failed()
  else arrived(next, source)
  askAgain()
}

/** What a form sends when a button of it is pressed. @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
function fieldsOf(form, button) {
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form)) fields.append(name, String(value))
  if (button !== null && button.name !== '') fields.append(button.name, button.value)
  return fields
}

function failed() {
  page.troubleUntil = Date.now() + TROUBLE_MS
  tellTrouble(words.formFailed)
}

/** @param {{ page: Document, url: string, isFine: boolean }} next @param {HTMLElement} source what led there */
function arrived(next, source) {
  const { focus = 'status', done } = source.dataset
  const said = main()?.dataset.announce
  const to = next.page.getElementById('page')
  if (to === null) return
  page.failures = 0
  page.troubleUntil = 0
  if (!page.isTampered) tellTrouble(undefined)
  // With a problem, the page as it was before stays the one that the next answer is compared with: one like it changes nothing.
  if (next.isFine) page.markup = to.innerHTML
  showPage(next.page, to)
  if (!next.isFine) return showProblem()
  history.replaceState(null, '', next.url)
  byId(focus)?.focus()
  if (done === undefined) return
  const total = document.querySelector('.heading-total')?.textContent
  announce([done, total, said === to.dataset.announce ? '' : to.dataset.announce].join(' '))
}

function showProblem() {
  const wrong = main()?.querySelector('[aria-invalid]')
  wrong?.closest('details')?.setAttribute('open', '')
  if (wrong instanceof HTMLElement) wrong.focus()
}

function listen() {
  if (typeof EventSource === 'undefined' || words.events === undefined) return
  page.openedAt = Date.now()
  page.events = new EventSource(words.events)
  page.events.addEventListener('message', hear)
}

/** @param {MessageEvent<string>} event */
function hear({ data }) {
  // The first event tells the state as it is: most often the one that was just loaded.
  const isShown = !page.hasHeard && data.includes(`"${words.updatedAt}"`)
  page.hasHeard = true
  if (!isShown) void refresh()
}

/** Asks again when the last answer is old: seldom with live events, which tell of each block too, and often without. */
function keepInStep() {
  const isLive = page.events?.readyState === EventSource.OPEN
  let everyMs = isLive ? POLL_LIVE_MS : main()?.dataset.kind === 'processing' ? POLL_CONFIRMING_MS : POLL_MS
  // Many pages that failed together do not ask together again.
  if (page.failures > 0) everyMs = POLL_MS * (1 + Math.random())
  if (Date.now() - page.syncedAt >= everyMs) void refresh()
  if (page.events?.readyState === EventSource.CLOSED && Date.now() - page.openedAt >= REOPEN_MS) listen()
}

function show() {
  guardAddress()
  countDown()
  countReturn()
  tellState()
}

function tick() {
  const hasSlept = Math.abs(Date.now() - page.tickedAt - TICK_MS) > SLEPT_MS
  page.tickedAt = Date.now()
  if (hasSlept) void refresh()
  show()
  keepInStep()
}

/** Shows another way to pay in place; the address in the bar keeps the choice. @param {HTMLAnchorElement} link */
function choose(link) {
  history.replaceState(null, '', link.href)
  byId('choice')?.removeAttribute('open')
  byId('choice-chosen')?.focus({ preventScroll: true })
  void refresh()
}

/** The page as it is now, with the coin chosen since, in another language. @param {string} lang */
function inLanguage(lang) {
  const url = new URL(location.href)
  url.searchParams.set('lang', lang)
  return url.href
}

document.addEventListener('click', event => {
  const target = event.target instanceof Element ? event.target.closest('button, a') : null
  if (target instanceof HTMLAnchorElement) {
    if (target.dataset.lang !== undefined) target.href = inLanguage(target.dataset.lang)
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    if (!isPlain) return
    if (target.classList.contains('choice-option')) choose(target)
    else if (target.dataset.inline !== undefined) void go(target, null)
    else return
    event.preventDefault()
  } else if (target instanceof HTMLElement) {
    if (target.dataset.copy !== undefined) void copy(target)
    if (target.id === 'stay') stay()
    if (target.id === 'print') print()
  }
})

document.addEventListener('submit', event => {
  const { target: form, submitter } = event
  if (!(form instanceof HTMLFormElement)) return
  const { inline, testWallet } = form.dataset
  if (inline === undefined && testWallet === undefined) return
  event.preventDefault()
  if (testWallet !== undefined) void payWithTestWallet(form)
  else void go(form, submitter instanceof HTMLButtonElement ? submitter : null)
})

// In a frame, to cancel is to close the dialog around it: the server is told while the frame goes.
document.addEventListener('submit', event => {
  if (embedder === undefined || !(event.target instanceof HTMLFormElement)) return
  if (!event.target.classList.contains('cancel')) return
  event.preventDefault()
  navigator.sendBeacon(event.target.action)
  tell('close')
})
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) tell('close')
})

document.addEventListener('checkout:tampered', () => {
  page.isTampered = true
  guardAddress()
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh()
})
addEventListener('pageshow', event => {
  if (event.persisted) void refresh()
})
addEventListener('online', () => void refresh())

tell('ready', { title: document.title, close: words.close })
// Pages that lead to a payment have nothing to keep in step.
if (main() !== null) {
  setClock(document)
  show()
  // Nothing else is asked for before the page is seen.
  new PerformanceObserver((_, observer) => {
    observer.disconnect()
    listen()
  }).observe({ type: 'paint', buffered: true })
  setInterval(tick, TICK_MS)
  const watched = { subtree: true, childList: true, characterData: true, attributeFilter: ['d', 'hidden', 'href'] }
  new MutationObserver(guardAddress).observe(document.body, watched)
}
