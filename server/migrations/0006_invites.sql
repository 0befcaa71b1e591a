-- Who sent an invite, last: it ends when they may send it no more. Of invites from before, and of keys that nobody made, nobody is known.
alter table invites add column sent_by uuid references users;
