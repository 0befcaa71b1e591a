import type { Customer } from '@bitstream/sdk'

/** What a customer is called: by their name, else by their company, else by their e-mail address. */
export function customerName({ name, organizationName, email }: Customer): string {
  return name ?? organizationName ?? email
}
