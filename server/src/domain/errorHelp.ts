import type { ErrorCode } from './errors.ts'

/** For every error code, when it comes and what to do: plain sentences for the page of error codes and docs/errors.md. */
export const ERROR_HELP: Readonly<Record<ErrorCode, string>> = {
  address_checksum:
    'A mixed-case address does not match its EIP-55 checksum, so a character is mistyped. Copy the address from the wallet again.',
  address_exists: 'This wallet is saved for this network already. Use the saved one, or change it.',
  address_forbidden:
    'Money cannot go there: the address is a token, a part of the network, or a deposit address, and nobody gets it back from it. Use a wallet that somebody holds the key to.',
  address_invalid: 'The field must be an EVM address. Send 0x and 40 hex digits.',
  address_not_saved:
    'In live mode a session may only name addresses that the organization has saved. Use a saved withdrawal address of that network, or leave the address out.',
  address_unconfirmed:
    'The refund would go to a sender of the session, or to an address that looks like one: an exchange’s wallet may keep what comes back, and an impostor will. Ask the payer for an address, and repeat it as confirmToAddress.',
  amount_invalid:
    'The amount is not a whole number at 8 decimals. Send digits as a string, without sign, point, exponent or leading zero: 12.50 is "1250000000".',
  amount_must_be_string:
    'The amount is a JSON number above 2^53−1, where JSON numbers lose digits. Send it as a string of digits.',
  amount_not_open: 'The session has no price of an open amount, so there is nothing to choose. Pay what it asks for.',
  amount_not_zero:
    'Only a session whose total is 0 is completed without a payment, after an open amount was chosen. Pay what it asks for.',
  amount_out_of_range:
    'The chosen amount is below or above what the price allows. Choose one within the bounds that the message names.',
  amount_scale:
    'A coin that the session may be paid in has too few decimals to pay this amount exactly. Round to a multiple of the smallest step that the message names.',
  amount_too_large: 'The amount, or the sum of the lines, is above 2^63−1 at 8 decimals. Ask for less.',
  amount_too_small: 'The amount is zero. The smallest is 1, which is 0.00000001.',
  api_key_ended: 'The key was revoked, or has expired. Create a new key, or roll one that is in force.',
  api_key_invalid:
    'The key has a wrong form or checksum, is unknown, or has expired; or the Authorization header is not one line of Bearer, a space and the key. Copy the whole key.',
  api_key_limit: 'The organization has as many API keys in force as it may have. Revoke one that is no longer needed.',
  api_key_missing: 'The request has no key. Send the header Authorization: Bearer sk_…',
  api_key_mode: 'A test key was sent to a live server, or a live key to a test server. Use a key of the server’s mode.',
  api_key_revoked: 'The key was revoked. Use the one that replaced it.',
  array_too_long: 'The list has more entries than allowed. The message says how many may be sent.',
  array_too_short: 'The list has fewer entries than needed. A session needs at least one line item.',
  asset_required: 'The session was paid in several coins. Make one refund for each, with its assetId.',
  body_too_large: 'The body is larger than 64 KB. Send less: fewer lines, or shorter texts and metadata.',
  chain_unavailable:
    'A network or coin cannot be relied on now, or its node cannot be reached. Choose another, or wait for Retry-After and send the same request again.',
  code_invalid:
    'The code is wrong, was used before, or is too old. Take the next one that your app shows; its clock must be right. A recovery code counts once.',
  confirmation_required:
    'What may lose money or give away rights asks who you are once more. Give your password, passkey or code again, then repeat it.',
  content_type:
    'The body must be JSON in UTF-8. Send Content-Type: application/json, without a Content-Encoding such as gzip.',
  coupon_archived:
    'An archived coupon gives no discount any more and stays so. Create a new one; its code is free again.',
  cross_site:
    'A change with the dashboard’s cookie came from another site, or without its token. Use the dashboard itself, or an API key in the Authorization header.',
  currency_unsupported:
    'No such currency, or it cannot be paid on the networks of this session. Use a lower-case symbol of the list in the message, or allow another network.',
  cursor_invalid: 'startingAfter is not the id of an object of this list. Send the id of the last object that you got.',
  customer_reference_exists:
    'Another customer of the organization has this customerReferenceId. Use that customer, or delete it first.',
  dashboard_only:
    'In live mode this is done in the dashboard by a person who signs in again, never with an API key: whoever steals a key must not be able to move money elsewhere.',
  database_unavailable:
    'The server cannot use its database right now. Wait for Retry-After and send the same request again, with the same Idempotency-Key.',
  details_missing: 'The session asks for details of the payer that were not given. Send them first, to …/details.',
  duplicate_key:
    'The JSON has one key twice in an object, or the form one field, and readers differ on which one counts. Send it once.',
  email_in_use:
    'Somebody with this e-mail address has an account here already. Ask them to invite you, or open the account for another address.',
  email_invalid: 'The field must be an e-mail address of at most 254 characters, such as ada@example.com.',
  endpoint_disabled: 'A disabled webhook endpoint gets nothing. Set isDisabled to false first.',
  endpoint_exists:
    'The organization has a webhook endpoint with this URL already. Change that one, or use another URL.',
  endpoint_limit: 'The organization has as many webhook endpoints as it may have. Delete one that is no longer needed.',
  event_type_unknown: 'No such event type. Use one of docs/webhooks.md, or "*" for all of them.',
  event_types_required: 'The endpoint would hear of nothing. Name at least one event type, or "*" for all of them.',
  expires_at_invalid: 'The time is not ISO 8601 with a zone. Send one such as 2026-01-31T12:00:00.000Z.',
  expires_at_out_of_range:
    'The time is not one at which this may end: a session ends 5 minutes to 30 days from now, a key that is replaced within 7 days. Choose a time in the range that the message names.',
  file_limit:
    'The organization keeps as many pictures as it may. Name those that are there already, or ask the operator.',
  idempotency_key_in_use:
    'Another request with this Idempotency-Key is under way. Wait for Retry-After and send the same request again: you get the answer of the first one.',
  idempotency_key_reused:
    'This Idempotency-Key was used for a request with another path or other parameters. Use a new key for a new request, and the old key only to repeat the old one.',
  image_invalid:
    'The file is no picture that we can take: the message says why. Send a PNG, JPEG or WebP of at most 5 MB and 4096 pixels a side.',
  insufficient_permissions:
    'The restricted key lacks the scope that the message names, or may not give rights that it lacks. Use a key that has them.',
  internal_error:
    'Something went wrong on the server. Send the same request again; if it stays, report the requestId to the operator, who finds it in the log.',
  invalid_character:
    'A text holds a control character, or one that changes the direction of writing and so can make a name or an amount look like another. Remove it.',
  invalid_form:
    'The form is cut off, or not one. Send multipart/form-data with its boundary, as every HTTP client does for files.',
  invalid_idempotency_key: 'Idempotency-Key must be one header of 1 to 255 printable ASCII characters.',
  invalid_json: 'The body is not one JSON document in UTF-8. The message says at which offset reading ended.',
  invalid_unicode: 'A text holds half of a surrogate pair, often from cutting an emoji in two. Send whole characters.',
  invite_closed: 'The invite was accepted or rejected. Create a new one.',
  invite_exists: 'An invite for this e-mail address is open. Send that one again, or delete it first.',
  invite_invalid:
    'The invite’s link is not valid: it was used, withdrawn, replaced by a newer one, or is older than 7 days. Ask for a new invite.',
  invite_limit: 'The organization has sent as many invites today as it may. Try again tomorrow.',
  invoice_empty: 'An invoice without lines cannot be finalized. Give it lineItems.',
  invoice_not_draft:
    'A finalized invoice is a document: only its metadata, description, clientReferenceId and visibility can be changed. Revise it with fromInvoiceId, or duplicate it.',
  invoice_not_open:
    'Its status does not allow this: only an open invoice can be sent or marked, and only an open or uncollectible one paid, voided or revised.',
  invoice_number_taken:
    'The next number of this row is on another invoice already. Raise nextInvoiceSequence, or choose another invoicePrefix.',
  json_too_complex: 'The body is nested deeper than 32 levels. Send a flatter one.',
  key_in_url:
    'A key was sent in the URL, and URLs end up in logs. Replace this key, and send the new one in the Authorization header only.',
  key_type: 'A publishable key cannot do this. Use a secret or restricted key, on your server only.',
  last_owner: 'An organization always has an owner. Make somebody else an owner first.',
  limit_invalid: 'limit must be a whole number from 1 to 200.',
  link_invalid:
    'A link of this kind counts once and for a limited time. Ask for a new one: “I forgot my password” on the page to sign in, or bitstream owner-link on the server.',
  member_exists: 'This person belongs to the organization already. Change their role instead.',
  metadata_key_reserved: 'Metadata may not have the keys __proto__, constructor and prototype. Choose another name.',
  metadata_limit:
    'Metadata has 50 keys at most, of 1 to 40 characters without square brackets, with values of 500 characters at most. Keep your own id in it, and the rest in your database.',
  metadata_value_type: 'Metadata is an object whose values are strings. Send numbers and booleans as strings.',
  method_not_allowed: 'The path exists, the method does not. The header Allow lists those that do.',
  name_invalid: 'A name is one line of 1 to 250 characters, at least one of which can be seen.',
  network_not_in_mode:
    'A main network was named on a server in test mode, which serves test networks only. Use a test network here.',
  network_required: 'The list of allowed networks is empty. Name at least one, or leave the list out.',
  network_unsupported: 'This server does not serve that network. The message lists those that it serves.',
  not_yet_available:
    'The feature is planned and not in this version. It is refused, so that nothing is silently left out: leave the field out.',
  nothing_to_refund:
    'Nothing is left that could be given back: nothing is final yet, or all of it was refunded. Wait until the payment is final, or cancel a refund that was not sent.',
  nothing_to_sweep:
    'No final money lies at the deposit addresses that were asked for, or all of it is being swept already. Wait until the payments are final; GET /api/v1/sweeps shows what is under way.',
  organization_suspended:
    'The organization is suspended: it makes no new sessions, and existing ones can still be paid. Ask who runs this server.',
  page_invalid: 'page must be a whole number from 1 to 1000000. For long lists use startingAfter.',
  parameter_invalid: 'The value is not allowed here. The message says what is.',
  parameter_missing: 'A required field is missing. Send the field that param names.',
  parameter_unknown:
    'No such field. Unknown fields are refused, so that a typing mistake is never silently ignored; the message names the nearest one that exists.',
  partner_only:
    'Only organizations that the operator has made partners open accounts for others, with a secret key. Ask the operator.',
  passkey_invalid:
    'The passkey was not accepted: the request was too old, the passkey is unknown here, or it did not check who holds it. Begin again, and use one that you added here.',
  passkey_limit: 'You have as many passkeys as one person may have. Delete one that you no longer use.',
  password_weak:
    'A password has 12 to 128 characters, is not on the list of those that are guessed first, and is neither your e-mail address nor a name. A sentence is a good one.',
  password_wrong:
    'This is not the password that you sign in with. Type it again, or set a new one with “I forgot my password”.',
  payment_in_progress:
    'The full amount was seen on chain and is being confirmed, so the session cannot be expired now. Wait until it is complete.',
  payment_not_acceptable:
    'The payment came in a coin or on a network that the session does not allow, so that it cannot count. Give it back, or keep it as swept.',
  payment_not_final: 'The payment is not final yet. Wait until it has its confirmations.',
  payment_resolved:
    'The payment was resolved in another way, or a refund of it is under way. A resolution stays; a refund that was not sent can be canceled.',
  payout_not_configured:
    'There is no withdrawal address on that network for the money to go to. Save one, or name one in the request.',
  payouts_invalid:
    'The shares cannot be swept as asked: a receiver comes twice or is not allowed, or the shares do not add up to 100 %. The message says which.',
  product_in_use:
    'A price of the product stands in a session, payment link or invoice, which must stay readable, so the product cannot be deleted. Deactivate it: no new session can use it then.',
  promotion_code_exists:
    'Another active coupon has this code; upper and lower case are the same. Use another code, or disable or archive the other coupon first.',
  promotion_code_invalid:
    'The code does not exist, has expired, was used as often as it may be, or does not fit this session; the message says which. Try another, or go on without.',
  quantity_invalid: 'A quantity is a whole number from 1 to 1000000.',
  rate_limited:
    'The organization sends more requests than this server allows. Wait for Retry-After; spread requests out.',
  rate_unavailable:
    'No two sources agree on what a currency is worth, or their rates are too old. Wait for Retry-After and send the same request again; prices in a coin need no rate.',
  recipient_missing: 'Nobody’s e-mail address is known for this payment. Ask for it at checkout, or name a customer.',
  refund_not_open:
    'The refund is in a state that does not allow this: only one that was not sent can be canceled, and one that was found on chain needs no transaction.',
  refund_too_large:
    'The refund is larger than what was received and is final, less what other refunds give back. The message says how much is left.',
  request_malformed:
    'The bytes that arrived are no HTTP/1.1 request: check the client or the proxy before this server.',
  request_timeout: 'The body did not arrive within 10 seconds. Send the request again.',
  resource_missing:
    'There is no object with this id, or it belongs to another organization. Check the id and which key you use.',
  route_unknown: 'There is no such path. The reference at /docs lists those that exist.',
  second_factor_missing:
    'Where real money moves an owner signs in with two factors. Add a passkey or an authenticator app under Settings, Security; everything else comes after that.',
  second_factor_required:
    'The password was right, and the second factor is still to come. Give a code of your authenticator app, a recovery code or your passkey.',
  session_not_incomplete:
    'Only an incomplete session can be accepted for what was received: one that has final money, and less than was asked.',
  session_not_open: 'The session is paid or has expired already, so it cannot be expired. Read it to see its status.',
  sign_in_invalid:
    'Nobody has this e-mail address with this password, or they work for no organization here. Type both again, or set a new password with “I forgot my password”.',
  signature_invalid:
    'The signature is not by the wallet that is to be proved, or what was signed counts no more. Choose that very account in the wallet, ask again, and sign within 15 minutes.',
  signed_out:
    'Nobody is signed in with this cookie, or no longer: people are signed out after 30 minutes of rest and after 12 hours. Sign in again.',
  terms_fixed:
    'A payment was seen for this session: from then on nothing that is asked for can change. Pay the rest, or make a new session.',
  too_long: 'The text has more characters than the field takes. The message says how many it takes.',
  totp_exists: 'You have an authenticator app already. Remove it first, then add the other one.',
  transaction_failed: 'The transaction is on chain and was reverted, so it moved nothing.',
  transaction_not_found:
    'The network’s nodes know no mined transaction of this hash. Check the network and the hash, or wait until it is mined.',
  transaction_not_read:
    'The transaction lies in a block that was not read and agreed on yet. Wait for Retry-After and send the same request again.',
  transaction_pays_nothing:
    'The transaction is on chain and pays no deposit address of this organization, or not the one of this session.',
  url_host_forbidden:
    'Webhooks go to public hosts only, not to private networks or to this server itself. Use a public host; an operator may allow a private one by BITSTREAM_WEBHOOK_ALLOWED_HOSTS.',
  url_https_required: 'In live mode payers are sent to https addresses only. Use https://.',
  url_invalid:
    'The field must be a whole URL such as https://shop.example/thanks, without backslashes and control characters, and for webhooks without a fragment.',
  url_port_forbidden: 'In live mode webhooks go to the ports 443 and 8443 only. Use one of them.',
  url_scheme: 'The URL must begin with https://, or in test mode with http://.',
  url_unresolvable: 'The host of the webhook URL cannot be found. Check its spelling and its DNS records.',
  url_userinfo: 'A URL must not have a user name or password before its host. Remove them.',
}
