import { useSuspenseQuery } from '@tanstack/react-query'
import { type ChangeEvent, useState } from 'react'
import { accountNow } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'
import { organizationQuery } from '../../data/organization.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { classes } from '../../ui/classes.ts'
import { Field, INPUT, TextField } from '../../ui/Field.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { BrandPreview } from './BrandPreview.tsx'
import { mayChangeSettings } from './mayChangeSettings.ts'
import { SettingsForm } from './SettingsForm.tsx'

const COLOR = /^#[0-9a-f]{6}$/i

/** The logo and the colour that payers see, with how their page looks before anything is saved. */
export function BrandPage() {
  const { data: organization } = useSuspenseQuery(organizationQuery)
  const { name, brandLogo, brandColor } = organization
  const [color, setColor] = useState(brandColor)
  const [picked, setPicked] = useState<{ file: File; dataUrl: string } | null>(null)
  const pick = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0]
    if (file === undefined) return setPicked(null)
    const reader = new FileReader()
    reader.onload = () => setPicked({ file, dataUrl: String(reader.result) })
    reader.readAsDataURL(file)
  }
  const save = async (_fields: Record<string, string>, form: HTMLFormElement) => {
    await bitstream.organization.updateBrand({
      brandColor: color,
      ...(picked !== null && { brandLogo: picked.file }),
    })
    form.reset()
    setPicked(null)
  }
  return (
    <>
      <PageHeader title="Brand" description="Your logo and colour on the payer’s page, on invoices and in e-mails." />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_25rem]">
        <SettingsForm title="Logo and colour" save={save} changes="organization">
          {errorOf => (
            <>
              <Field
                label="Logo"
                hint="PNG, JPEG or WebP, at most 5 MB. It is drawn anew without what cameras write into files."
                error={errorOf('brandLogo')}
                render={tied => (
                  <input
                    {...tied}
                    type="file"
                    name="brandLogo"
                    accept="image/png,image/jpeg,image/webp"
                    onChange={pick}
                    className={classes(INPUT, 'file:me-3 file:rounded file:border-0 file:bg-hover file:px-3 file:py-1')}
                  />
                )}
              />
              <div className="flex items-start gap-3">
                <TextField
                  label="Colour"
                  name="brandColor"
                  value={color}
                  onChange={({ target }) => setColor(target.value.trim())}
                  spellCheck={false}
                  hint="The button has it as it is; text and lines become as dark or light as eyes need."
                  error={errorOf('brandColor')}
                  className="grow"
                />
                <label className="flex flex-col gap-1.5 font-medium">
                  Pick
                  <input
                    type="color"
                    value={COLOR.test(color) ? color.toLowerCase() : brandColor}
                    onChange={({ target }) => setColor(target.value)}
                    className="h-9 w-14 rounded-md border border-control bg-surface p-1 pointer-coarse:h-11"
                  />
                </label>
              </div>
            </>
          )}
        </SettingsForm>
        <section aria-labelledby="preview" className="flex flex-col gap-3">
          <h2 id="preview" className="font-semibold">
            What payers see
          </h2>
          <BrandPreview
            name={name}
            logo={picked?.dataUrl ?? brandLogo}
            color={COLOR.test(color) ? color.toLowerCase() : brandColor}
          />
          <div className="flex flex-wrap gap-2">
            {brandLogo !== null && mayChangeSettings() && (
              <ActionButton
                text="Take the logo away"
                run={() => bitstream.organization.deleteBrandLogo()}
                done="Payers see the first letter of your name"
                changes={['organization']}
                confirm="Payers see the first letter of your name in its place. Invoices and e-mails lose it, too."
              />
            )}
            {accountNow().mode === 'test' && mayChangeSettings() && <TestPage />}
          </div>
        </section>
      </div>
    </>
  )
}

/** Opens a whole page of a payer, as saved, with a checkout that is made for it. */
function TestPage() {
  const open = async () => {
    const productData = { name: 'A look at the page' }
    const session = await bitstream.checkout.sessions.create({
      successUrl: location.href,
      lineItems: { data: [{ priceData: { currency: 'usdc', unitAmount: '1000000000', productData } }] },
    })
    location.assign(session.url)
  }
  return (
    <ActionButton text="Open a whole page, as saved" run={open} done="The page opens" changes={['checkout_session']} />
  )
}
