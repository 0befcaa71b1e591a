const AWAY_MS = 60_000
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'] as const

let lastSign = Date.now()
for (const sign of SIGNS) {
  window.addEventListener(sign, () => (lastSign = Date.now()), { capture: true, passive: true })
}

/** Whether nobody has moved, pressed or touched anything on this page for a minute: what it reads then, it reads by itself. */
export function isUnattended(): boolean {
  return Date.now() - lastSign >= AWAY_MS
}
