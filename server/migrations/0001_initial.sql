-- The two roles that the server runs as (docs/decisions/0003). Roles belong to the whole cluster, so they may exist already.
do $$ begin create role bitstream_app nologin; exception when duplicate_object then null; end $$;
do $$ begin create role bitstream_worker nologin; exception when duplicate_object then null; end $$;
do $$ begin
  if not (pg_has_role('bitstream_app', 'member') and pg_has_role('bitstream_worker', 'member')) then
    execute format('grant bitstream_app, bitstream_worker to %I', current_user);
  end if;
end $$;
grant usage on schema public to bitstream_app, bitstream_worker;

-- An amount at 8 decimals, a number of base units of an asset, an EVM address and a 32-byte hash.
create domain amount8 as bigint check (value >= 0);
create domain units as numeric(78, 0) check (value >= 0 and value < 2::numeric ^ 256);
create domain evm_address as bytea check (octet_length(value) = 20);
create domain hash32 as bytea check (octet_length(value) = 32);

-- Who is calling: set for each transaction of the role bitstream_app, and empty otherwise.
create function current_organization() returns uuid language sql stable
  return nullif(current_setting('app.organization_id', true), '')::uuid;

-- Configuration that other rows refer to; written from the chain list when the server starts.

create table chains (
  id bigint primary key check (id > 0),
  data json not null
);

create table assets (
  id uuid primary key,
  chain_id bigint not null references chains,
  address evm_address not null,
  decimals int not null check (decimals between 0 and 36),
  data json not null,
  unique (chain_id, address)
);

create function refuse_new_decimals() returns trigger language plpgsql as $$
begin
  raise exception 'the decimals of asset % are fixed for ever', old.id using errcode = 'check_violation', constraint = 'decimals_fixed';
end $$;
create trigger decimals_fixed before update on assets for each row when (old.decimals <> new.decimals) execute function refuse_new_decimals();

-- Tenants

create table organizations (
  id uuid primary key,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  name text not null check (length(name) between 1 and 250),
  settings_version bigint not null default 1
);

create table api_keys (
  id uuid primary key,
  organization_id uuid not null references organizations,
  created_at timestamptz(3) not null,
  name text not null,
  type text not null check (type in ('secret', 'restricted', 'publishable')),
  scopes text[] not null,
  hash hash32 not null unique,
  last_four text not null check (length(last_four) = 4),
  expires_at timestamptz(3),
  revoked_at timestamptz(3)
);

create table withdrawal_addresses (
  id uuid primary key,
  organization_id uuid not null references organizations,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  name text not null,
  chain_id bigint not null references chains,
  address evm_address not null,
  is_default boolean not null
);
create unique index withdrawal_addresses_default on withdrawal_addresses (organization_id, chain_id) where is_default;

-- A session in flight was priced with settings that this change makes old: it notices by the version.
create function bump_settings_version() returns trigger language plpgsql as $$
begin
  update organizations set settings_version = settings_version + 1 where id = coalesce(new.organization_id, old.organization_id);
  return null;
end $$;
create trigger settings_version after insert or update or delete on withdrawal_addresses
  for each row execute function bump_settings_version();

-- Terms: what was asked for. Ids are UUIDv7, so a primary key that begins with the tenant also lists newest first.

create table products (
  organization_id uuid not null references organizations,
  id uuid not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  name text not null,
  description text,
  images text[] not null,
  unit_label text,
  url text,
  metadata json,
  is_active boolean not null,
  default_price_id uuid,
  visibility smallint not null check (visibility in (10, 20)),
  primary key (organization_id, id)
);

create table prices (
  organization_id uuid not null,
  id uuid not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  product_id uuid not null,
  currency text not null,
  type text not null check (type in ('one_time', 'recurring', 'streaming')),
  unit_amount amount8 check (unit_amount > 0),
  interval text check (interval in ('day', 'week', 'month', 'year')),
  interval_count int check (interval_count > 0),
  metadata json,
  is_active boolean not null,
  visibility smallint not null check (visibility in (10, 20)),
  primary key (organization_id, id),
  foreign key (organization_id, product_id) references products
);

create table checkout_sessions (
  organization_id uuid not null references organizations,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  mode text not null check (mode in ('payment', 'subscription')),
  currency text not null,
  amount_subtotal amount8 not null,
  amount_total amount8 not null,
  expires_at timestamptz(3) not null,
  -- What the merchant asked for and no rule reads: collection switches, custom fields, texts, customer details.
  options json not null,
  payment_setting json not null,
  success_url text not null,
  cancel_url text,
  metadata json,
  client_reference_id text,
  customer_id uuid,
  payment_link_id uuid,
  subscription_id uuid,
  invoice_id uuid,
  tolerance_bps int not null check (tolerance_bps between 0 and 10000),
  -- Derived from the facts by deriveSettlement, and recomputable at any time.
  status text not null check (status in ('open', 'complete', 'incomplete', 'expired')),
  exceptions text[] not null,
  deadline timestamptz(3) not null,
  is_closed boolean not null,
  primary key (organization_id, id)
);
create index checkout_sessions_deadline on checkout_sessions (deadline) where not is_closed;

create table line_items (
  organization_id uuid not null,
  checkout_session_id uuid not null,
  position smallint not null check (position between 0 and 99),
  price_id uuid not null,
  quantity int not null check (quantity between 1 and 1000000),
  description text,
  amount_subtotal amount8 not null,
  amount_total amount8 not null,
  primary key (organization_id, checkout_session_id, position),
  foreign key (organization_id, checkout_session_id) references checkout_sessions,
  foreign key (organization_id, price_id) references prices
);

create table payment_intents (
  organization_id uuid not null,
  id uuid not null,
  checkout_session_id uuid not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  currency text not null,
  amount amount8 not null,
  -- Derived, as the session's status.
  status text not null check (status in ('requires_payment_method', 'processing', 'succeeded', 'canceled')),
  amount_received numeric check (amount_received >= 0 and scale(amount_received) = 0),
  canceled_at timestamptz(3),
  primary key (organization_id, id),
  unique (organization_id, checkout_session_id),
  foreign key (organization_id, checkout_session_id) references checkout_sessions
);

-- One row per asset that a session may be paid in, with what is due in the asset's base units.
create table session_assets (
  organization_id uuid not null,
  checkout_session_id uuid not null,
  asset_id uuid not null references assets,
  id uuid not null,
  amount amount8 not null,
  amount_raw units not null check (amount_raw > 0),
  primary key (organization_id, checkout_session_id, asset_id),
  foreign key (organization_id, checkout_session_id) references checkout_sessions
);

-- An address commits to where its money may go: it can be rebuilt from the session's id and the payouts alone.
create table deposit_addresses (
  address evm_address primary key,
  organization_id uuid not null,
  checkout_session_id uuid not null,
  factory evm_address not null,
  init_code_hash hash32 not null,
  payouts jsonb not null,
  foreign key (organization_id, checkout_session_id) references checkout_sessions
);
create index deposit_addresses_session on deposit_addresses (checkout_session_id);

-- Facts from the chains: append-only, a reorg marks and never deletes.

create table blocks (
  chain_id bigint not null references chains,
  hash hash32 not null,
  number bigint not null check (number >= 0),
  parent_hash hash32 not null,
  time timestamptz(3) not null,
  is_canonical boolean not null,
  primary key (chain_id, hash)
);
create unique index blocks_canonical on blocks (chain_id, number) where is_canonical;

-- How far a chain has been read: moved in the transaction of the block's effects, by the holder of the fence only.
create table cursors (
  chain_id bigint primary key references chains,
  number bigint not null check (number >= 0),
  hash hash32 not null,
  time timestamptz(3) not null,
  fence bigint not null check (fence > 0)
);

create table transfers (
  id uuid primary key,
  organization_id uuid not null,
  checkout_session_id uuid not null,
  chain_id bigint not null references chains,
  asset_id uuid not null references assets,
  address evm_address not null references deposit_addresses,
  from_address evm_address,
  amount_raw units not null check (amount_raw > 0),
  tx_hash hash32,
  -- The log index, or `native:<address>`: with the block's hash, the natural key of the fact. Of those that a reorg took away several may
  -- be of one key: coin that was overlooked in one block is told with a later one, and not again once the chain comes back.
  place text not null check (place ~ '^([0-9]+|native:0x[0-9a-f]{40})$'),
  block_hash hash32 not null,
  block_number bigint not null check (block_number >= 0),
  block_time timestamptz(3) not null,
  first_seen_at timestamptz(3) not null,
  -- Marks: when the chain's policy was met, and when a reorg took the block away.
  posted_at timestamptz(3),
  orphaned_at timestamptz(3),
  -- Derived: why it does not count for its session, null while it does.
  unmatched_reason text check (unmatched_reason in ('duplicate', 'late', 'wrong_token', 'wrong_chain')),
  foreign key (organization_id, checkout_session_id) references checkout_sessions
);
create unique index transfers_live on transfers (chain_id, block_hash, place) where orphaned_at is null;
create index transfers_orphaned on transfers (chain_id, block_hash, place) where orphaned_at is not null;
create unique index transfers_live_log on transfers (chain_id, tx_hash, place)
  where orphaned_at is null and tx_hash is not null and place not like 'native:%';
create index transfers_session on transfers (checkout_session_id);
create index transfers_seen on transfers (chain_id, tx_hash);
create index transfers_pending on transfers (chain_id, block_number) where posted_at is null and orphaned_at is null;

-- What people decided, append-only.
create table decisions (
  id uuid primary key,
  organization_id uuid not null,
  checkout_session_id uuid not null,
  kind text not null check (kind in ('expire', 'accept_partial', 'accept_transfer', 'confirm_zero', 'payer_cancel')),
  created_at timestamptz(3) not null,
  transfer_id uuid references transfers,
  data jsonb not null default '{}',
  foreign key (organization_id, checkout_session_id) references checkout_sessions
);
create index decisions_session on decisions (checkout_session_id);
create unique index decisions_once on decisions (checkout_session_id, kind) where kind in ('expire', 'confirm_zero', 'payer_cancel');

-- The terms stay as they were from the first transfer on, and an address never changes.
create function refuse_new_terms() returns trigger language plpgsql as $$
begin
  if exists (select from transfers where checkout_session_id = old.checkout_session_id) then
    raise exception 'terms of a session that has received a transfer cannot change' using errcode = 'check_violation', constraint = 'terms_fixed';
  end if;
  return new;
end $$;
create trigger terms_fixed before update or delete on session_assets for each row execute function refuse_new_terms();

-- Told to others.

create table webhook_endpoints (
  organization_id uuid not null references organizations,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  description text not null,
  url text not null,
  enabled_events text[] not null check (cardinality(enabled_events) > 0),
  -- Sealed with BITSTREAM_SECRET_KEY; newest first, with the time from which an older one is no longer used.
  secret bytea not null,
  old_secret bytea,
  old_secret_expires_at timestamptz(3),
  is_disabled boolean not null,
  failing_since timestamptz(3),
  deleted_at timestamptz(3),
  primary key (organization_id, id)
);
create unique index webhook_endpoints_url on webhook_endpoints (organization_id, url) where deleted_at is null;

create table events (
  organization_id uuid not null references organizations,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  type text not null,
  object text not null,
  object_id uuid not null,
  sequence int not null check (sequence > 0),
  data json not null,
  primary key (organization_id, id),
  unique (object_id, sequence)
);

-- The number of an object's last event, which stays when old events are forgotten.
create table event_sequences (
  object_id uuid primary key,
  organization_id uuid not null references organizations,
  sequence int not null check (sequence > 0)
);

create table deliveries (
  organization_id uuid not null,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  event_id uuid not null,
  webhook_endpoint_id uuid not null,
  status text not null check (status in ('pending', 'succeeded', 'failed')),
  attempts int not null check (attempts >= 0),
  next_attempt_at timestamptz(3),
  primary key (organization_id, id),
  foreign key (organization_id, event_id) references events,
  foreign key (organization_id, webhook_endpoint_id) references webhook_endpoints
);
create index deliveries_event on deliveries (event_id);
create index deliveries_endpoint on deliveries (webhook_endpoint_id);

create table webhook_attempts (
  delivery_id uuid not null references deliveries (id) on delete cascade,
  organization_id uuid not null,
  attempt int not null check (attempt > 0),
  created_at timestamptz(3) not null,
  response_status int,
  response_body text,
  error text,
  duration_ms int not null check (duration_ms >= 0),
  primary key (delivery_id, attempt)
);

-- The stored answer of a POST that carried an Idempotency-Key; kept for a day at least.
create table idempotency_keys (
  organization_id uuid not null references organizations,
  key text not null check (length(key) between 1 and 255),
  created_at timestamptz(3) not null,
  request_hash hash32 not null,
  response text not null,
  primary key (organization_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- Row-level security: the application's role sees one organization, the worker's role and the owner of the tables see all, nobody else sees any.
do $$
declare name text;
begin
  foreach name in array array['api_keys', 'withdrawal_addresses', 'products', 'prices', 'checkout_sessions', 'line_items', 'payment_intents',
    'session_assets', 'deposit_addresses', 'transfers', 'decisions', 'webhook_endpoints', 'events', 'event_sequences', 'deliveries', 'webhook_attempts',
    'idempotency_keys']
  loop
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create policy tenant on %I to bitstream_app using (organization_id = current_organization()) with check (organization_id = current_organization())', name);
    execute format('create policy everyone on %I to bitstream_worker using (true) with check (true)', name);
    execute format('create policy owner on %I to current_user using (true) with check (true)', name);
  end loop;
end $$;
alter table organizations enable row level security, force row level security;
create policy tenant on organizations to bitstream_app using (id = current_organization()) with check (id = current_organization());
create policy everyone on organizations to bitstream_worker using (true) with check (true);
create policy owner on organizations to current_user using (true) with check (true);

grant select on all tables in schema public to bitstream_app, bitstream_worker;
grant insert on products, prices, checkout_sessions, line_items, payment_intents, session_assets, deposit_addresses, decisions,
  webhook_endpoints, events, event_sequences, deliveries, idempotency_keys to bitstream_app, bitstream_worker;
grant update on products, prices, checkout_sessions, payment_intents, webhook_endpoints, event_sequences, deliveries to bitstream_app, bitstream_worker;
grant insert, update on chains, assets to bitstream_worker;
grant insert on blocks, cursors, transfers, webhook_attempts to bitstream_worker;
grant update on cursors to bitstream_worker;
grant update (is_canonical) on blocks to bitstream_worker;
grant update (posted_at, orphaned_at, unmatched_reason) on transfers to bitstream_worker;
grant delete on idempotency_keys, blocks, events, deliveries, webhook_attempts to bitstream_worker;

-- What must be found before the organization is known. Temporary tables come last, or a caller's would stand in for ours.

create function find_api_key(key_hash bytea) returns table (
  id uuid, organization_id uuid, type text, scopes text[], expires_at timestamptz, revoked_at timestamptz,
  organization_name text, settings_version bigint, withdrawal_addresses jsonb
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select k.id, k.organization_id, k.type, k.scopes, k.expires_at, k.revoked_at, o.name, o.settings_version,
    (select coalesce(jsonb_agg(jsonb_build_object('chainId', w.chain_id, 'address', '0x' || encode(w.address, 'hex'), 'isDefault', w.is_default)
       order by w.chain_id, w.is_default desc, w.id), '[]') from withdrawal_addresses w where w.organization_id = o.id)
  from api_keys k join organizations o on o.id = k.organization_id where k.hash = key_hash
$$;

create function organization_of_session(session_id uuid) returns table (organization_id uuid, name text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select o.id, o.name from checkout_sessions s join organizations o on o.id = s.organization_id where s.id = session_id
$$;

-- Adds a job in the transaction of the change that needs it, which makes the job table the outbox.
create function enqueue(task text, payload json, queue text default null, run_at timestamptz default null) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.add_job(task, payload, queue_name => queue, run_at => enqueue.run_at, max_attempts => 25);
end $$;

-- The same for many jobs of one task, in their order, at once.
create function enqueue_all(task text, payloads json[], queues text[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.add_jobs(array(
    select row(task, payload, queue, null, 25, null, null, null)::graphile_worker.job_spec
    from unnest(payloads, queues) with ordinality as job(payload, queue, position) order by position));
end $$;

revoke all on function find_api_key(bytea), organization_of_session(uuid), enqueue(text, json, text, timestamptz),
  enqueue_all(text, json[], text[]) from public;
grant execute on function find_api_key(bytea), organization_of_session(uuid) to bitstream_app, bitstream_worker;
grant execute on function enqueue(text, json, text, timestamptz), enqueue_all(text, json[], text[]) to bitstream_app, bitstream_worker;
