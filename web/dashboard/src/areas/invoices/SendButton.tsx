import { BitstreamError, type Invoice } from '@bitstream/sdk'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { refresh } from '../../data/queryClient.ts'
import { useForm } from '../../data/useForm.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FormEnd } from '../../ui/FormEnd.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'
import { toast } from '../../ui/Toasts.tsx'

/** Sends the invoice after asking who gets a copy and, of a draft, when. */
export function SendButton({ invoice }: { invoice: Invoice }) {
  const [isOpen, setOpen] = useState(false)
  const isDraft = invoice.status === 'draft'
  return (
    <>
      <Button look={isDraft ? 'primary' : 'plain'} onClick={() => setOpen(true)}>
        {verbOf(invoice)}
      </Button>
      {isOpen && <SendDialog invoice={invoice} onClose={() => setOpen(false)} />}
    </>
  )
}

function verbOf({ status, sentAt }: Invoice): string {
  if (status === 'draft') return 'Finalize and send'
  return sentAt === null ? 'Send' : 'Send again'
}

function SendDialog({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const [isLater, setLater] = useState(false)
  const isDraft = invoice.status === 'draft'
  const to = invoice.customer?.email ?? 'the customer'
  const { form, isBusy, errorOf, error } = useForm(async ({ cc = '', finalizeScheduleAt }) => {
    if (isLater && !finalizeScheduleAt) {
      const message = 'Choose a day and a time.'
      throw new BitstreamError({ code: 'parameter_missing', message, param: 'finalizeScheduleAt' })
    }
    const copies = cc.split(/[\s,;]+/).filter(each => each !== '')
    await bitstream.invoices.send(invoice.id, {
      // Whoever got copies before gets none where none are named.
      cc: copies,
      ...(isLater && finalizeScheduleAt && { finalizeScheduleAt: new Date(finalizeScheduleAt).toISOString() }),
    })
    onClose()
    toast(isLater ? 'The draft waits until then.' : `The invoice is on its way to ${to}.`)
    await refresh('invoice')
  })
  const verb = isLater ? 'Schedule' : verbOf(invoice)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`${verb}?`}
      description={`${isDraft ? 'The invoice gets its number, which makes it final, and' : 'The invoice'} is sent to ${to}, with a link to its page and to the PDF.`}
    >
      <form {...form} className="flex flex-col gap-4">
        <TextAreaField
          label="Copies to (optional)"
          hint="E-mail addresses, up to 10, one in each line."
          name="cc"
          rows={2}
          error={errorOf('cc')}
        />
        {isDraft && (
          <div className="grid items-start gap-3 sm:grid-cols-2">
            <SelectField
              label="When"
              name="when"
              value={isLater ? 'later' : 'now'}
              onChange={({ target }) => setLater(target.value === 'later')}
              choices={[
                ['now', 'Now'],
                ['later', 'Later'],
              ]}
            />
            {isLater && (
              <TextField
                label="Day and time"
                type="datetime-local"
                name="finalizeScheduleAt"
                error={errorOf('finalizeScheduleAt')}
              />
            )}
          </div>
        )}
        <FormEnd error={error} failed="It was not sent" submit={verb} isBusy={isBusy} onClose={onClose} />
      </form>
    </Dialog>
  )
}
