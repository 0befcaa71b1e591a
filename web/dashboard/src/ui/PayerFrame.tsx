import { type ReactNode, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { classes } from './classes.ts'

const FIRST_PX = 400
const MARGIN_PX = 24

type Props = {
  /** The brand's colour, #rrggbb. */
  color: string
  /** The page's markup, as the server writes it; nothing of it can be used. */
  children: ReactNode
  /** Its height, where it is not to follow what it shows. */
  className?: string
}

/**
 * A page of payers that is not there yet: an empty document of our own with the very style sheet that the server makes for payers of
 * that colour. The page itself never shows in a frame.
 */
export function PayerFrame({ color, children, className }: Props) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [page, setPage] = useState<Document | null>(null)
  const take = () => {
    const empty = frame.current?.contentDocument ?? null
    empty?.documentElement.setAttribute('lang', 'en')
    if (empty !== null) empty.title = 'The payer’s page'
    setPage(empty)
  }
  const [height, setHeight] = useState(FIRST_PX)
  useEffect(() => {
    const card = page?.querySelector('.card')
    if (!card || className !== undefined) return
    const observer = new ResizeObserver(() => setHeight(Math.ceil(card.getBoundingClientRect().bottom) + MARGIN_PX))
    observer.observe(card)
    return () => observer.disconnect()
  }, [page, className])
  // Some browsers have the empty document at once, others load it first.
  useEffect(take, [])
  return (
    <>
      <iframe
        ref={frame}
        title="The payer’s page"
        tabIndex={-1}
        onLoad={take}
        height={height}
        className={classes('w-full rounded-lg border border-line', className)}
      />
      {page !== null &&
        createPortal(<link rel="stylesheet" href={`/payment/theme/${color.slice(1)}.css`} />, page.head)}
      {page !== null && createPortal(children, page.body)}
    </>
  )
}

/** The merchant's mark at the head of a page of payers. */
export function BrandMark({ name, logo }: { name: string; logo: string | null }) {
  return (
    <p className="brand">
      {logo === null ? (
        <span className="brand-logo brand-letter" aria-hidden>
          {/[\p{L}\p{N}]/u.exec(name)?.[0]?.toUpperCase()}
        </span>
      ) : (
        <img className="brand-logo" src={logo} alt="" width={40} height={40} />
      )}
      <bdi className="brand-name">{name}</bdi>
    </p>
  )
}
