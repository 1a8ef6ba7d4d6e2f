#include "recorder/shares.h"

#include <stdlib.h>

int shares_add(struct shares *shares, uid_t uid, uint64_t room)
{
	struct share *last = shares->count == 0 ? NULL : &shares->items[shares->count - 1];

	if (last == NULL || last->uid != uid) {
		struct share *more =
			reallocarray(shares->items, shares->count + 1, sizeof(*shares->items));

		if (more == NULL)
			return -1;
		shares->items = more;
		last = &more[shares->count++];
		*last = (struct share){.uid = uid};
	}
	last->room += room;
	shares->room += room;
	return 0;
}

void shares_take(struct shares *shares, struct share *share, uint64_t room)
{
	uint64_t less = room < share->room ? room : share->room;

	share->room -= less;
	shares->room -= less;
}

static int by_room(const void *one, const void *other)
{
	const struct share *a = one, *b = other;

	return (a->room > b->room) - (a->room < b->room);
}

uint64_t shares_level(struct shares *shares, uint64_t keep)
{
	if (shares->count > 1)
		qsort(shares->items, shares->count, sizeof(*shares->items), by_room);
	for (size_t i = 0; i < shares->count; i++) {
		uint64_t each = keep / (shares->count - i);

		if (shares->items[i].room > each)
			return each;
		keep -= shares->items[i].room;
	}
	return UINT64_MAX;
}

void shares_close(struct shares *shares)
{
	free(shares->items);
	*shares = (struct shares){.items = NULL};
}
