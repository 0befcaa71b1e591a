// Opens the payer's page in a dialog of the merchant's site, which loads this from `/checkout.js`, byte for byte as it stands here.
// Where no dialog or no page in it comes up, the browser goes to the page: a payment never depends on this script. Of the site's
// Content-Security-Policy it needs our origin in `script-src` and `frame-src` alone: its style is a constructed sheet.

/**
 * @typedef {{ sessionId: string, successUrl: string | null }} Completed
 * @typedef {{ sessionId: string | null, state: string | null }} Closed what the payer saw last
 * @typedef {{ onComplete?: (payment: Completed) => void, onClose?: (payment: Closed) => void }} OpenOptions
 */
;(() => {
  const READY_MS = 10_000
  const READY_AFTER_LOAD_MS = 3_000
  const STYLE = `
:host { display: contents !important }
dialog { position: fixed; inset: 0; box-sizing: border-box; width: 36rem; height: 54rem; max-width: calc(100% - 3rem);
  max-height: calc(100% - 3rem); margin: auto; padding: 0; overflow: hidden; border: 1px solid transparent; border-radius: 16px;
  background: #f5f6f8; color: #5a6376; box-shadow: 0 24px 64px rgb(0 0 0 / 32%); color-scheme: light dark }
dialog[open] { display: flex; flex-direction: column }
dialog::backdrop { background: rgb(15 18 23 / 60%) }
div { display: flex; align-items: center; justify-content: space-between; padding-inline: 1rem 0.25rem; font: 500 14px system-ui }
button { width: 2.75rem; height: 2.75rem; border: 0; border-radius: 8px; background: none; color: inherit; font: 24px system-ui }
button:hover { color: CanvasText }
iframe { flex: 1; border: 0; opacity: 0 }
.ready iframe { opacity: 1 }
@media (min-width: 66rem) { dialog { width: 62rem } }
@media (max-width: 40rem) { dialog { width: 100%; height: 100%; max-width: none; max-height: none; border: 0; border-radius: 0 } }
@media (prefers-color-scheme: dark) { dialog { background: #0f1217; color: #a3adbe } }
@media (prefers-reduced-motion: no-preference) {
  dialog { animation: up 0.2s } @keyframes up { from { opacity: 0; transform: translateY(12px) } } iframe { transition: opacity 0.2s }
  dialog:not(.ready)::after { content: ""; position: absolute; inset: 0; width: 2rem; height: 2rem; margin: auto; border: 3px solid;
    border-top-color: transparent; border-radius: 50%; opacity: 0.5; animation: turn 1s linear infinite }
  @keyframes turn { to { transform: rotate(1turn) } } }`

  /** Closes the dialog that is open. @type {() => void} */
  let closeOpen = () => undefined

  /**
   * Opens the payer's page `url` in a dialog, or goes to it. Without `onComplete`, a dialog that closes after the payment leads to the
   * session's `successUrl`. What is told here is for the eye alone: goods are sent for a webhook.
   * @param {string | URL} url @param {OpenOptions} [options] @returns {{ close: () => void }}
   */
  function open(url, { onComplete, onClose } = {}) {
    const page = new URL(url, location.href)
    if (webUrl(page.href) === null) throw new TypeError('Bitstream.open takes the URL of a payment.')
    closeOpen()
    if (window !== top || typeof HTMLDialogElement !== 'function' || !('adoptedStyleSheets' in document)) {
      window.open(page, '_top')
      return { close: closeOpen }
    }
    const { host, dialog, button, frame } = build(page)
    const unlockScroll = lockScroll()
    /** @type {Closed} */
    const seen = { sessionId: null, state: null }
    /** @type {Completed | null} */
    let completed = null
    // A page in the frame says that it is there, and is loaded, in either order; what stands for a refused one is only loaded.
    let saidAhead = 0
    let timer = setTimeout(leave, READY_MS)

    function end() {
      clearTimeout(timer)
      removeEventListener('message', listen)
      dialog.removeEventListener('close', close)
      closeOpen = () => undefined
      // Gives the focus back.
      dialog.close()
      host.remove()
      unlockScroll()
    }

    function leave() {
      end()
      location.assign(page)
    }

    function close() {
      end()
      onClose?.(seen)
      if (completed?.successUrl && !onComplete) location.assign(completed.successUrl)
    }

    /** @param {MessageEvent} event */
    function listen({ origin, source, data }) {
      if (origin !== page.origin || source !== frame.contentWindow || data?.bitstream !== 1) return
      if (data.type === 'ready') {
        saidAhead = Math.min(saidAhead + 1, 1)
        clearTimeout(timer)
        dialog.className = 'ready'
        dialog.setAttribute('aria-label', data.title)
        frame.title = data.title
        button.setAttribute('aria-label', data.close)
        if (host.shadowRoot?.activeElement === button) frame.focus()
      } else if (data.type === 'state') {
        Object.assign(seen, { sessionId: data.sessionId, state: data.state })
      } else if (data.type === 'complete' && completed === null) {
        completed = { sessionId: data.sessionId, successUrl: webUrl(data.successUrl) }
        onComplete?.(completed)
      } else if (data.type === 'close') {
        close()
      }
    }

    addEventListener('message', listen)
    frame.addEventListener('load', () => {
      clearTimeout(timer)
      saidAhead -= 1
      if (saidAhead < 0) timer = setTimeout(leave, READY_AFTER_LOAD_MS)
    })
    button.addEventListener('click', close)
    dialog.addEventListener('close', close)
    document.body.append(host)
    dialog.showModal()
    closeOpen = close
    return { close: () => (closeOpen === close ? close() : undefined) }
  }

  /** @param {URL} page */
  function build(page) {
    const host = document.createElement('div')
    const dialog = document.createElement('dialog')
    const bar = document.createElement('div')
    const button = document.createElement('button')
    const frame = document.createElement('iframe')
    const style = new CSSStyleSheet()
    style.replaceSync(STYLE)
    const root = host.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [style]
    root.append(dialog)
    dialog.append(bar, frame)
    bar.append(page.host, button)
    // Until the page names both in the payer's language.
    dialog.setAttribute('aria-label', page.host)
    frame.title = page.host
    button.setAttribute('aria-label', 'Close')
    button.textContent = '\u00d7'
    frame.allow = 'clipboard-write'
    frame.referrerPolicy = 'no-referrer'
    const embedded = new URL(page)
    embedded.searchParams.set('embed', location.origin)
    frame.src = embedded.href
    return { host, dialog, button, frame }
  }

  /** Ended by what it returns. */
  function lockScroll() {
    const { style, clientWidth } = document.documentElement
    const { overflow, scrollbarGutter } = style
    if (innerWidth > clientWidth) style.scrollbarGutter = 'stable'
    style.overflow = 'hidden'
    return () => void Object.assign(style, { overflow, scrollbarGutter })
  }

  /** @param {unknown} url @returns {string | null} */
  function webUrl(url) {
    return typeof url === 'string' && /^https?:\/\//i.test(url) ? url : null
  }

  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a[data-bitstream]') : null
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    if (!(link instanceof HTMLAnchorElement) || !isPlain || event.defaultPrevented) return
    event.preventDefault()
    open(link.href)
  })

  Object.assign(globalThis, { Bitstream: Object.freeze({ open }) })
})()
