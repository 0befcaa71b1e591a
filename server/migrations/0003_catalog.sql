-- What is sold, to whom, and how it is asked for: prices of open amounts, customers, discounts, taxes, payment links and invoices; and who
-- works for an organization. Percentages are whole parts per million: 19 % is 190000.
create domain ppm as int check (value between 0 and 1000000);

-- Organizations: who they are, what payers see, how they are paid and how invoices are numbered.
alter table organizations
  add column status text not null default 'active' check (status in ('pending', 'active', 'suspended')),
  add column kind text not null default 'business' check (kind in ('individual', 'business')),
  add column owner_id uuid,
  add column no_of_employees text not null default '',
  add column monthly_payment_volume text not null default '',
  add column email text,
  add column support_email text,
  add column phone text,
  add column address json,
  add column brand_logo uuid,
  add column brand_color text not null default '#1f6feb' check (brand_color ~ '^#[0-9a-f]{6}$'),
  add column support_url text,
  add column terms_url text,
  add column privacy_url text,
  add column website_url text,
  -- The merchant's sites that may show the payer's page in a frame, as exact origins.
  add column embed_origins text[] not null default '{}' check (cardinality(embed_origins) <= 20),
  -- Whether it may open accounts for others, set by the operator; and who opened this one.
  add column is_partner boolean not null default false,
  add column referrer_id uuid references organizations,
  add column company_identification_number text,
  add column tax_identification_number text,
  -- Payment setting: null chains are all those with a withdrawal address.
  add column allowed_chains json,
  add column preferred_chain_id bigint,
  add column preferred_currency text,
  add column allow_swap boolean not null default false,
  add column apply_fee boolean not null default false,
  add column fee_ppm ppm not null default 0,
  add column apply_gas_fee boolean not null default false,
  add column allow_split_payments boolean not null default false,
  add column slippage_ppm ppm not null default 100000,
  -- Invoice setting.
  add column numbering_scheme text not null default 'customer_level' check (numbering_scheme in ('merchant_level', 'customer_level')),
  add column invoice_prefix text not null default 'INV' check (invoice_prefix ~ '^[A-Z0-9]{1,12}$'),
  add column next_invoice_sequence int not null default 1 check (next_invoice_sequence > 0),
  add column invoice_description text,
  add column invoice_footer text;

create index organizations_referrer on organizations (referrer_id, id) where referrer_id is not null;
create index organizations_owner on organizations (owner_id) where referrer_id is not null;

drop trigger settings_version on organizations;
create trigger settings_version before update on organizations for each row
  when ((old.name, old.tolerance_bps, old.allowed_currencies, old.preferred_chain_id, old.preferred_currency, old.apply_fee, old.fee_ppm,
         old.status, old.allowed_chains::text)
    is distinct from (new.name, new.tolerance_bps, new.allowed_currencies, new.preferred_chain_id, new.preferred_currency, new.apply_fee, new.fee_ppm,
         new.status, new.allowed_chains::text))
  execute function raise_settings_version();

-- People. A user may belong to several organizations.
create table users (
  id uuid primary key,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  email text not null check (email = lower(email)),
  first_name text not null,
  last_name text not null,
  profile_picture text,
  phone text,
  position text,
  status text not null check (status in ('pending', 'active', 'suspended')),
  flags json not null default '{}'
);
create unique index users_email on users (email);

create table members (
  organization_id uuid not null references organizations,
  user_id uuid not null references users,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  role text not null check (role in ('owner', 'admin', 'developer', 'support', 'viewer')),
  primary key (organization_id, user_id)
);
create index members_user on members (user_id);

create table invites (
  organization_id uuid not null references organizations,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  email text not null check (email = lower(email)),
  role text not null check (role in ('owner', 'admin', 'developer', 'support', 'viewer')),
  -- SHA-256 of what the invite's link carries.
  token_hash hash32 not null unique,
  status text not null check (status in ('pending', 'accepted', 'rejected')),
  expire_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (organization_id, id)
);
create unique index invites_open on invites (organization_id, email) where status = 'pending' and deleted_at is null;

alter table api_keys
  add column user_id uuid references users,
  add column last_used_at timestamptz(3);
create index api_keys_organization on api_keys (organization_id, id);

-- Images, decoded and encoded anew; served from our own origin.
create table files (
  organization_id uuid not null references organizations,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  kind text not null check (kind in ('brand_logo', 'product_image', 'payment_link_image', 'profile_picture')),
  content_type text not null check (content_type in ('image/png', 'image/jpeg', 'image/webp')),
  bytes bytea not null check (octet_length(bytes) <= 2097152),
  -- The address that it was fetched from; null for an upload.
  source_url text,
  primary key (organization_id, id)
);

-- Pictures of others that a product or link names: fetched once by a job, or refused with a reason. Neither file nor reason: not yet.
create table image_fetches (
  organization_id uuid not null references organizations,
  url text not null,
  fetched_at timestamptz(3),
  file_id uuid,
  error text,
  primary key (organization_id, url),
  check (num_nonnulls(file_id, error) = num_nonnulls(fetched_at))
);

-- Products and prices

-- Lists are read newest first, each from an index in which the ids follow what it may be narrowed by: a page costs the same whatever there
-- is beside it. Where several columns do, a list that leaves some of them open is read for each of their few values and merged.
alter table products add column deleted_at timestamptz(3);
create index products_state on products (organization_id, visibility, is_active, id) where deleted_at is null;
create index products_url on products (organization_id, url, id) where url is not null and deleted_at is null;
alter table prices
  -- With its product.
  add column deleted_at timestamptz(3),
  add column nickname text,
  -- Without a unit amount the payer chooses one within these bounds.
  add column custom_unit_min amount8,
  add column custom_unit_max amount8,
  add column custom_preset amount8,
  add column custom_suggestions bigint[],
  -- Whether a publishable key may make sessions from it.
  add column is_public boolean not null default false,
  add constraint prices_custom check (unit_amount is not null or custom_unit_min is null or custom_unit_max is null or custom_unit_min <= custom_unit_max);
alter table prices alter column is_public drop default;
create index prices_product on prices (organization_id, product_id, id);
create index prices_state on prices (organization_id, type, visibility, is_active, id) where deleted_at is null;
-- Which products have such a price. Nearly all prices are paid once: they are not looked for.
create index prices_currency on prices (organization_id, currency, product_id);
create index prices_type on prices (organization_id, type, product_id) where type <> 'one_time';
create index prices_interval on prices (organization_id, interval, product_id) where interval is not null;
create index prices_interval_count on prices (organization_id, interval_count, product_id) where interval_count is not null;

-- Customers

create table customers (
  organization_id uuid not null references organizations,
  id uuid not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  email text not null,
  -- By which it is found in whatever case: row-level security keeps `lower` of a caller's filter out of every index.
  email_key text not null generated always as (lower(email)) stored,
  name text,
  phone text,
  organization_name text,
  address json,
  shipping json,
  customer_reference_id text,
  -- What its invoices are numbered with.
  customer_number text not null check (customer_number ~ '^[A-Z0-9]{8}$'),
  next_invoice_sequence int not null default 1 check (next_invoice_sequence > 0),
  metadata json,
  visibility smallint not null check (visibility in (10, 20)),
  deleted_at timestamptz(3),
  primary key (organization_id, id),
  unique (organization_id, customer_number)
);
create index customers_state on customers (organization_id, visibility, id) where deleted_at is null;
create index customers_email on customers (organization_id, email_key, id) where deleted_at is null;
create unique index customers_reference on customers (organization_id, customer_reference_id) where customer_reference_id is not null and deleted_at is null;

create table tax_ids (
  organization_id uuid not null,
  id uuid not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  customer_id uuid not null,
  name text,
  value text,
  country text,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers
);
create index tax_ids_customer on tax_ids (organization_id, customer_id);

-- Taxes and discounts

create table tax_rates (
  organization_id uuid not null references organizations,
  id uuid not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  name text not null,
  description text,
  country text,
  rate_ppm ppm not null,
  type text not null check (type in ('exclusive', 'inclusive')),
  is_active boolean not null,
  metadata json,
  primary key (organization_id, id)
);
create index tax_rates_state on tax_rates (organization_id, is_active, id);

create table coupons (
  organization_id uuid not null references organizations,
  id uuid not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  name text not null,
  percent_ppm ppm,
  amount_off amount8,
  currency text,
  max_redemptions int check (max_redemptions > 0),
  max_redemptions_per_customer int check (max_redemptions_per_customer > 0),
  redeem_by timestamptz(3),
  metadata json,
  is_enabled boolean not null,
  archived_at timestamptz(3),
  is_archived boolean not null generated always as (archived_at is not null) stored,
  primary key (organization_id, id),
  check ((percent_ppm is null) <> (amount_off is null)),
  check ((amount_off is null) = (currency is null))
);
create index coupons_state on coupons (organization_id, is_archived, is_enabled, id);

create table promotion_codes (
  organization_id uuid not null,
  id uuid not null,
  created_at timestamptz(3) not null,
  coupon_id uuid not null,
  code text not null check (length(code) between 2 and 20),
  code_key text not null generated always as (lower(code)) stored,
  -- False with its coupon: disabled or archived. A code is of one active coupon at a time, whatever its case.
  is_active boolean not null,
  expired_at timestamptz(3),
  max_redemptions int check (max_redemptions > 0),
  metadata json,
  primary key (organization_id, id),
  foreign key (organization_id, coupon_id) references coupons
);
create unique index promotion_codes_code on promotion_codes (organization_id, code_key) where is_active;
create index promotion_codes_key on promotion_codes (organization_id, code_key);
create index promotion_codes_coupon on promotion_codes (organization_id, coupon_id);

-- Sessions: what was taken off and put on. `amount_subtotal - amount_discount + amount_tax + amount_fee = amount_total`; tax that a price
-- includes already is in its lines' `taxes` only.
alter table checkout_sessions
  add column amount_discount amount8 not null default 0,
  add column amount_tax amount8 not null default 0,
  add column amount_fee amount8 not null default 0,
  -- The surcharge that the payer bears; null where there is none.
  add column fee_ppm ppm,
  -- The one coupon in force, as it was when it was applied; its code when it was given by code.
  add column coupon_id uuid,
  add column promotion_code_id uuid,
  add column discount json,
  -- For limits per customer: the customer's id, else the payer's e-mail address in lower case.
  add column redeemed_by text,
  add constraint checkout_sessions_sum check (amount_subtotal - amount_discount + amount_tax + amount_fee = amount_total);
alter table checkout_sessions alter column amount_discount drop default, alter column amount_tax drop default, alter column amount_fee drop default;
create index checkout_sessions_coupon on checkout_sessions (organization_id, coupon_id, id) where coupon_id is not null;
-- Redemptions are counted from this index alone.
create index checkout_sessions_redeemed on checkout_sessions (organization_id, coupon_id) include (promotion_code_id, redeemed_by, id) where coupon_id is not null and status <> 'expired';
create index checkout_sessions_customer on checkout_sessions (organization_id, customer_id, id) where customer_id is not null;
create index checkout_sessions_link on checkout_sessions (organization_id, payment_link_id, id) where payment_link_id is not null;
create index checkout_sessions_invoice on checkout_sessions (organization_id, invoice_id, id) where invoice_id is not null;
create index checkout_sessions_subscription on checkout_sessions (organization_id, subscription_id, id) where subscription_id is not null;
create index checkout_sessions_subscribing on checkout_sessions (organization_id, id) where mode = 'subscription';
create index checkout_sessions_status on checkout_sessions (organization_id, status, id);

alter table line_items
  -- What the payer chose for an open price; null where the price has an amount.
  add column unit_amount amount8,
  add column period_start timestamptz(3),
  add column period_end timestamptz(3),
  add column amount_discount amount8 not null default 0,
  add column amount_tax amount8 not null default 0,
  -- The rates in force for this line as they were, each with its amount.
  add column taxes json not null default '[]';
-- Whether a price was ever used.
create index line_items_price on line_items (organization_id, price_id);
alter table line_items alter column amount_discount drop default, alter column amount_tax drop default, alter column taxes drop default;

alter table payment_intents
  add column description text,
  add column mark_refunded_at timestamptz(3),
  add column mark_refunded_comment text;
-- Payment intents are listed in the order of their sessions, which are made in the same moment.
create index payment_intents_status on payment_intents (organization_id, status, checkout_session_id);

-- One address of a session is shown to payers; fallbacks are told apart by themselves.
drop index deposit_addresses_shown, deposit_addresses_session;
create unique index deposit_addresses_session on deposit_addresses (checkout_session_id, (case when is_fallback then address else ''::bytea end));

create table payment_receipts (
  organization_id uuid not null,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  payment_intent_id uuid not null,
  name text,
  receipt_number text not null,
  primary key (organization_id, id),
  unique (organization_id, payment_intent_id),
  unique (organization_id, receipt_number),
  foreign key (organization_id, payment_intent_id) references payment_intents
);

-- A page of the merchant's that makes a session for everyone who comes, or for one payment alone.
create table payment_links (
  organization_id uuid not null references organizations,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  type text not null check (type in ('one_time', 'multiple')),
  price_id uuid not null,
  title text not null,
  description text,
  image text,
  tags text[] not null,
  is_active boolean not null,
  -- Currencies, collection switches, custom fields, suggestions, what comes after payment.
  options json not null,
  deleted_at timestamptz(3),
  primary key (organization_id, id),
  foreign key (organization_id, price_id) references prices
);
create index payment_links_state on payment_links (organization_id, is_active, id) where deleted_at is null;

create table invoices (
  organization_id uuid not null references organizations,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  customer_id uuid not null,
  -- The customer as it was when the draft was last written, and from then on; and who issued it, from when it was finalized.
  customer json not null,
  issuer json,
  subscription_id uuid,
  status text not null check (status in ('draft', 'open', 'paid', 'void', 'uncollectible')),
  currency text,
  amount_subtotal amount8 not null,
  amount_tax amount8 not null,
  amount_total amount8 not null,
  description text,
  footer text,
  custom_fields json,
  payment_setting json,
  tax_rate_ids uuid[] not null,
  metadata json,
  client_reference_id text,
  visibility smallint not null check (visibility in (10, 20)),
  allow_promotion_codes boolean not null,
  due_date timestamptz(3),
  from_invoice_id uuid,
  latest_revision_id uuid,
  -- Given when it is finalized, and never again to another.
  invoice_number text,
  finalize_schedule_at timestamptz(3),
  cc text[] not null,
  finalized_at timestamptz(3),
  sent_at timestamptz(3),
  paid_at timestamptz(3),
  paid_out_of_band boolean not null,
  voided_at timestamptz(3),
  marked_uncollectible_at timestamptz(3),
  -- When its being overdue was told.
  overdue_at timestamptz(3),
  -- The session that pays it, or paid it.
  checkout_session_id uuid,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  check ((status = 'draft') = (invoice_number is null)),
  check ((status = 'draft') = (finalized_at is null)),
  check ((status = 'draft') = (issuer is null)),
  check ((status = 'paid') = (paid_at is not null)),
  check (amount_subtotal + amount_tax = amount_total)
);
create unique index invoices_number on invoices (organization_id, invoice_number);
create index invoices_customer on invoices (organization_id, customer_id, id);
create index invoices_status on invoices (organization_id, status, id);
create index invoices_subscription on invoices (organization_id, subscription_id, id) where subscription_id is not null;
create index invoices_due_date on invoices (organization_id, due_date, id) where due_date is not null;
create index invoices_dated on invoices (organization_id, id) where due_date is not null;
create index invoices_undated on invoices (organization_id, id) where due_date is null;
create index invoices_scheduled on invoices (finalize_schedule_at) where status = 'draft' and finalize_schedule_at is not null;
create index invoices_overdue on invoices (due_date) where status = 'open' and overdue_at is null and due_date is not null;

create table invoice_items (
  organization_id uuid not null,
  invoice_id uuid not null,
  position smallint not null check (position between 0 and 99),
  price_id uuid not null,
  quantity int not null check (quantity between 1 and 1000000),
  description text,
  period_start timestamptz(3),
  period_end timestamptz(3),
  -- Its own tax rates; null where the invoice's are in force.
  tax_rate_ids uuid[],
  amount_subtotal amount8 not null,
  amount_tax amount8 not null,
  amount_total amount8 not null,
  taxes json not null,
  primary key (organization_id, invoice_id, position),
  foreign key (organization_id, invoice_id) references invoices,
  foreign key (organization_id, price_id) references prices
);

-- The outbox of e-mail: written with the change that it tells of, sent by a job.
create table emails (
  organization_id uuid not null references organizations,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  kind text not null,
  recipient text not null,
  cc text[] not null,
  reply_to text,
  subject text not null,
  text text not null,
  html text not null,
  -- `{name, contentType, content: base64}` each.
  attachments json not null,
  sent_at timestamptz(3),
  error text,
  primary key (organization_id, id)
);
create index emails_age on emails (created_at);

-- When an endpoint's owner was last told that it fails.
alter table webhook_endpoints add column failing_told_at timestamptz(3);

-- Deliveries that are sent anew: the waits between their attempts count from there.
alter table deliveries add column resent_after int not null default 0 check (resent_after between 0 and attempts);
drop index deliveries_endpoint;
create index deliveries_endpoint on deliveries (organization_id, webhook_endpoint_id, status, id);
create index deliveries_untold on deliveries (organization_id, event_id) where status <> 'succeeded';
create index events_type on events (organization_id, type, id);

-- What moved an organization's money, newest first. What is repeated was first seen before its id was made, in another block or in doubt.
alter table transfers add column is_repeated boolean not null default false;
alter table transfers alter column is_repeated drop default;
create index transfers_organization on transfers (organization_id, id) where orphaned_at is null;
create index transfers_repeated on transfers (organization_id, id) where orphaned_at is null and is_repeated;
create index sweep_facts_organization on sweep_facts (organization_id, id) where orphaned_at is null and kind = 'out' and other is not null;
drop index transfers_session, sweep_facts_session, refunds_session;
create index transfers_session on transfers (checkout_session_id, id);
create index sweep_facts_session on sweep_facts (checkout_session_id, id);
create index refunds_session on refunds (checkout_session_id, id);
create index refunds_status on refunds (organization_id, status, id);
create index sweeps_status on sweeps (organization_id, status, id);
create index sweeps_chain on sweeps (organization_id, chain_id, id);
-- Unmatched payments that a person made count.
create index decisions_accepted on decisions (organization_id, transfer_id) where kind = 'accept_transfer';

do $$
declare name text;
begin
  foreach name in array array['members', 'invites', 'files', 'image_fetches', 'customers', 'tax_ids', 'tax_rates', 'coupons', 'promotion_codes',
    'payment_receipts', 'payment_links', 'invoices', 'invoice_items', 'emails']
  loop
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create policy tenant on %I to bitstream_app using (organization_id = current_organization()) with check (organization_id = current_organization())', name);
    execute format('create policy everyone on %I to bitstream_worker using (true) with check (true)', name);
    execute format('create policy owner on %I to current_user using (true) with check (true)', name);
    execute format('grant select, insert, update on %I to bitstream_app, bitstream_worker', name);
  end loop;
end $$;
-- An organization sees those who belong to it, and adds whoever is new; nobody is an organization's to change, since they may work for others.
alter table users enable row level security, force row level security;
create policy tenant on users for select to bitstream_app using (exists (select from members m where m.user_id = id and m.organization_id = current_organization()));
create policy newcomer on users for insert to bitstream_app with check (true);
create policy everyone on users to bitstream_worker using (true) with check (true);
create policy owner on users to current_user using (true) with check (true);
grant select, insert on users to bitstream_app, bitstream_worker;
grant delete on members, tax_ids, invoices, invoice_items to bitstream_app, bitstream_worker;
grant delete on files, emails to bitstream_worker;
grant insert, update, delete on withdrawal_addresses to bitstream_app;
grant insert, update on api_keys to bitstream_app;
-- A partner opens accounts. Who is a partner, and who may work, is for the operator alone to say.
do $$
declare
  settings text := (select string_agg(quote_ident(column_name), ', ') from information_schema.columns
    where table_schema = 'public' and table_name = 'organizations' and column_name not in ('id', 'created_at', 'referrer_id', 'is_partner', 'status'));
begin
  execute format('grant insert (id, created_at, referrer_id, %1$s), update (%1$s) on organizations to bitstream_app', settings);
end $$;
grant update on line_items, session_assets to bitstream_app;
grant insert, delete on session_assets to bitstream_app;
grant update (coin_chains) on deposit_addresses to bitstream_app;
grant update on api_keys to bitstream_worker;

drop function find_api_key(bytea);
create function find_api_key(key_hash bytea) returns table (
  id uuid, organization_id uuid, user_id uuid, type text, scopes text[], expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz,
  organization_name text, organization_status text, settings_version bigint, tolerance_bps int, allowed_currencies text[], allowed_chains json,
  preferred_chain_id bigint, preferred_currency text, fee_ppm int, withdrawal_addresses jsonb
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select k.id, k.organization_id, k.user_id, k.type, k.scopes, k.expires_at, k.revoked_at, k.last_used_at, o.name, o.status, o.settings_version,
    o.tolerance_bps, o.allowed_currencies, o.allowed_chains, o.preferred_chain_id, o.preferred_currency, case when o.apply_fee then o.fee_ppm end,
    (select coalesce(jsonb_agg(jsonb_build_object('chainId', w.chain_id, 'address', '0x' || encode(w.address, 'hex'), 'isDefault', w.is_default)
       order by w.chain_id, w.is_default desc, w.id), '[]') from withdrawal_addresses w where w.organization_id = o.id)
  from api_keys k join organizations o on o.id = k.organization_id where k.hash = key_hash
$$;

-- The terms stay as they were from the first transfer on; until then a session that is priced anew gets other rows.
create or replace function refuse_new_terms() returns trigger language plpgsql as $$
begin
  if exists (select from transfers where checkout_session_id = old.checkout_session_id) then
    raise exception 'terms of a session that has received a transfer cannot change' using errcode = 'check_violation', constraint = 'terms_fixed';
  end if;
  return coalesce(new, old);
end $$;

-- Whose page it is that a payer's URL names.
create function organization_of_link(link_id uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select organization_id from payment_links where id = link_id and deleted_at is null
$$;
create function organization_of_invoice(invoice_id uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select organization_id from invoices where id = invoice_id
$$;
create function organization_of_receipt(receipt_id uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select organization_id from payment_receipts where id = receipt_id
$$;
create function public_file(file_id uuid) returns table (content_type text, bytes bytea)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select f.content_type, f.bytes from files f where f.id = file_id
$$;
-- The person with this e-mail address, in whatever organization.
create function find_user(user_email text) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select id from users where email = user_email
$$;
do $$
declare name text;
begin
  foreach name in array array['find_api_key(bytea)', 'find_user(text)', 'organization_of_session(uuid)', 'organization_of_link(uuid)', 'organization_of_invoice(uuid)',
    'organization_of_receipt(uuid)', 'public_file(uuid)']
  loop
    execute format('revoke all on function %s from public', name);
    execute format('grant execute on function %s to bitstream_app, bitstream_worker', name);
  end loop;
end $$;

-- A list that is merged from several parts is planned before the values of each part are known: as if each had its share of the rows. Where
-- nearly all rows have one value, a sample finds no other, and a part seems to have all of them: as near by the primary key as by an index
-- of its own.
alter table products alter visibility set (n_distinct = 2), alter is_active set (n_distinct = 2);
alter table prices alter type set (n_distinct = 3), alter visibility set (n_distinct = 2), alter is_active set (n_distinct = 2);
alter table customers alter visibility set (n_distinct = 2);
alter table coupons alter is_archived set (n_distinct = 2), alter is_enabled set (n_distinct = 2);
alter table payment_links alter is_active set (n_distinct = 2);
alter table checkout_sessions alter status set (n_distinct = 4);
alter table deliveries alter status set (n_distinct = 3);
