// Several installations, one for each event, read as if they were one: each has a database of its
// own, and transactions whose numbers no other has (docs/scaling.md). `all` are their clients. When
// one of them gives no answer there is none: a part would look like the whole.

export async function list_ticket_ids(all) {
  const lists = await Promise.all(all.map((one) => one.listTicketIds()));
  const ids = new Set(lists.flatMap(({ ticket_ids }) => ticket_ids));
  return [...ids].sort((one, other) => one - other);
}

// The transaction of that number, of whichever event: one at most.
export async function search_transactions(all, search_term) {
  const found = await Promise.all(all.map((one) => one.searchTransactions({ search_term })));
  return found.flatMap(({ transactions }) => transactions);
}
