import type { Organization, UpdateOrganization } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { accountNow } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'
import { organizationQuery } from '../../data/organization.ts'
import { textOf } from '../../data/typed.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'
import { typedAddress } from '../customers/AddressFields.tsx'
import { Held } from './Held.tsx'
import { SettingsForm } from './SettingsForm.tsx'

const KINDS = [
  ['business', 'A business'],
  ['individual', 'A person'],
] as const

/** Who the merchant is: for payers, for invoices, and for the messages of this server. */
export function OrganizationPage() {
  const { data: organization } = useSuspenseQuery(organizationQuery)
  return (
    <>
      <PageHeader title="Organization" description="Who you are, on the payer’s page, on invoices and in e-mails." />
      <div className="flex max-w-3xl flex-col gap-6">
        <Held newest={organization}>{shown => <Details organization={shown} />}</Held>
        <Held newest={organization}>{shown => <Emails organization={shown} />}</Held>
        <Held newest={organization}>{shown => <Links organization={shown} />}</Held>
        <Held newest={organization}>{shown => <EmbedOrigins organization={shown} />}</Held>
      </div>
    </>
  )
}

type Props = { organization: Organization }

const ADDRESS = [
  ['line1', 'Street', 'address-line1'],
  ['line2', 'Street, second line', 'address-line2'],
  ['postalCode', 'Postal code', 'postal-code'],
  ['city', 'City', 'address-level2'],
  ['state', 'State or region', 'address-level1'],
  ['country', 'Country', 'country-name'],
] as const

const NUMBERS = [
  ['phone', 'Phone', { type: 'tel', autoComplete: 'tel' }],
  ['companyIdentificationNumber', 'Company number', {}],
  ['taxIdentificationNumber', 'Tax number', {}],
] as const

function Details({ organization }: Props) {
  const { name, kind, addressDetails } = organization
  const save = (fields: Record<string, string>) =>
    update({
      name: fields.name ?? '',
      kind: fields.kind === 'individual' ? 'individual' : 'business',
      phone: textOf(fields.phone),
      addressDetails: typedAddress(fields, 'addressDetails'),
      companyIdentificationNumber: textOf(fields.companyIdentificationNumber),
      taxIdentificationNumber: textOf(fields.taxIdentificationNumber),
    })
  return (
    <SettingsForm title="Details" save={save} changes="organization">
      {errorOf => (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Name"
              name="name"
              defaultValue={name}
              autoComplete="organization"
              hint="Payers see it above the amount."
              error={errorOf('name')}
            />
            <SelectField label="You are" name="kind" defaultValue={kind} choices={KINDS} error={errorOf('kind')} />
          </div>
          <fieldset className="grid min-w-0 gap-4 border-t border-line pt-4 sm:grid-cols-2">
            <legend className="sr-only">On invoices and receipts</legend>
            <p aria-hidden className="font-semibold sm:col-span-2">
              On invoices and receipts
            </p>
            {ADDRESS.map(([part, label, autoComplete]) => (
              <TextField
                key={part}
                label={label}
                name={`addressDetails.${part}`}
                defaultValue={addressDetails?.[part] ?? ''}
                autoComplete={autoComplete}
                error={errorOf(`addressDetails.${part}`)}
              />
            ))}
            {NUMBERS.map(([field, label, more]) => (
              <TextField
                key={field}
                label={label}
                name={field}
                defaultValue={organization[field] ?? ''}
                {...more}
                error={errorOf(field)}
              />
            ))}
          </fieldset>
        </>
      )}
    </SettingsForm>
  )
}

function Emails({ organization: { email, supportEmail } }: Props) {
  const isTest = accountNow().mode === 'test'
  return (
    <SettingsForm
      title="E-mails"
      intro={
        <>
          What needs you — payments that do not fit, webhooks that fail, little gas — is told by e-mail.
          {isTest && (
            <>
              {' '}
              In the test world nothing leaves the server: all of it is{' '}
              <a href="/test/inbox" className="text-accent underline">
                in the test inbox
              </a>
              .
            </>
          )}
        </>
      }
      save={fields => update({ email: textOf(fields.email), supportEmail: textOf(fields.supportEmail) })}
      changes="organization"
    >
      {errorOf => (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Where you are told"
            name="email"
            type="email"
            defaultValue={email ?? ''}
            hint="Empty: the owner’s address."
            error={errorOf('email')}
          />
          <TextField
            label="Where payers ask"
            name="supportEmail"
            type="email"
            defaultValue={supportEmail ?? ''}
            hint="On receipts and invoices."
            error={errorOf('supportEmail')}
          />
        </div>
      )}
    </SettingsForm>
  )
}

const LINKS = [
  ['websiteUrl', 'Website'],
  ['supportUrl', 'Help'],
  ['termsUrl', 'Terms'],
  ['privacyUrl', 'Privacy'],
] as const

function Links({ organization }: Props) {
  return (
    <SettingsForm
      title="Links"
      intro="Help, terms and privacy stand at the foot of the payer’s page."
      save={fields => update(Object.fromEntries(LINKS.map(([name]) => [name, textOf(fields[name])])))}
      changes="organization"
    >
      {errorOf => (
        <div className="grid gap-4 sm:grid-cols-2">
          {LINKS.map(([name, label]) => (
            <TextField
              key={name}
              label={label}
              name={name}
              type="url"
              placeholder="https://"
              defaultValue={organization[name] ?? ''}
              error={errorOf(name)}
            />
          ))}
        </div>
      )}
    </SettingsForm>
  )
}

function EmbedOrigins({ organization: { embedOrigins } }: Props) {
  const save = ({ embedOrigins: typed = '' }) =>
    update({ embedOrigins: typed.split(/\s+/).filter(origin => origin !== '') })
  return (
    <SettingsForm
      title="Sites that show the payer’s page"
      intro="Only these may show the payer’s page in a frame; on every other site it stays blank."
      save={save}
      changes="organization"
    >
      {errorOf => (
        <TextAreaField
          label="Origins, one a line"
          name="embedOrigins"
          defaultValue={embedOrigins.join('\n')}
          placeholder="https://shop.example"
          spellCheck={false}
          error={errorOf('embedOrigins')}
        />
      )}
    </SettingsForm>
  )
}

/** What is null is taken away; the types of the API name only what may be there. */
type Changes = { [Name in keyof UpdateOrganization]: UpdateOrganization[Name] | null }

function update(changes: Changes): Promise<Organization> {
  return bitstream.organization.update(changes as UpdateOrganization)
}
