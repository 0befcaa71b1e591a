import { useSuspenseQuery } from '@tanstack/react-query'
import { paymentSettingQuery } from '../../data/organization.ts'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { ArrivalForm } from './ArrivalForm.tsx'
import { CoinsForm } from './CoinsForm.tsx'
import { ConfirmationsForm } from './ConfirmationsForm.tsx'
import { FeeForm } from './FeeForm.tsx'
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
      <div key={setting.updatedAt} className="flex max-w-3xl flex-col gap-6">
        <CoinsForm setting={setting} />
        <ConfirmationsForm setting={setting} />
        <ArrivalForm setting={setting} />
        <FeeForm setting={setting} />
        <SweepForm setting={setting} />
      </div>
    </>
  )
}
