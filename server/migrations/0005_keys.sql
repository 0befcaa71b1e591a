-- While a table is empty all its indexes look equally good, and PostgreSQL takes the newest. It plans the check of a reference once for a
-- connection: planned then by another index than the key, it reads all rows of the organization, ever more of them, until the table is analyzed.
-- So the key of each table that others refer to is its newest index.
do $$
declare k record; r record;
begin
  for k in
    select conrelid::regclass as owner, conname as name, pg_get_constraintdef(oid) as definition, conindid as index
    from pg_constraint p
    where contype = 'p' and connamespace = 'public'::regnamespace
      and exists (select from pg_constraint f where f.contype = 'f' and f.conindid = p.conindid)
      and conindid < (select max(indexrelid) from pg_index where indrelid = conrelid)
  loop
    create temporary table refs on commit drop as
      select conrelid::regclass as owner, conname as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where contype = 'f' and conindid = k.index;
    for r in select * from refs loop
      execute format('alter table %s drop constraint %I', r.owner, r.name);
    end loop;
    execute format('alter table %s drop constraint %I, add constraint %2$I %s', k.owner, k.name, k.definition);
    for r in select * from refs loop
      execute format('alter table %s add constraint %I %s', r.owner, r.name, r.definition);
    end loop;
    drop table refs;
  end loop;
end $$;
