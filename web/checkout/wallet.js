// Pays with a wallet of the payer's browser: asks it for exactly the transaction that the server put beside the address, and for
// no approval or signature. What a wallet answers is never believed: that a payment was seen, the server says. Served byte for byte
// as it stands here, like checkout.js. It builds no markup: it copies what the server rendered for it, and puts text there.

const READ_TIMEOUT_MS = 15_000
const LOOKED_FOR_MS = 600_000
const PRESSED_TWICE_MS = 2_000
const NAME_MAX = 40
const GAS_DECIMALS = 18
const SHOWN_DECIMALS = 8
const BALANCE_OF = '0x70a08231'
const TRANSFER = /^0xa9059cbb0{24}([0-9a-f]{40})([0-9a-f]{64})$/
const ADDRESS = /^0x[0-9a-f]{40}$/
const HASH = /^0x[0-9a-f]{64}$/
const ICON = /^data:image\/[a-z.+-]+[;,]/i

// EIP-1193 and EIP-1474: what a wallet says when it did not do what it was asked.
const DECLINED = 4001
const SAYS_OF_CODE = new Map([
  [DECLINED, 'rejected'],
  [-32002, 'asking'],
  [4100, 'locked'],
  [4900, 'disconnected'],
  [4901, 'disconnected'],
])
const NOT_SENT = new Set(['rejected', 'asking', 'locked'])
const UNSUPPORTED = new Set([4200, -32601])

/** @typedef {{ request(asked: { method: string, params?: unknown[] }): Promise<unknown> }} Provider a wallet, as EIP-1193 has it */
/** @typedef {{ id: string, name: string, icon: string | null, provider: Provider }} Wallet */
/** @typedef {{ chainId: string, chainName: string, nativeCurrency: { symbol: string }, rpcUrls: string[] }} Network */
/**
 * What is to be paid, as the page says it now. `key` differs when anything of it does; `token` is null for the native coin.
 * @typedef {{ key: string, transaction: Record<string, string>, network: Network, amount: bigint, token: string | null }} Payment
 */
/**
 * What a wallet was asked to send at `at`, and when the server had seen `seen` payments; `url` is where `hash` can be looked up.
 * @typedef {{ says: 'asked' | 'sent', wallet: string, hash: string | null, url: string | null, at: number, seen: string }} Sent
 */

/** Why nothing was sent: the name of a sentence, and its values. */
class Refused extends Error {
  /** @param {string} says @param {Record<string, string>} [values] */
  constructor(says, values = {}) {
    super(says)
    this.says = says
    this.values = values
  }
}

const sentKey = `sent ${location.pathname}`

const state = {
  /** @type {Map<string, Wallet>} those that announced themselves, by their own uuid */
  announced: new Map(),
  /** @type {Wallet | null} that was asked for something, since when */
  busy: null,
  busySince: 0,
  isSending: false,
  /** Counts attempts: the latest alone goes on. */
  attempt: 0,
  /** @type {Wallet | null} that is to pay once more, if the payer says so */
  again: null,
  /** @type {{ says: string, values: Record<string, string>, of: string | undefined } | null} why it was not sent, and of what */
  refused: null,
  sent: readSent(),
  announcement: '',
  /** @type {Map<string, string>} each address with its chain as they were first shown, by the id of the row */
  firstSeen: new Map(),
}

/** @param {string} id @returns {HTMLElement | null} */
function byId(id) {
  return document.getElementById(id)
}

/** Those that announced themselves, else the one that is there for all (EIP-1193). @returns {Wallet[]} */
function wallets() {
  if (state.announced.size > 0) return [...state.announced.values()]
  const provider = Reflect.get(window, 'ethereum')
  if (typeof provider?.request !== 'function') return []
  return [{ id: 'wallet-injected', name: '', icon: null, provider }]
}

/** Keeps a wallet that announces itself (EIP-6963), the first of each uuid. @param {Event} event */
function meet(event) {
  try {
    const { info, provider } = /** @type {CustomEvent} */ (event).detail
    const { uuid, name, icon } = info
    if (typeof uuid !== 'string' || typeof provider.request !== 'function' || state.announced.has(uuid)) return
    const id = `wallet-${state.announced.size}`
    const shown = typeof name === 'string' ? [...name.trim()].slice(0, NAME_MAX).join('') : ''
    const picture = typeof icon === 'string' && ICON.test(icon) ? icon : null
    state.announced.set(uuid, { id, name: shown, icon: picture, provider })
  } catch {
    return
  }
  show()
}

/** @param {Provider} provider @param {string} method @param {unknown[]} [params] */
function ask(provider, method, params = []) {
  return provider.request({ method, params })
}

/**
 * Asks for what takes nobody's consent, so that there is an answer soon or never.
 * @param {Provider} provider @param {string} method @param {unknown[]} [params]
 */
function read(provider, method, params) {
  const late = new Promise((_, refuse) => setTimeout(() => refuse(new Refused('disconnected')), READ_TIMEOUT_MS))
  return Promise.race([ask(provider, method, params), late])
}

/** The code of an error; some wallets wrap the error that they mean. @param {unknown} error */
function codeOf(error) {
  const { code, data } = Object(error)
  return Number(Object(Object(data).originalError).code ?? code)
}

/** @param {unknown} error @param {string} otherwise what is said of an error that has no meaning of its own */
function refusalOf(error, otherwise) {
  return error instanceof Refused ? error : new Refused(SAYS_OF_CODE.get(codeOf(error)) ?? otherwise)
}

/** The account that a wallet shows first: the one that pays. @param {unknown} accounts @returns {string} */
function accountOf(accounts) {
  const account = Array.isArray(accounts) ? String(accounts[0]).toLowerCase() : ''
  if (!ADDRESS.test(account)) throw new Refused('locked')
  return account
}

/** @param {Promise<unknown>} answer */
async function number(answer) {
  return BigInt(String(await answer))
}

/** @param {Provider} provider */
function chainIdOf(provider) {
  return number(read(provider, 'eth_chainId'))
}

/**
 * The exact decimal text of base units, at least two decimals where the scale has them.
 * @param {bigint} raw @param {number} decimals
 */
function decimalText(raw, decimals) {
  const digits = String(raw).padStart(decimals + 1, '0')
  const point = digits.length - decimals
  const fraction = digits.slice(point).replace(/0+$/, '').padEnd(Math.min(2, decimals), '0')
  return digits.slice(0, point) + (fraction === '' ? '' : `.${fraction}`)
}

/** The base units of a decimal text, or null. @param {string} text @param {number} decimals */
function parseDecimal(text, decimals) {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  return whole === undefined || fraction.length > decimals ? null : BigInt(whole + fraction.padEnd(decimals, '0'))
}

/**
 * What is to be paid now; null when nothing is. A payer reads the address and the amount: what says anything else than they do was
 * not put there by the server, and nothing goes out.
 * @returns {Payment | null}
 */
function payment() {
  const { transaction: text = '', network = '', decimals = '' } = byId('wallet')?.dataset ?? {}
  const address = byId('address')
  if (text === '' || address === null || document.querySelector('[data-pay][hidden]') !== null) return null
  /** @type {Record<string, string>} */
  const transaction = JSON.parse(text)
  const { to = '', value = '', data = '' } = transaction
  const token = data === '' ? null : to
  const [, receiver, raw] = TRANSFER.exec(data) ?? []
  const amount = parseDecimal(byId('amount')?.textContent ?? '', Number(decimals))
  const isAsShown =
    (token === null ? to : `0x${receiver}`) === address.textContent &&
    (token === null || token === document.querySelector('#token code')?.textContent) &&
    amount !== null &&
    (token === null ? value === `0x${amount.toString(16)}` : raw === amount.toString(16).padStart(64, '0')) &&
    isAsFirstSeen()
  if (!isAsShown) {
    document.dispatchEvent(new Event('checkout:tampered'))
    return null
  }
  return { key: text + network, transaction, network: JSON.parse(network), amount, token }
}

/** Whether the address and the chain of the way to pay in view are those that were first shown of it: they never change. */
function isAsFirstSeen() {
  const address = byId('address')
  const { addressId = '' } = address?.dataset ?? {}
  const shown = `${address?.textContent} ${JSON.parse(byId('wallet')?.dataset.network ?? '{}').chainId}`
  const first = state.firstSeen.get(addressId) ?? shown
  state.firstSeen.set(addressId, first)
  return first === shown
}

/**
 * Brings a wallet to the payment's network, which it may have to learn first.
 * @param {Provider} provider @param {Network} network
 */
async function bringTo(provider, network) {
  const wanted = BigInt(network.chainId)
  if ((await chainIdOf(provider)) === wanted) return
  const isKnown = await switchTo(provider, network)
  if (!isKnown) {
    if (network.rpcUrls.length === 0) throw new Refused('unknownNetwork')
    await ask(provider, 'wallet_addEthereumChain', [network]).catch(error => {
      throw refusalOf(error, 'unknownNetwork')
    })
    // Adding need not be switching.
    if ((await chainIdOf(provider)) !== wanted) await switchTo(provider, network)
  }
  const now = await chainIdOf(provider)
  if (now !== wanted) throw new Refused('wrongNetwork', { current: nameOf(now) })
}

/** @param {Provider} provider @param {Network} network @returns {Promise<boolean>} false when the wallet may not know it */
async function switchTo(provider, { chainId }) {
  try {
    await ask(provider, 'wallet_switchEthereumChain', [{ chainId }])
    return true
  } catch (error) {
    const code = codeOf(error)
    // Not to be moved: where it is then is looked at, and said.
    if (code === DECLINED || UNSUPPORTED.has(code)) return true
    if (SAYS_OF_CODE.has(code)) throw error
    // EIP-3326 says 4902; wallets say this and that.
    return false
  }
}

/** @param {bigint} chainId */
function nameOf(chainId) {
  const { names = '{}', otherNetwork = '' } = byId('wallet')?.dataset ?? {}
  return JSON.parse(names)[String(chainId)] ?? otherNetwork.replace('{id}', String(chainId))
}

/**
 * Refuses when the account cannot pay: a wallet would say so in its own words, or take the fee for nothing.
 * @param {Provider} provider @param {string} account @param {Payment} asked
 */
async function checkFunds(provider, account, { transaction, network, amount, token }) {
  const { symbol = '', decimals = '' } = byId('wallet')?.dataset ?? {}
  const data = `${BALANCE_OF}${account.slice(2).padStart(64, '0')}`
  const coin = await number(read(provider, 'eth_getBalance', [account, 'latest']))
  const has = token === null ? coin : await number(read(provider, 'eth_call', [{ to: token, data }, 'latest']))
  if (has < amount) {
    const text = (/** @type {bigint} */ raw) => `${decimalText(raw, Number(decimals))} ${symbol}`
    throw new Refused('tooLittle', { has: text(has), needs: text(amount) })
  }
  const left = token === null ? coin - amount : coin
  const fee = await feeOf(provider, { from: account, ...transaction })
  if (left < fee) {
    const unit = 10n ** BigInt(GAS_DECIMALS - SHOWN_DECIMALS)
    const text = (/** @type {bigint} */ raw) => `${decimalText(raw, SHOWN_DECIMALS)} ${network.nativeCurrency.symbol}`
    throw new Refused('tooLittleGas', { has: text(left / unit), needs: text((fee + unit - 1n) / unit) })
  }
}

/**
 * What the network takes for a transaction, in base units of its coin.
 * @param {Provider} provider @param {Record<string, string>} transaction
 */
async function feeOf(provider, transaction) {
  try {
    const gas = await number(read(provider, 'eth_estimateGas', [transaction]))
    return gas * (await number(read(provider, 'eth_gasPrice')))
  } catch {
    // The wallet finds out when it signs; without any coin it cannot.
    return 1n
  }
}

/** @param {Wallet} wallet @param {string} account @param {Payment} asked */
async function send(wallet, account, { transaction, network }) {
  const before = state.sent
  const { seen = '', explorer = '' } = byId('wallet')?.dataset ?? {}
  // Kept first: of a page that is left while the wallet asks, this is all that remains.
  keep({ says: 'asked', wallet: wallet.name, hash: null, url: null, at: Date.now(), seen })
  try {
    const answer = await ask(wallet.provider, 'eth_sendTransaction', [
      { from: account, chainId: network.chainId, ...transaction },
    ])
    const text = String(answer).toLowerCase()
    const hash = HASH.test(text) ? text : null
    keep({ says: 'sent', wallet: wallet.name, hash, url: hash === null ? null : explorer + hash, at: Date.now(), seen })
  } catch (error) {
    const refusal = refusalOf(error, 'unsure')
    const isNotSent = NOT_SENT.has(refusal.says)
    if (isNotSent) keep(before)
    throw isNotSent ? refusal : new Refused('unsure')
  }
}

/** @param {Wallet} wallet @param {() => boolean} isOver whether another attempt has begun */
async function attempt(wallet, isOver) {
  const asked = payment()
  if (asked === null) return
  const { provider } = wallet
  const account = accountOf(await ask(provider, 'eth_requestAccounts'))
  if (isOver()) return
  await bringTo(provider, asked.network)
  await checkFunds(provider, account, asked)
  // All of it may have changed while the wallet asked.
  const [accounts, chainId] = await Promise.all([read(provider, 'eth_accounts'), chainIdOf(provider)])
  const isSame = accountOf(accounts) === account && chainId === BigInt(asked.network.chainId)
  if (!isSame || payment()?.key !== asked.key) throw new Refused('changed')
  if (isOver()) return
  state.isSending = true
  // A yes to paying once more would ask the wallet for a second payment beside this one.
  state.again = null
  await send(wallet, account, asked)
}

/** @param {Wallet} wallet */
async function pay(wallet) {
  const current = ++state.attempt
  const isOver = () => current !== state.attempt
  state.busy = wallet
  state.busySince = Date.now()
  state.refused = null
  show()
  const { network = '{}' } = byId('wallet')?.dataset ?? {}
  const values = { wallet: calledOf(wallet.name), network: JSON.parse(network).chainName }
  try {
    await attempt(wallet, isOver)
  } catch (error) {
    if (isOver()) return
    const refusal = refusalOf(error, 'failed')
    const of = byId('wallet')?.dataset.transaction
    state.refused = { says: refusal.says, values: { ...values, ...refusal.values }, of }
  }
  if (isOver()) return
  state.busy = null
  state.isSending = false
  show()
}

/**
 * A press pays once. Where a wallet was closed without an answer, a later press asks anew; not once it was asked to send. After a
 * payment was sent it first asks whether to pay again.
 * @param {Wallet} wallet
 */
function press(wallet) {
  if (state.busy !== null && (state.isSending || Date.now() - state.busySince < PRESSED_TWICE_MS)) return
  if (state.sent === null) return void pay(wallet)
  state.again = wallet
  state.refused = null
  show()
  byId('wallet-told')?.focus({ preventScroll: true })
}

/** @returns {Sent | null} */
function readSent() {
  try {
    return JSON.parse(sessionStorage.getItem(sentKey) ?? 'null')
  } catch {
    return null
  }
}

/** Remembers what was sent, so that a reload does. @param {Sent | null} sent */
function keep(sent) {
  state.sent = sent
  try {
    if (sent === null) sessionStorage.removeItem(sentKey)
    else sessionStorage.setItem(sentKey, JSON.stringify(sent))
  } catch {
    // A browser that keeps nothing: the page still knows.
  }
}

/** @param {string} name */
function calledOf(name) {
  return name === '' ? (byId('wallet')?.dataset.unnamed ?? '') : name
}

/**
 * A copy of what the server rendered, with its values.
 * @param {string} name @param {Record<string, string>} values @returns {HTMLElement | null}
 */
function part(name, values) {
  const parts = byId('wallet-parts')
  const source = parts instanceof HTMLTemplateElement ? parts.content.querySelector(`[data-part=${name}]`) : null
  const copy = source === null ? null : document.importNode(source, true)
  if (!(copy instanceof HTMLElement)) return null
  for (const slot of copy.querySelectorAll('bdi')) slot.textContent = values[slot.textContent ?? ''] ?? ''
  return copy
}

/** What is to be told, as names of parts. @returns {{ name: string, values: Record<string, string> }[]} */
function tellings() {
  const { sent, busy, again, refused } = state
  const told = []
  if (sent !== null && busy === null && refused?.says !== 'unsure') {
    const isLost = Date.now() - sent.at >= LOOKED_FOR_MS
    told.push({ name: isLost ? 'notFound' : sent.says, values: { wallet: calledOf(sent.wallet) } })
    if (sent.hash !== null) told.push({ name: 'transaction', values: { hash: sent.hash, url: sent.url ?? '' } })
  }
  if (busy !== null) told.push({ name: 'continue', values: { wallet: calledOf(busy.name) } })
  if (again !== null) told.push({ name: 'again', values: { wallet: calledOf(again.name) } })
  if (refused !== null) told.push({ name: refused.says, values: refused.values })
  return told
}

/** @param {HTMLElement} copy @param {Record<string, string>} values */
function showHash(copy, { hash = '', url = '' }) {
  const pieces = [hash.slice(0, 10), hash.slice(10, -8), hash.slice(-8)]
  for (const [index, span] of copy.querySelectorAll('code span').entries()) span.textContent = pieces[index] ?? ''
  if (/^https?:\/\//.test(url)) copy.querySelector('a')?.setAttribute('href', url)
}

/** @param {HTMLElement} place */
function showTold(place) {
  const told = tellings()
  const key = JSON.stringify(told)
  if (place.dataset.shown === key) return
  place.dataset.shown = key
  place.dataset.trouble = String(state.refused !== null)
  place.hidden = told.length === 0
  place.replaceChildren(
    ...told.flatMap(({ name, values }) => {
      const copy = part(name, values)
      if (copy !== null && name === 'transaction') showHash(copy, values)
      return copy ?? []
    }),
  )
  const live = byId('live')
  if (live === null || key === state.announcement) return
  state.announcement = key
  live.textContent = [...place.querySelectorAll('p[data-part]:not(.wallet-transaction), [data-part] > p:first-child')]
    .map(each => each.textContent)
    .join(' ')
}

/** @param {HTMLElement} list */
function showWallets(list) {
  const found = wallets()
  for (const button of list.querySelectorAll('button')) {
    if (!found.some(({ id }) => id === button.id)) button.closest('li')?.remove()
  }
  for (const wallet of found) {
    const button = byId(wallet.id) ?? addWallet(list, wallet)
    button?.setAttribute('aria-disabled', String(state.isSending))
  }
  return found.length
}

/** @param {HTMLElement} list @param {Wallet} wallet */
function addWallet(list, { id, name, icon }) {
  const item = part('wallet', { wallet: calledOf(name) })
  const button = item?.querySelector('button')
  const image = item?.querySelector('img')
  if (item == null || button == null || image == null) return null
  button.id = id
  if (icon !== null) {
    image.onerror = () => image.setAttribute('hidden', '')
    image.src = icon
    image.hidden = false
  }
  list.append(item)
  return button
}

/** Brings what the page shows of wallets in step with what is so. */
function show() {
  const place = byId('wallet')
  const list = byId('wallet-list')
  const tellingPlace = byId('wallet-told')
  if (place === null || list === null || tellingPlace === null) return
  isAsFirstSeen()
  // The server has seen a payment that it had not: what the wallet said is over.
  if (state.busy === null && state.sent !== null && state.sent.seen !== place.dataset.seen) {
    keep(null)
    state.again = null
  }
  if (state.refused?.of !== place.dataset.transaction) state.refused = null
  const count = showWallets(list)
  showTold(tellingPlace)
  const isFound = count > 0 || state.sent !== null
  // What comes when the page can be seen already goes to the end: it moves nothing that the payer is about to press.
  if (isFound && place.hidden && isSeen) place.classList.add('wallet-late')
  place.hidden = !isFound
  place.toggleAttribute('data-sent', state.sent !== null)
}

let isSeen = performance.getEntriesByType('paint').length > 0

document.addEventListener('checkout:page', () => {
  isSeen = false
  show()
  isSeen = true
})

document.addEventListener('click', event => {
  const button = event.target instanceof Element ? event.target.closest('#wallet button') : null
  if (button === null) return
  const wallet = wallets().find(({ id }) => id === button.id)
  const { again } = state
  if (wallet !== undefined) press(wallet)
  else if (again !== null) {
    byId(again.id)?.focus({ preventScroll: true })
    state.again = null
    if (button.id === 'wallet-again-yes') void pay(again)
    else show()
  }
})

addEventListener('eip6963:announceProvider', meet)
dispatchEvent(new Event('eip6963:requestProvider'))
show()
isSeen = true
setInterval(show, 1_000)
