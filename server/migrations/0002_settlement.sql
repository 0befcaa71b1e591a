-- What an organization decided about money: how much less than asked completes a session, how much it takes before finality (US dollars at 8
-- decimals), the coins it takes (null: all), and when its money is swept to its wallets.
alter table organizations
  add column tolerance_bps int not null default 0 check (tolerance_bps between 0 and 10000),
  add column fast_cap amount8 not null default 500000000000,
  add column allowed_currencies text[] check (cardinality(allowed_currencies) > 0),
  add column sweep_policy text not null default 'manual' check (sweep_policy in ('manual', 'now', 'worth', 'daily')),
  -- With the policy `worth`: swept once it is worth so many times the gas that it takes.
  add column sweep_worth int not null default 20 check (sweep_worth between 1 and 10000);

create function raise_settings_version() returns trigger language plpgsql as $$
begin
  new.settings_version := old.settings_version + 1;
  return new;
end $$;
create trigger settings_version before update on organizations for each row
  when ((old.name, old.tolerance_bps, old.allowed_currencies) is distinct from (new.name, new.tolerance_bps, new.allowed_currencies))
  execute function raise_settings_version();

-- Facts: the hash of the block 0 that the chain was first seen with.
alter table chains add column genesis hash32;

-- Terms: what the session is worth in US dollars at 8 decimals (null where no rate was known), and when a payment in each asset is final.
alter table checkout_sessions add column value_usd amount8;
alter table session_assets
  -- So many confirmations, or a tag of the chain's nodes.
  add column wait text not null default 'finalized' check (wait ~ '^([1-9][0-9]{0,5}|safe|finalized)$'),
  -- Who must vouch for the blocks: enough of the chain's providers, or all of them.
  add column witness text not null default 'all' check (witness in ('quorum', 'all')),
  -- The rates that the amount was locked with; null where the price is in this very coin.
  add column quote json;
alter table session_assets alter column wait drop default, alter column witness drop default;

alter table deposit_addresses
  -- Where a share goes that its receiver refused: an address of that receiver's own, which no payer is shown.
  add column is_fallback boolean not null default false,
  -- The chains whose native coin is asked for by balance, and until when.
  add column coin_chains bigint[] not null default '{}',
  add column watch_until timestamptz(3) not null default '-infinity',
  -- When all its balances are to be compared with the facts next; null for once it is watched no more.
  add column check_at timestamptz(3);
alter table deposit_addresses alter column watch_until drop default;
drop index deposit_addresses_session;
create index deposit_addresses_session on deposit_addresses (checkout_session_id);
create unique index deposit_addresses_shown on deposit_addresses (checkout_session_id) where not is_fallback;
create index deposit_addresses_coin on deposit_addresses (watch_until) where coin_chains <> '{}';
create index deposit_addresses_check on deposit_addresses (check_at, watch_until);

-- How far the blocks that were read can be relied on, as block numbers; null where nobody tells.
alter table cursors
  add column safe_number bigint,
  add column finalized_number bigint,
  -- Since when the nodes have told of that finalized block.
  add column finalized_at timestamptz(3),
  add column agreed_number bigint not null default -1,
  add column agreed_by_all_number bigint not null default -1;

-- Facts: times in which a chain stood still, told by the block that ended each.
create table halts (
  chain_id bigint not null references chains,
  block_hash hash32 not null,
  from_time timestamptz(3) not null,
  to_time timestamptz(3) not null check (to_time > from_time),
  orphaned_at timestamptz(3),
  primary key (chain_id, block_hash)
);
create index halts_live on halts (chain_id, to_time) where orphaned_at is null;

-- Coin that may have come to an address and that too few of the chain's nodes vouch for yet, and when it was first told of.
create table coin_doubts (
  chain_id bigint not null references chains,
  address evm_address not null references deposit_addresses,
  seen_at timestamptz(3) not null,
  primary key (chain_id, address)
);
create index coin_doubts_address on coin_doubts (address);

-- What is wrong with a chain now, each reason told and taken back by who looks for it; without a row nothing is.
create table chain_health (
  chain_id bigint not null references chains,
  reason text not null,
  since timestamptz(3) not null,
  primary key (chain_id, reason)
);

-- The same of an asset: one with a row is not credited and takes no new sessions.
create table asset_health (
  asset_id uuid not null references assets,
  reason text not null,
  since timestamptz(3) not null,
  primary key (asset_id, reason)
);

-- Who sent the transaction and with what nonce, and when another transaction was found in its place.
alter table transfers
  add column tx_sender evm_address,
  add column tx_nonce bigint check (tx_nonce >= 0),
  add column replaced_at timestamptz(3);
create index transfers_posted on transfers (chain_id, block_number) where posted_at is not null and orphaned_at is null;
create index transfers_lost on transfers (chain_id, orphaned_at) where orphaned_at is not null and replaced_at is null and tx_nonce is not null;
create index transfers_gone on transfers (chain_id, block_number) where orphaned_at is not null and replaced_at is null;

-- Facts: money that left a deposit address, whoever asked for it; `back` is a share that came to a fallback address instead of its receiver.
create table sweep_facts (
  id uuid primary key,
  organization_id uuid not null,
  checkout_session_id uuid not null,
  chain_id bigint not null references chains,
  asset_id uuid not null references assets,
  kind text not null check (kind in ('out', 'back')),
  address evm_address not null references deposit_addresses,
  other evm_address,
  amount_raw units not null check (amount_raw > 0),
  tx_hash hash32,
  place text not null check (place ~ '^([0-9]+|native:0x[0-9a-f]{40})$'),
  block_hash hash32 not null,
  block_number bigint not null check (block_number >= 0),
  block_time timestamptz(3) not null,
  seen_at timestamptz(3) not null,
  orphaned_at timestamptz(3),
  -- It went to somebody whom the address cannot pay, and no person has looked at it: what was paid to that address is not posted.
  is_doubted boolean not null default false,
  unique (chain_id, block_hash, place, kind),
  foreign key (organization_id, checkout_session_id) references checkout_sessions
);
create index sweep_facts_doubted on sweep_facts (asset_id) where is_doubted and orphaned_at is null;
create index sweep_facts_session on sweep_facts (checkout_session_id);
create index sweep_facts_tx on sweep_facts (chain_id, tx_hash);
create index sweep_facts_block on sweep_facts (chain_id, block_number);

-- The ledger (docs/decisions/0018): each entry moves one amount from its credit account to its debit account, so that it balances by its form.
-- A subject (a transfer, a sweep fact or a refund) has entries 1, 2, 3 …: odd ones book it, even ones reverse the one before, so that at most
-- one is live.
create table entries (
  id uuid primary key,
  organization_id uuid not null,
  checkout_session_id uuid not null,
  chain_id bigint not null references chains,
  asset_id uuid not null references assets,
  address evm_address not null references deposit_addresses,
  created_at timestamptz(3) not null,
  subject text not null check (subject in ('transfer', 'sweep', 'refund')),
  subject_id uuid not null,
  nth int not null check (nth > 0),
  debit text not null check (debit in ('deposits', 'swept', 'pending', 'posted', 'unmatched', 'refunded')),
  credit text not null check (credit in ('deposits', 'swept', 'pending', 'posted', 'unmatched', 'refunded')),
  amount_raw units not null check (amount_raw > 0),
  reverses uuid unique references entries,
  unique (subject_id, nth),
  check (debit <> credit),
  check ((nth % 2 = 0) = (reverses is not null)),
  foreign key (organization_id, checkout_session_id) references checkout_sessions
);
create index entries_session on entries (checkout_session_id);
-- Balances are summed from this index alone.
create index entries_organization on entries (organization_id, chain_id, asset_id, debit, credit) include (amount_raw);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed or deleted', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger entries_for_ever before update or delete on entries for each row execute function refuse_change();
create trigger decisions_for_ever before update or delete on decisions for each row execute function refuse_change();

create function check_reversal() returns trigger language plpgsql as $$
begin
  if not exists (
    select from entries e where e.id = new.reverses and e.nth = new.nth - 1 and e.subject_id = new.subject_id and e.subject = new.subject
      and e.debit = new.credit and e.credit = new.debit and e.amount_raw = new.amount_raw and e.asset_id = new.asset_id
      and e.address = new.address and e.checkout_session_id = new.checkout_session_id) then
    raise exception 'an entry is reversed by its exact opposite' using errcode = 'check_violation', constraint = 'entries_reversal';
  end if;
  return new;
end $$;
create trigger entries_reversal before insert on entries for each row when (new.reverses is not null) execute function check_reversal();

alter table decisions drop constraint decisions_kind_check;
alter table decisions add constraint decisions_kind_check
  check (kind in ('expire', 'accept_partial', 'accept_transfer', 'refund_transfer', 'sweep_transfer', 'confirm_zero', 'payer_cancel'));
create unique index decisions_transfer_once on decisions (transfer_id) where kind in ('accept_transfer', 'refund_transfer', 'sweep_transfer');
create index transfers_unmatched on transfers (organization_id, id) where unmatched_reason is not null and orphaned_at is null;

-- Ours to do: moving money from deposit addresses to the merchant's wallets.
create table sweeps (
  organization_id uuid not null references organizations,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  chain_id bigint not null references chains,
  status text not null check (status in ('planned', 'submitted', 'succeeded', 'failed')),
  -- Whether the deployment's gas key sends it; otherwise the merchant's own wallet does.
  is_ours boolean not null,
  failure text,
  call json not null,
  tx_hash hash32,
  primary key (organization_id, id)
);
create index sweeps_open on sweeps (chain_id, id) where status in ('planned', 'submitted');

create table sweep_deposits (
  organization_id uuid not null,
  sweep_id uuid not null,
  checkout_session_id uuid not null,
  asset_id uuid not null references assets,
  address evm_address not null references deposit_addresses,
  amount_raw units not null check (amount_raw > 0),
  primary key (organization_id, sweep_id, address, asset_id),
  foreign key (organization_id, sweep_id) references sweeps
);
create index sweep_deposits_address on sweep_deposits (address, asset_id);

-- Signed before it is broadcast; a replacement has the same nonce. What happened to one is told by the chain.
create table gas_transactions (
  hash hash32 primary key,
  sweep_id uuid not null references sweeps (id),
  chain_id bigint not null references chains,
  sender evm_address not null,
  nonce bigint not null check (nonce >= 0),
  raw bytea not null,
  -- The most that a unit of gas may cost, in base units of the native coin.
  fee_cap_raw units not null,
  -- The newest block when it was signed: with so many more, it is stuck.
  head_number bigint not null check (head_number >= 0),
  created_at timestamptz(3) not null,
  broadcast_at timestamptz(3)
);
create index gas_transactions_nonce on gas_transactions (chain_id, sender, nonce);
create index gas_transactions_sweep on gas_transactions (sweep_id);

create table refunds (
  organization_id uuid not null,
  id uuid not null unique,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  checkout_session_id uuid not null,
  payment_intent_id uuid not null,
  -- The unmatched transfer that it gives back; null where it gives back part of what was paid.
  transfer_id uuid references transfers,
  chain_id bigint not null references chains,
  asset_id uuid not null references assets,
  amount amount8 not null,
  amount_raw units not null check (amount_raw > 0),
  to_address evm_address not null,
  reason text,
  status text not null check (status in ('requires_signature', 'submitted', 'succeeded', 'failed', 'canceled')),
  failure text,
  tx_hash hash32,
  -- Where the money was seen: the log's index, or `native:<receiver>`, and the block.
  place text,
  block_hash hash32,
  block_number bigint,
  primary key (organization_id, id),
  foreign key (organization_id, checkout_session_id) references checkout_sessions
);
create index refunds_session on refunds (checkout_session_id);
create index refunds_transfer on refunds (transfer_id) where transfer_id is not null;
create index refunds_submitted on refunds (chain_id, id) where status = 'submitted';
create index refunds_block on refunds (chain_id, block_hash) where status = 'succeeded';
-- One payment on chain settles one refund. Of each merchant: whoever names another's transaction takes nothing from that one.
create unique index refunds_payment on refunds (organization_id, chain_id, tx_hash, place) where status = 'succeeded';
create index refunds_transaction on refunds (organization_id, chain_id, tx_hash) where status in ('submitted', 'succeeded');

-- Facts: what a whole coin, or a unit of a state currency, was worth in US dollars, by the sources that agreed.
create table rates (
  id uuid primary key,
  currency text not null,
  price numeric not null check (price > 0),
  sources json not null,
  fetched_at timestamptz(3) not null
);
create index rates_newest on rates (currency, fetched_at desc);

create table quotes (
  organization_id uuid not null references organizations,
  id uuid not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  "from" text not null,
  "to" text not null,
  amount_from amount8 not null,
  amount_to amount8 not null,
  rate numeric not null check (rate > 0),
  sources json not null,
  primary key (organization_id, id)
);

do $$
declare name text;
begin
  foreach name in array array['sweep_facts', 'entries', 'sweeps', 'sweep_deposits', 'refunds', 'quotes']
  loop
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create policy tenant on %I to bitstream_app using (organization_id = current_organization()) with check (organization_id = current_organization())', name);
    execute format('create policy everyone on %I to bitstream_worker using (true) with check (true)', name);
    execute format('create policy owner on %I to current_user using (true) with check (true)', name);
  end loop;
end $$;

grant select on halts, coin_doubts, chain_health, asset_health, sweep_facts, entries, sweeps, sweep_deposits, refunds, rates, quotes
  to bitstream_app, bitstream_worker;
grant select, insert on gas_transactions to bitstream_worker;
grant update (broadcast_at) on gas_transactions to bitstream_worker;
-- What could not be moved with the others of its sweep goes into one that failed.
grant update (sweep_id) on sweep_deposits to bitstream_worker;
grant insert on entries, sweeps, sweep_deposits, refunds, quotes to bitstream_app, bitstream_worker;
grant update on sweeps, refunds to bitstream_app, bitstream_worker;
grant insert, delete on coin_doubts to bitstream_worker;
grant insert on halts, chain_health, asset_health, sweep_facts, rates to bitstream_worker;
grant delete on chain_health, asset_health, rates to bitstream_worker;
grant update (orphaned_at) on halts, sweep_facts to bitstream_worker;
grant update (is_doubted) on sweep_facts to bitstream_worker;
grant update (tx_sender, tx_nonce, replaced_at) on transfers to bitstream_worker;
grant update (unmatched_reason) on transfers to bitstream_app;
grant update (watch_until, check_at) on deposit_addresses to bitstream_worker;

-- What a key's caller needs to make a session with: the newest settings of the organization too.
drop function find_api_key(bytea);
create function find_api_key(key_hash bytea) returns table (
  id uuid, organization_id uuid, type text, scopes text[], expires_at timestamptz, revoked_at timestamptz,
  organization_name text, settings_version bigint, tolerance_bps int, allowed_currencies text[], withdrawal_addresses jsonb
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select k.id, k.organization_id, k.type, k.scopes, k.expires_at, k.revoked_at, o.name, o.settings_version, o.tolerance_bps, o.allowed_currencies,
    (select coalesce(jsonb_agg(jsonb_build_object('chainId', w.chain_id, 'address', '0x' || encode(w.address, 'hex'), 'isDefault', w.is_default)
       order by w.chain_id, w.is_default desc, w.id), '[]') from withdrawal_addresses w where w.organization_id = o.id)
  from api_keys k join organizations o on o.id = k.organization_id where k.hash = key_hash
$$;
revoke all on function find_api_key(bytea) from public;
grant execute on function find_api_key(bytea) to bitstream_app, bitstream_worker;
