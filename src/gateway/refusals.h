/*
 * Records of what is refused are worth less the more there are, and fill the kernel's audit
 * backlog, on which allowed runs wait. Beyond REFUSALS_MAX in a window a login's refusals are
 * counted, and the listener writes one record of how many there were. The decision stays what it
 * was.
 */
#ifndef ROLEGATE_REFUSALS_H
#define ROLEGATE_REFUSALS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	REFUSALS_MAX = 100,	     /* records of one login in a window */
	REFUSALS_WINDOW = 10 * 1000, /* ms */
	REFUSALS_LOGINS = 256,	     /* counted at once; those of further ones are all recorded */
};

struct refusals_row {
	_Atomic uint64_t bits;
	char user[33]; /* the account's name, cut; read it with session_note_text() */
};

/* Memory shared by the listener and its sessions. */
struct refusals {
	struct refusals_row *rows;
	int event;	  /* eventfd: something was counted without a record */
	int64_t deadline; /* the listener's: of the next refusals_collect(); CLOCK_NEVER */
};

/* 0, or -1 and errno. */
int refusals_open(struct refusals *refusals);
/* One more of `login`, whose account is `user` (NULL: not known), at `now` (clock_now()). False: it
 * is counted, and not to be recorded. */
bool refusals_pass(const struct refusals *refusals, uid_t login, const char *user, int64_t now);

/* `count` refusals of `login` have no record; `user` is "" where it is not known. */
typedef void refusals_report(void *context, uid_t login, const char *user, unsigned count);
/*
 * Reports, and forgets, what was counted in windows that are over; with `all`, in this one too.
 * True when something is left for later.
 */
bool refusals_collect(
	struct refusals *refusals, int64_t now, bool all, refusals_report *report, void *context);

#endif
