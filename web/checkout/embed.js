// Opens the payer's page in a dialog of the merchant's site; merchants load it from `/checkout.js`, served byte for byte as it
// stands here. Where the dialog or the page in it does not come up, the browser goes to the page instead: a payment never depends on
// this script. It needs of the site's Content-Security-Policy our origin in `script-src` and `frame-src`, and nothing else: its style
// is a constructed sheet in a shadow root, which the site's own style does not reach either.

/**
 * @typedef {{ sessionId: string, successUrl: string | null }} Completed a paid session, and where the page would go next
 * @typedef {{ sessionId: string | null, state: string | null }} Closed the session, and what the payer saw of it last
 * @typedef {{ onComplete?: (payment: Completed) => void, onClose?: (payment: Closed) => void }} OpenOptions
 */
;(() => {
  const READY_MS = 10_000
  const READY_AFTER_LOAD_MS = 3_000
  const STYLE = `
:host { display: contents !important; }
dialog { position: fixed; inset: 0; box-sizing: border-box; inline-size: 36rem; block-size: 54rem; max-inline-size: calc(100vw - 3rem);
  max-block-size: calc(100vh - 3rem); max-block-size: calc(100dvh - 3rem); margin: auto; padding: 0; overflow: hidden; border: 0;
  border-radius: 16px; background: #f5f6f8; color: #5a6376; box-shadow: 0 24px 64px rgb(0 0 0 / 32%); color-scheme: light dark; }
dialog[open] { display: flex; flex-direction: column; }
dialog::backdrop { background: rgb(15 18 23 / 60%); }
div { display: flex; align-items: center; justify-content: space-between; block-size: 3rem; padding-inline: 1rem 0.25rem;
  font: 500 14px system-ui, sans-serif; }
button { inline-size: 2.75rem; block-size: 2.75rem; padding: 0; border: 0; border-radius: 8px; background: none; color: inherit;
  font: 24px/1 system-ui, sans-serif; cursor: pointer; }
button:hover { color: CanvasText; }
button:focus-visible { outline: 2px solid #3448c5; outline-offset: -2px; }
iframe { flex: 1; inline-size: 100%; border: 0; opacity: 0; }
.ready iframe { opacity: 1; }
@media (min-width: 64rem) { dialog { inline-size: 62rem; } }
@media (max-width: 40rem) { dialog { inline-size: 100%; block-size: 100%; max-inline-size: none; max-block-size: none; border-radius: 0; } }
@media (prefers-color-scheme: dark) { dialog { background: #0f1217; color: #a3adbe; } button:focus-visible { outline-color: #93a4ff; } }
@media (prefers-reduced-motion: no-preference) {
  dialog { animation: up 0.2s ease-out; } iframe { transition: opacity 0.15s; } @keyframes up { from { opacity: 0; transform: translateY(12px); } } }
@media (forced-colors: active) { dialog { border: 1px solid; } }`

  /** Closes the dialog that is open. @type {() => void} */
  let closeOpen = () => undefined

  /**
   * Opens the payer's page `url` in a dialog, or goes to it where that cannot be. Without `onComplete`, a dialog that closes after the
   * payment leads to the session's `successUrl`. What is told here is for the eye alone: goods are sent for a webhook.
   * @param {string | URL} url @param {OpenOptions} [options] @returns {{ close: () => void }}
   */
  function open(url, { onComplete, onClose } = {}) {
    const page = new URL(url, location.href)
    if (webUrl(page.href) === null) throw new TypeError('Bitstream.open takes the URL of a payment.')
    closeOpen()
    if (typeof HTMLDialogElement !== 'function' || !('adoptedStyleSheets' in document)) {
      location.assign(page)
      return { close: closeOpen }
    }
    const { host, dialog, button, frame } = build(page)
    const unlockScroll = lockScroll()
    /** @type {Closed} */
    const seen = { sessionId: null, state: null }
    /** @type {Completed | null} */
    let completed = null
    // Each page in the frame says once that it is there, and is loaded once, in either order: what a browser shows in place of a
    // page that it refused to frame is only loaded.
    let saidAhead = 0
    let timer = setTimeout(leave, READY_MS)

    function end() {
      clearTimeout(timer)
      removeEventListener('message', listen)
      dialog.removeEventListener('close', close)
      closeOpen = () => undefined
      // First, since the platform then gives the focus back.
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

  /** The dialog with `page` in a frame; nothing of it is shown yet. @param {URL} page */
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
    // The page names itself and the button in the payer's language as soon as it is there.
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

  /** Keeps the site from scrolling, and from moving while its scroll bar is gone; what it returns ends that. */
  function lockScroll() {
    const { style, clientWidth } = document.documentElement
    const { overflow, scrollbarGutter } = style
    if (innerWidth > clientWidth) style.scrollbarGutter = 'stable'
    style.overflow = 'hidden'
    return () => void Object.assign(style, { overflow, scrollbarGutter })
  }

  /** @param {unknown} url @returns {string | null} `url` if it is one of http or https */
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
