import { BrandMark, PayerFrame } from '../../ui/PayerFrame.tsx'

type Brand = { name: string; logo: string | null; color: string }

/** The payer's page for a brand that is not saved yet. */
export function BrandPreview(brand: Brand) {
  return (
    <PayerFrame color={brand.color} className="h-[34rem]">
      <PayerPage {...brand} />
    </PayerFrame>
  )
}

const GROUPS = ['0x5e4b', 'a837', '4389', 'e014', '11cc', 'b88a', 'fa02', '5202', 'fb0f', 'ef27']

function PayerPage({ name, logo }: Brand) {
  return (
    <main className="page" inert>
      <section className="order">
        <BrandMark name={name} logo={logo} />
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
