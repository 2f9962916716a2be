CREATE INDEX transactions_email ON transactions (lower(email)) WHERE email <> '';
