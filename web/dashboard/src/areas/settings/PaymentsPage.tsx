import { useSuspenseQuery } from '@tanstack/react-query'
import { paymentSettingQuery } from '../../data/organization.ts'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { ArrivalForm } from './ArrivalForm.tsx'
import { CoinsForm } from './CoinsForm.tsx'
import { ConfirmationsForm } from './ConfirmationsForm.tsx'
import { FeeForm } from './FeeForm.tsx'
import { Held } from './Held.tsx'
import { SweepForm } from './SweepForm.tsx'

/** How the organization is paid: in which coins, when a payment counts, what payers bear, and when money is swept. */
export function PaymentsPage() {
  const { data: setting } = useSuspenseQuery(paymentSettingQuery)
  return (
    <>
      <PageHeader
        title="Payments"
        description="What new sessions are made with. Sessions that are open keep their terms."
      />
      <div className="flex max-w-3xl flex-col gap-6">
        <Held newest={setting}>{shown => <CoinsForm setting={shown} />}</Held>
        <Held newest={setting}>{shown => <ConfirmationsForm setting={shown} />}</Held>
        <Held newest={setting}>{shown => <ArrivalForm setting={shown} />}</Held>
        <Held newest={setting}>{shown => <FeeForm setting={shown} />}</Held>
        <Held newest={setting}>{shown => <SweepForm setting={shown} />}</Held>
      </div>
    </>
  )
}
