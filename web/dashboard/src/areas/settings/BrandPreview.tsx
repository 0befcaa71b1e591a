import { useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'

type Brand = { name: string; logo: string | null; color: string }

/**
 * The payer's page for a brand that is not saved yet: an empty document of our own with the very style sheet that the server makes for
 * payers of that colour, and its markup. The page itself never shows in a frame.
 */
export function BrandPreview(brand: Brand) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [page, setPage] = useState<Document | null>(null)
  const take = () => {
    const empty = frame.current?.contentDocument ?? null
    empty?.documentElement.setAttribute('lang', 'en')
    if (empty !== null) empty.title = 'The payer’s page'
    setPage(empty)
  }
  // Some browsers have the empty document at once, others load it first.
  useEffect(take, [])
  return (
    <>
      <iframe
        ref={frame}
        title="The payer’s page"
        tabIndex={-1}
        onLoad={take}
        className="h-[34rem] w-full rounded-lg border border-line"
      />
      {page !== null &&
        createPortal(<link rel="stylesheet" href={`/payment/theme/${brand.color.slice(1)}.css`} />, page.head)}
      {page !== null && createPortal(<PayerPage {...brand} />, page.body)}
    </>
  )
}

const GROUPS = ['0x5e4b', 'a837', '4389', 'e014', '11cc', 'b88a', 'fa02', '5202', 'fb0f', 'ef27']

function PayerPage({ name, logo }: Brand) {
  return (
    <main className="page" inert>
      <section className="order">
        <p className="brand">
          <Logo name={name} logo={logo} />
          <bdi className="brand-name">{name}</bdi>
        </p>
        <h1 className="heading">
          <span className="heading-label">
            Pay <bdi>{name}</bdi>
          </span>
          <span className="heading-total">10.00 USDC</span>
        </h1>
      </section>
      <section className="card card-open">
        <div className="status">
          <h2 className="status-text">Waiting for your payment</h2>
        </div>
        <div className="pay">
          <div className="fields">
            <div className="field">
              <p className="field-label">Send exactly</p>
              <p className="field-value field-amount">10.00 USDC</p>
            </div>
            <div className="field">
              <p className="field-label">To this address</p>
              <p className="field-value">
                <code className="address">
                  {GROUPS.map(group => (
                    <span key={group}>{group}</span>
                  ))}
                </code>
              </p>
            </div>
          </div>
          <div className="actions">
            <button type="button" className="button button-first">
              Open in a wallet app
            </button>
          </div>
        </div>
      </section>
    </main>
  )
}

function Logo({ name, logo }: Omit<Brand, 'color'>) {
  if (logo !== null) return <img className="brand-logo" src={logo} alt="" width={40} height={40} />
  return (
    <span className="brand-logo brand-letter" aria-hidden>
      {/[\p{L}\p{N}]/u.exec(name)?.[0]?.toUpperCase()}
    </span>
  )
}
