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

do $$
declare name text;
begin
  foreach name in array array['sign_ins'] loop
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create policy everyone on %I to bitstream_worker using (true) with check (true)', name);
    execute format('create policy owner on %I to current_user using (true) with check (true)', name);
    execute format('grant select, insert, update on %I to bitstream_worker', name);
  end loop;
end $$;
grant delete on sign_ins to bitstream_worker;

-- Who is signed in with a cookie, with the settings of the organization as find_api_key has them.
create function find_sign_in(cookie_hash bytea) returns table (
  id uuid, user_id uuid, organization_id uuid, role text, user_status text, created_at timestamptz, seen_at timestamptz, confirmed_at timestamptz,
  stage text, is_strong boolean, ended_at timestamptz,
  organization_name text, organization_status text, settings_version bigint, tolerance_bps int, allowed_currencies text[], allowed_chains json,
  preferred_chain_id bigint, preferred_currency text, fee_ppm int, withdrawal_addresses jsonb
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select s.id, s.user_id, s.works_for, m.role, u.status, s.created_at, s.seen_at, s.confirmed_at, s.stage, s.is_strong, s.ended_at,
    o.name, o.status, o.settings_version, o.tolerance_bps, o.allowed_currencies, o.allowed_chains, o.preferred_chain_id, o.preferred_currency,
    case when o.apply_fee then o.fee_ppm end,
    (select coalesce(jsonb_agg(jsonb_build_object('chainId', w.chain_id, 'address', '0x' || encode(w.address, 'hex'), 'isDefault', w.is_default)
       order by w.chain_id, w.is_default desc, w.id), '[]') from withdrawal_addresses w where w.organization_id = o.id)
  from sign_ins s join users u on u.id = s.user_id join organizations o on o.id = s.works_for
    join members m on m.organization_id = s.works_for and m.user_id = s.user_id
  where s.token_hash = cookie_hash
$$;
revoke all on function find_sign_in(bytea) from public;
grant execute on function find_sign_in(bytea) to bitstream_app, bitstream_worker;
