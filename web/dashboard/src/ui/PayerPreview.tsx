import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { organizationQuery } from '../data/organization.ts'
import { BrandMark, PayerFrame } from './PayerFrame.tsx'

type Props = {
  /** What it is for. */
  title: string
  /** The sum as payers read it; null while they are to choose it. */
  total: string | null
  description?: string | null
  image?: string | null
  button: string
  /** What stands between the description and the button, with the classes of the payer's page. */
  children?: ReactNode
}

/** The page that payers open a link at, with the merchant's brand: what it is for, the sum, and the one button. */
export function PayerPreview({ title, total, description, image, button, children }: Props) {
  const { data: organization } = useQuery(organizationQuery)
  if (organization === undefined) return null
  const { name, brandLogo, brandColor } = organization
  return (
    <PayerFrame color={brandColor}>
      <main className="page page-single" inert>
        <section className="card card-open">
          <BrandMark name={name} logo={brandLogo} />
          {image ? <img className="link-image" src={image} alt="" /> : null}
          <h1 className="heading">
            <span className="link-title">
              <bdi>{title === '' ? '…' : title}</bdi>
            </span>
            {total !== null && <span className="heading-total">{total}</span>}
          </h1>
          {description ? <p className="lead link-description">{description}</p> : null}
          {children}
          <div className="form link-form">
            <span className="button button-first">{button}</span>
          </div>
          <p className="form-hint">You choose how to pay on the next page. Nothing is charged yet.</p>
        </section>
      </main>
    </PayerFrame>
  )
}
