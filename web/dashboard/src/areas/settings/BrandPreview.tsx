import { useState } from 'react'
import { createPortal } from 'react-dom'

type Brand = { name: string; logo: string | null; color: string }

/**
 * The payer's page for a brand that is not saved yet: an empty document of our own with the very style sheet that the server makes for
 * payers of that colour, and its markup. The page itself never shows in a frame.
 */
export function BrandPreview(brand: Brand) {
  const [page, setPage] = useState<Document | null>(null)
  return (
    <>
      <iframe
        title="The payer’s page"
        tabIndex={-1}
        onLoad={({ currentTarget }) => setPage(prepared(currentTarget.contentDocument))}
        className="h-[30rem] w-full rounded-lg border border-line"
      />
      {page !== null && createPortal(<StyleSheet color={brand.color} />, page.head)}
      {page !== null && createPortal(<PayerPage {...brand} />, page.body)}
    </>
  )
}

function prepared(page: Document | null): Document | null {
  page?.documentElement.setAttribute('lang', 'en')
  return page
}

function StyleSheet({ color }: { color: string }) {
  return <link rel="stylesheet" href={`/payment/theme/${color.slice(1)}.css`} />
}

function PayerPage({ name, logo }: Brand) {
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? ''
  return (
    <main className="page" inert>
      <section className="order">
        <p className="brand">
          {logo === null ? (
            <span className="brand-logo brand-letter" aria-hidden>
              {letter.toUpperCase()}
            </span>
          ) : (
            <img className="brand-logo" src={logo} alt="" width={40} height={40} />
          )}
          <bdi className="brand-name">{name}</bdi>
        </p>
        <h1 className="heading">
          <span className="heading-label">Pay {name}</span>
          <span className="heading-total">10.00 USDC</span>
        </h1>
      </section>
      <section className="card">
        <div className="status">
          <h2 className="status-text">Send the payment</h2>
        </div>
        <button type="button" className="button button-primary">
          Pay with a wallet
        </button>
        <p>
          <a href="#top">Show the address</a>
        </p>
      </section>
    </main>
  )
}
