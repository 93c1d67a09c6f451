/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "books.h"

int books_open(struct books *books, uint64_t sent, bool on_disk)
{
	memset(books, 0, sizeof(*books));
	books->sent = sent;
	if (on_disk)
		books->seen = calloc(sent + 1, 1);
	return on_disk && !books->seen ? -ENOMEM : 0;
}

void books_add(struct books *books, uint64_t number)
{
	books->count++;
	books->sum += number;
	books->squares += number * number;
	if (books->seen && number <= books->sent &&
	    books->seen[number] < UINT8_MAX)
		books->seen[number]++;
}

void books_balance(struct books *books, uint64_t count, uint64_t sum,
		   uint64_t squares)
{
	unsigned __int128 n = books->sent;

	books->count += count;
	books->sum += sum;
	books->squares += squares;
	books->lost = books->repeated = 0;
	if (books->count < books->sent)
		books->lost = books->sent - books->count;
	else if (books->count > books->sent)
		books->repeated = books->count - books->sent;
	else if (books->sum != (uint64_t)(n * (n + 1) / 2) ||
		 books->squares != (uint64_t)(n * (n + 1) * (2 * n + 1) / 6))
		books->lost = books->repeated = 1; /* at the least */
}

int64_t books_check_disk(struct books *books, const struct store *store)
{
	int64_t alien = store_check(store, books->sent, books->seen);
	uint64_t lost = 0, repeated = 0;

	for (uint64_t i = 1; i <= books->sent; i++) {
		lost += books->seen[i] == 0;
		if (books->seen[i] > 1)
			repeated += books->seen[i] - 1U;
	}
	if (books->lost < lost)
		books->lost = lost;
	if (books->repeated < repeated)
		books->repeated = repeated;
	return alien;
}
