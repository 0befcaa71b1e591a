import { Link, useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import { exampleText, TAX_TYPES, taxRateStatus } from './taxRateStatus.ts'

/** A tax rate. */
export function TaxRatePage() {
  const { id = '' } = useParams({ strict: false })
  const rate = useObject('tax_rate', id, bitstream.taxRates.get)
  return (
    <ObjectPage
      object={rate}
      list={{ path: '/tax-rates', text: 'Tax rates' }}
      title={rate.name}
      status={taxRateStatus(rate)}
      description={rate.description}
      actions={
        mayWrite('tax_rates') && (
          <>
            <Link to="/tax-rates/$id/edit" params={{ id }} className={buttonClasses()}>
              Edit
            </Link>
            {rate.isActive ? (
              <ActionButton
                text="Archive"
                run={() => bitstream.taxRates.deactivate(id)}
                done="The tax rate is archived: new carts cannot have it."
                changes={['tax_rate']}
              />
            ) : (
              <ActionButton
                text="Activate"
                look="primary"
                run={() => bitstream.taxRates.activate(id)}
                done="New carts may have the tax rate."
                changes={['tax_rate']}
              />
            )}
          </>
        )
      }
      facts={[
        ['Rate', `${rate.percentage}%`],
        ['Type', TAX_TYPES[rate.type]],
        ['Example', exampleText(`${rate.percentage}`, rate.type)],
        ['Country', rate.country],
      ]}
    />
  )
}
