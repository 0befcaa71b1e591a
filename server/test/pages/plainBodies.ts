const ADDRESS = { line1: 'Rue 1', line2: 'Rear', city: 'Paris', state: 'IDF', postalCode: '75001', country: 'FR' }
/** Facts of the merchant's own. */
export const METADATA = { order: 'seven' }
const PERSON = { name: 'Ada', email: 'ada@example.com', phone: '+33 1', organizationName: 'Works', address: ADDRESS }
const TAX_IDS = { data: [{ name: 'VAT', value: 'FR1', country: 'FR' }] }
const URL_OF = (name: string) => `https://shop.example/${name}`
const PRODUCT = { name: 'Tea', description: 'Green', unitLabel: 'cup', url: URL_OF('tea'), metadata: METADATA }
const PRICE = { currency: 'usdc', unitAmount: '10000000000' }
const FIELDS = {
  fields: [
    { key: 'size', type: 'text', label: { type: 'custom', custom: 'Size' }, optional: true },
    { key: 'count', type: 'numeric', label: { type: 'custom', custom: 'Count' }, optional: true },
    {
      ...{ key: 'colour', type: 'dropdown', label: { type: 'custom', custom: 'Colour' }, optional: true },
      dropdown: { options: [{ label: 'Red', value: 'red' }] },
    },
  ],
}
const ASKED = {
  ...{ nameCollection: true, emailCollection: true, phoneNumberCollection: true },
  ...{
    shippingAddressCollection: true,
    billingAddressCollection: true,
    allowPromotionCodes: true,
    customFields: FIELDS,
  },
  ...{ afterCompletion: 'hosted_confirmation', afterCompletionConfirmMsg: 'Thank you' },
}

/** A plain request of each operation whose texts come to a payer's page, with a text in every place that takes one. */
export const BODIES = {
  updateOrganization: {
    ...{ name: 'Shop', noOfEmployees: '3', monthlyPaymentVolume: 'little', phone: '+33 1', addressDetails: ADDRESS },
    ...{
      email: 'shop@example.com',
      supportEmail: 'help@example.com',
      supportUrl: URL_OF('help'),
      termsUrl: URL_OF('terms'),
    },
    ...{ privacyUrl: URL_OF('privacy'), websiteUrl: URL_OF('web'), embedOrigins: ['https://shop.example'] },
    ...{ companyIdentificationNumber: 'HRB 1', taxIdentificationNumber: 'DE1' },
  },
  updateInvoiceSetting: { description: 'Thank you', footer: 'Bank' },
  createTaxRate: { name: 'VAT', description: 'Tax', country: 'DE', percentage: 19, metadata: METADATA },
  createCoupon: {
    ...{ name: 'Spring', percentOff: 10, metadata: METADATA },
    promotionCodeData: { data: [{ code: 'SPRING', metadata: METADATA }] },
  },
  createCustomer: {
    ...PERSON,
    ...{ shipping: PERSON, taxIds: TAX_IDS, metadata: METADATA, customerReferenceId: 'ref' },
  },
  createCheckoutSession: {
    ...ASKED,
    ...{ successUrl: URL_OF('ok'), cancelUrl: URL_OF('cart'), clientReferenceId: 'ref', metadata: METADATA },
    defaultPromotionCode: 'SPRING',
    customerData: { ...PERSON, taxIds: TAX_IDS },
    lineItems: { data: [{ quantity: 2, priceData: { ...PRICE, productData: PRODUCT } }] },
  },
  setPayersDetails: {
    ...{
      name: 'Ada',
      email: 'ada@example.com',
      phone: '+33 1',
      customFields: { size: 'L', count: '5', colour: 'red' },
    },
    ...{ shippingDetails: PERSON, billingDetails: PERSON },
  },
  createPaymentLink: {
    ...ASKED,
    ...{
      type: 'multiple',
      title: 'Workshop',
      description: 'Two hours',
      currency: 'usdc',
      tags: ['tag'],
      submitType: 'pay',
    },
    ...{ afterCompletion: 'redirect', afterCompletionRedirectUrl: URL_OF('thanks') },
  },
  createInvoice: {
    ...{ description: 'Hello', footer: 'Bye', clientReferenceId: 'ref', metadata: METADATA },
    customFields: { fields: [{ name: 'Order', value: '17' }] },
    lineItems: { data: [{ quantity: 2, priceData: { ...PRICE, productData: PRODUCT } }] },
  },
} satisfies Record<string, object>
