-- People at the dashboard: what they prove who they are with, where they are signed in, and what they did. But for the doors at the end
-- and the audit log, requests of tenants see none of it: bitstream_worker alone reads and writes these tables.

create table sign_ins (
  id uuid primary key,
  user_id uuid not null references users,
  -- Which of the organizations that the person belongs to is worked for.
  works_for uuid not null references organizations,
  -- SHA-256 of what the cookie carries.
  token_hash hash32 not null unique,
  created_at timestamptz(3) not null,
  -- To the minute.
  seen_at timestamptz(3) not null,
  -- When a password, passkey or code was last given, which what may lose money asks for anew.
  confirmed_at timestamptz(3) not null,
  -- `waiting` for the second factor: until it is given nothing else is allowed.
  stage text not null check (stage in ('waiting', 'whole')),
  -- Whether two factors were given, as a passkey alone is.
  is_strong boolean not null,
  address text not null,
  user_agent text not null,
  ended_at timestamptz(3)
);
create index sign_ins_user on sign_ins (user_id, id);

-- What people prove who they are with, a row for everybody who has set any of it; passkeys beside.
create table factors (
  user_id uuid primary key references users,
  -- argon2id with its parameters, as a PHC string; null while none is set.
  password text,
  -- Sealed; null while there is none.
  totp_secret bytea,
  -- Null while the secret waits for its first code.
  totp_since timestamptz(3),
  -- The last 30 seconds whose code was taken: a code counts once.
  totp_step bigint not null
);

-- SHA-256 of each code that is left, for whoever has lost the second factor.
create table recovery_codes (
  user_id uuid not null references users,
  code_hash hash32 not null,
  primary key (user_id, code_hash)
);

-- Web Authentication, level 3.
create table passkeys (
  id uuid primary key,
  user_id uuid not null references users,
  created_at timestamptz(3) not null,
  name text not null,
  credential_id bytea not null unique,
  -- As COSE has it (RFC 9052).
  public_key bytea not null,
  -- How often the authenticator says that it signed; 0 where it does not count.
  counter bigint not null,
  transports text[] not null,
  last_used_at timestamptz(3)
);
create index passkeys_user on passkeys (user_id, id);

-- What an authenticator is asked to sign, once.
create table passkey_challenges (
  id uuid primary key,
  -- Whose new passkey it is for; null where one that exists is asked for.
  user_id uuid references users,
  challenge text not null,
  expires_at timestamptz(3) not null
);

-- Links that count once: `setup` makes the first owner, `reset` sets a new password, `rescue` also takes the second factors away.
create table account_links (
  -- SHA-256 of what the link carries.
  token_hash hash32 primary key,
  kind text not null check (kind in ('setup', 'reset', 'rescue')),
  user_id uuid references users check ((user_id is null) = (kind = 'setup')),
  expires_at timestamptz(3) not null
);

-- Guesses at what only one person knows, by what they are about.
create table guesses (
  -- SHA-256 of it, since unknown e-mail addresses count too.
  subject hash32 primary key,
  count int not null,
  guessed_at timestamptz(3) not null,
  -- Until then no guess is looked at.
  free_at timestamptz(3) not null
);

do $$
declare name text;
begin
  foreach name in array array['sign_ins', 'factors', 'recovery_codes', 'passkeys', 'passkey_challenges', 'account_links', 'guesses'] loop
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create policy everyone on %I to bitstream_worker using (true) with check (true)', name);
    execute format('create policy owner on %I to current_user using (true) with check (true)', name);
    execute format('grant select, insert, update on %I to bitstream_worker', name);
  end loop;
end $$;
grant delete on sign_ins, recovery_codes, passkeys, passkey_challenges, account_links, guesses to bitstream_worker;
-- The first owner makes the first organization.
grant insert on organizations to bitstream_worker;

-- What was done that decides who may do what, or where money goes. Rows are never changed or deleted; the hash of each is over all that it
-- says, the hash of the one before it among that (domain/auditEntry.ts).
create table audit_entries (
  organization_id uuid not null references organizations,
  -- Counts from 1 without a gap.
  nth int not null check (nth > 0),
  id uuid not null unique,
  created_at timestamptz(3) not null,
  -- Who did it: a person, a key, or neither where the server did. What ends later stays named.
  user_id uuid references users,
  key_id uuid,
  -- The network address that it came from.
  address text,
  action text not null,
  object_id uuid,
  detail json not null,
  previous hash32 not null,
  hash hash32 not null,
  primary key (organization_id, nth)
);
create trigger audit_entries_for_ever before update or delete on audit_entries for each row execute function refuse_change();

-- The end of each log: its lock lets one entry follow another, and an entry that is missing at the end is missed here.
create table audit_heads (
  organization_id uuid primary key references organizations,
  nth int not null,
  hash hash32 not null
);

-- Changes of where money goes that were asked for in live mode: they count when they are due, unless an owner cancels them before.
create table address_changes (
  id uuid primary key,
  organization_id uuid not null references organizations,
  created_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  kind text not null check (kind in ('create', 'update', 'delete', 'make_default')),
  requested_by uuid not null references users,
  -- The withdrawal address as it was when this was asked for, and as it is to be; null where there is none.
  before json,
  after json,
  status text not null check (status in ('waiting', 'applied', 'canceled', 'impossible')),
  ended_at timestamptz(3) check ((ended_at is null) = (status = 'waiting'))
);
create index address_changes_due on address_changes (due_at) where status = 'waiting';
create index address_changes_organization on address_changes (organization_id, id) where status = 'waiting';

-- In live mode an owner whom another owner unmakes stays one until then, unless an owner cancels it: what they are to be, null for no member
-- at all, and who asked for it.
alter table members
  add column unmade_at timestamptz(3),
  add column unmade_to text check (unmade_to in ('admin', 'developer', 'support', 'viewer')),
  add column unmade_by uuid references users,
  add check ((unmade_at is null) = (unmade_by is null)),
  add check (unmade_at is null or role = 'owner');
create index members_unmade on members (unmade_at) where unmade_at is not null;

-- What was asked of the API of late, for those who program against it: never what was said, nor a value of a query. It refers to nothing,
-- since whoever writes it waits for no lock.
create table api_requests (
  id uuid primary key,
  organization_id uuid not null,
  created_at timestamptz(3) not null,
  method text not null,
  -- As the reference names it, without the ids of the path.
  route text not null,
  status int not null,
  code text,
  duration_ms int not null,
  key_id uuid,
  user_id uuid
);
create index api_requests_organization on api_requests (organization_id, id);

do $$
declare name text;
begin
  foreach name in array array['audit_entries', 'audit_heads', 'address_changes', 'api_requests'] loop
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create policy tenant on %I to bitstream_app using (organization_id = current_organization()) with check (organization_id = current_organization())', name);
    execute format('create policy everyone on %I to bitstream_worker using (true) with check (true)', name);
    execute format('create policy owner on %I to current_user using (true) with check (true)', name);
    execute format('grant select, insert on %I to bitstream_app, bitstream_worker', name);
  end loop;
end $$;
grant delete on api_requests to bitstream_worker;
grant update (nth, hash) on audit_heads to bitstream_app, bitstream_worker;
grant update (status, ended_at) on address_changes to bitstream_app, bitstream_worker;

-- Where a merchant waits for more than the server does, by chain: a JSON array of {chainId, wait}.
alter table organizations add column confirmations json not null default '[]';
grant insert (confirmations), update (confirmations) on organizations to bitstream_app;
drop trigger settings_version on organizations;
create trigger settings_version before update on organizations for each row
  when ((old.name, old.tolerance_bps, old.allowed_currencies, old.preferred_chain_id, old.preferred_currency, old.apply_fee, old.fee_ppm,
         old.status, old.allowed_chains::text, old.confirmations::text)
    is distinct from (new.name, new.tolerance_bps, new.allowed_currencies, new.preferred_chain_id, new.preferred_currency, new.apply_fee, new.fee_ppm,
         new.status, new.allowed_chains::text, new.confirmations::text))
  execute function raise_settings_version();

-- When it was last proved by a signature that the wallet is the merchant's, and what is to be signed for that, once.
alter table withdrawal_addresses
  add column proved_at timestamptz(3),
  add column challenge text,
  add column challenge_expires_at timestamptz(3) check ((challenge is null) = (challenge_expires_at is null));
-- No session is made with a proof.
drop trigger settings_version on withdrawal_addresses;
create trigger settings_version after insert or delete or update of chain_id, address, is_default on withdrawal_addresses
  for each row execute function bump_settings_version();

drop function find_api_key(bytea);
create function find_api_key(key_hash bytea) returns table (
  id uuid, organization_id uuid, user_id uuid, type text, scopes text[], expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz,
  organization_name text, organization_status text, settings_version bigint, tolerance_bps int, allowed_currencies text[], allowed_chains json,
  preferred_chain_id bigint, preferred_currency text, fee_ppm int, confirmations json, withdrawal_addresses jsonb
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select k.id, k.organization_id, k.user_id, k.type, k.scopes, k.expires_at, k.revoked_at, k.last_used_at, o.name, o.status, o.settings_version,
    o.tolerance_bps, o.allowed_currencies, o.allowed_chains, o.preferred_chain_id, o.preferred_currency, case when o.apply_fee then o.fee_ppm end,
    o.confirmations,
    (select coalesce(jsonb_agg(jsonb_build_object('chainId', w.chain_id, 'address', '0x' || encode(w.address, 'hex'), 'isDefault', w.is_default)
       order by w.chain_id, w.is_default desc, w.id), '[]') from withdrawal_addresses w where w.organization_id = o.id)
  from api_keys k join organizations o on o.id = k.organization_id where k.hash = key_hash
$$;
revoke all on function find_api_key(bytea) from public;
grant execute on function find_api_key(bytea) to bitstream_app, bitstream_worker;

-- Who is signed in with a cookie, with the settings of the organization as find_api_key has them.
create function find_sign_in(cookie_hash bytea) returns table (
  id uuid, user_id uuid, organization_id uuid, role text, user_status text, created_at timestamptz, seen_at timestamptz, confirmed_at timestamptz,
  stage text, is_strong boolean, ended_at timestamptz,
  organization_name text, organization_status text, settings_version bigint, tolerance_bps int, allowed_currencies text[], allowed_chains json,
  preferred_chain_id bigint, preferred_currency text, fee_ppm int, confirmations json, withdrawal_addresses jsonb
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select s.id, s.user_id, s.works_for, m.role, u.status, s.created_at, s.seen_at, s.confirmed_at, s.stage, s.is_strong, s.ended_at,
    o.name, o.status, o.settings_version, o.tolerance_bps, o.allowed_currencies, o.allowed_chains, o.preferred_chain_id, o.preferred_currency,
    case when o.apply_fee then o.fee_ppm end, o.confirmations,
    (select coalesce(jsonb_agg(jsonb_build_object('chainId', w.chain_id, 'address', '0x' || encode(w.address, 'hex'), 'isDefault', w.is_default)
       order by w.chain_id, w.is_default desc, w.id), '[]') from withdrawal_addresses w where w.organization_id = o.id)
  from sign_ins s join users u on u.id = s.user_id join organizations o on o.id = s.works_for
    join members m on m.organization_id = s.works_for and m.user_id = s.user_id
  where s.token_hash = cookie_hash
$$;
revoke all on function find_sign_in(bytea) from public;
grant execute on function find_sign_in(bytea) to bitstream_app, bitstream_worker;

-- Sessions as people look for them: by the payer's e-mail address, kept in lower case, and by the amount. Open sessions are few and looked
-- through, so that a new one costs no more.
alter table checkout_sessions add column email_key text;
create index checkout_sessions_email on checkout_sessions (organization_id, email_key, id) where email_key is not null;
create index checkout_sessions_amount on checkout_sessions (organization_id, amount_total, id) where status <> 'open';
-- Sessions by the coin on a chain that came, newest first.
create index transfers_received on transfers (organization_id, asset_id, checkout_session_id) where orphaned_at is null;
-- Sessions that a person should look at.
create index checkout_sessions_exceptions on checkout_sessions (organization_id, id) where exceptions <> '{}';

-- Open pages of the dashboard are told of what has changed, when it commits. Each row that people write tells `<organization> <kind>`; the
-- same of many rows of a transaction is told once. Who commits such a message waits for others who do, so that what payers, blocks and
-- deliveries write is told otherwise: by their events (store/events.ts), or it is looked for while somebody watches (store/newestRows.ts).
create function tell_change() returns trigger language plpgsql as $$
declare
  changed jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  perform pg_notify('changes', (changed ->> coalesce(tg_argv[1], 'organization_id')) || ' ' || tg_argv[0]);
  return null;
end $$;

-- Of a person it is told to all whom they work for; what is known about chains, to everybody.
create function tell_change_of_person() returns trigger language plpgsql as $$
declare
  changed jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  perform pg_notify('changes', organization_id || ' ' || tg_argv[0]) from members where user_id = (changed ->> tg_argv[1])::uuid;
  return null;
end $$;

create function tell_change_of_chain() returns trigger language plpgsql as $$
begin
  perform pg_notify('changes', '* chain');
  return null;
end $$;

do $$
declare told text[];
begin
  foreach told slice 1 in array array[
    ['api_keys', 'api_key'], ['withdrawal_addresses', 'withdrawal_address'], ['address_changes', 'withdrawal_address'],
    ['members', 'user'], ['invites', 'invite'], ['tax_ids', 'customer'], ['tax_rates', 'tax_rate'], ['coupons', 'coupon'],
    ['promotion_codes', 'coupon'], ['payment_links', 'payment_link'], ['invoices', 'invoice'], ['webhook_endpoints', 'webhook_endpoint'],
    ['sweeps', 'sweep'], ['refunds', 'refund'], ['audit_entries', 'audit']]
  loop
    execute format('create trigger tell_change after insert or update or delete on %I for each row execute function tell_change(%L)', told[1], told[2]);
  end loop;
  -- New ones may come with a session.
  foreach told slice 1 in array array[['products', 'product'], ['prices', 'price'], ['customers', 'customer']] loop
    execute format('create trigger tell_change after update or delete on %I for each row execute function tell_change(%L)', told[1], told[2]);
  end loop;
  foreach told slice 1 in array array[['users', 'user', 'id'], ['passkeys', 'passkey', 'user_id'], ['factors', 'account', 'user_id']] loop
    execute format('create trigger tell_change after insert or update or delete on %I for each row execute function tell_change_of_person(%L, %L)', told[1], told[2], told[3]);
  end loop;
end $$;
-- A picture was fetched.
create trigger tell_change after update on image_fetches for each row execute function tell_change('product');
create trigger tell_change after update on organizations for each row execute function tell_change('organization', 'id');
create trigger tell_change after insert or update of ended_at on sign_ins for each row execute function tell_change('sign_in', 'works_for');
create trigger tell_change after insert or delete on chain_health for each statement execute function tell_change_of_chain();
create trigger tell_change after insert or delete on asset_health for each statement execute function tell_change_of_chain();
create index webhook_attempts_newest on webhook_attempts (organization_id, created_at);
