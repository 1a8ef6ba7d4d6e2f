/*
 * A row is one number, so that a session that is killed half way leaves nothing locked and nothing
 * half written: the login, the window it was first refused in, and how often since. A row whose
 * count is over the limit belongs to its login until the listener has taken it.
 */
#include "gateway/refusals.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/sessions.h"

enum { COUNT_BITS = 20, WINDOW_BITS = 12 };

static const uint32_t count_max = (1u << COUNT_BITS) - 1, window_max = (1u << WINDOW_BITS) - 1;

struct row {
	uid_t login;
	uint32_t window, count; /* count 0: free */
};

static struct row unpack(uint64_t bits)
{
	return (struct row){.login = (uid_t)(bits >> 32),
		.window = (uint32_t)(bits >> COUNT_BITS) & window_max,
		.count = (uint32_t)bits & count_max};
}

static uint64_t pack(struct row row)
{
	return (uint64_t)row.login << 32 | (uint64_t)row.window << COUNT_BITS | row.count;
}

static uint32_t window_at(int64_t now)
{
	return (uint32_t)(now / REFUSALS_WINDOW) & window_max;
}

int refusals_open(struct refusals *refusals)
{
	void *rows = mmap(NULL, REFUSALS_LOGINS * sizeof(*refusals->rows), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (rows == MAP_FAILED)
		return -1;
	refusals->rows = rows;
	refusals->deadline = CLOCK_NEVER;
	refusals->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return refusals->event < 0 ? -1 : 0;
}

/* What the row is after one more refusal of `login`; false when it is another login's. */
static bool add(struct row *row, uid_t login, uint32_t window)
{
	bool counts = row->count > REFUSALS_MAX || (row->count > 0 && row->window == window);

	if (counts && row->login != login)
		return false;
	if (!counts)
		*row = (struct row){.login = login, .window = window};
	if (row->count < count_max)
		row->count++;
	return true;
}

/* The row of `login`, with *row what it is after one more; NULL: there is none for it. */
static struct refusals_row *count_one(
	const struct refusals *refusals, uid_t login, uint32_t window, struct row *row)
{
	for (size_t i = 0; i < REFUSALS_LOGINS; i++) {
		struct refusals_row *place = &refusals->rows[(login + i) % REFUSALS_LOGINS];
		uint64_t before = atomic_load(&place->bits);

		*row = unpack(before);
		while (add(row, login, window)) {
			if (atomic_compare_exchange_weak(&place->bits, &before, pack(*row)))
				return place;
			*row = unpack(before);
		}
	}
	return NULL;
}

bool refusals_pass(const struct refusals *refusals, uid_t login, const char *user, int64_t now)
{
	struct row row;
	struct refusals_row *place = count_one(refusals, login, window_at(now), &row);
	const uint64_t one = 1;

	if (place == NULL || row.count <= REFUSALS_MAX)
		return true;
	if (row.count == REFUSALS_MAX + 1) {
		session_note_set(place->user, user == NULL ? "" : user);
		(void)!write(refusals->event, &one, sizeof(one));
	}
	return false;
}

/* Takes what the row has counted without a record, if its window is over. */
static bool take(struct refusals_row *place, uint32_t window, bool all, struct row *row)
{
	uint64_t bits = atomic_load(&place->bits);

	do {
		*row = unpack(bits);
		if (row->count <= REFUSALS_MAX || (!all && row->window == window))
			return false;
	} while (!atomic_compare_exchange_weak(&place->bits, &bits, 0));
	return true;
}

bool refusals_collect(
	struct refusals *refusals, int64_t now, bool all, refusals_report *report, void *context)
{
	bool left = false;

	for (size_t i = 0; i < REFUSALS_LOGINS; i++) {
		struct refusals_row *place = &refusals->rows[i];
		char user[sizeof(place->user)];
		struct row row;

		session_note_text(user, place->user, sizeof(user));
		if (take(place, window_at(now), all, &row))
			report(context, row.login, user, row.count - REFUSALS_MAX);
		else if (row.count > REFUSALS_MAX)
			left = true;
	}
	return left;
}
