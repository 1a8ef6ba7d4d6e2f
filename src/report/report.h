/*
 * What a reviewer reads on one page: who may do what and by which role, how that was used, what
 * was refused, what nobody uses, what is risky. Gathered from a configuration, the name services
 * and an event log; written as HTML that needs nothing else, no script either.
 */
#ifndef ROLEGATE_REPORT_H
#define ROLEGATE_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/strings.h"
#include "base/table.h"
#include "config/config.h"
#include "log/log.h"
#include "policy/policy.h"

enum {
	REPORT_DAYS_MAX = 3660,	      /* that are counted one by one; later ones as the last */
	REPORT_REFUSALS_MAX = 100000, /* different ones; the others are counted together */
	REPORT_APPROVALS_MAX = 200,   /* the latest */
	REPORT_ACTS_MAX = 100,	      /* the same */
	REPORT_CELLS_MAX = 20000,     /* above that people with the same roles share a row */
};

struct report_use {
	unsigned long runs;
	int64_t last; /* ms since 1970; 0: never */
};

/* Of one person, at one endpoint. */
struct report_person_use {
	const char *endpoint, *user, *command;
	struct report_use use;
};

/* One person may run one command, at one endpoint. */
struct report_cell {
	struct strings roles; /* names; empty: not permitted */
	struct report_use use;
};

struct report_person {
	const char *name;
	struct strings roles;
	const char *roles_key;	   /* their names in one text: the same for the same roles */
	struct report_cell *cells; /* by column */
};

struct report_endpoint {
	const struct endpoint *endpoint;
	const struct command **columns; /* that somebody may run; sorted by name */
	size_t column_count;
	struct report_person *people; /* who have a role; sorted by name */
	size_t person_count;
	struct strings unknown; /* named or seen, and not known to the name services */
	struct strings former;	/* ran something in this time, and have no role now */
};

/* All runs of one command name, at any endpoint, by whomever. */
struct report_command {
	const char *name;
	struct report_use use;
	unsigned *days; /* runs by day; report->day_count of them are in use */
	size_t day_room;
};

struct report_refusal {
	const char *user, *reason, *words, *endpoint;
	unsigned long count;
	int64_t last;
};

/* What a role permits, and none of those who have it ran. */
struct report_unused {
	const char *role;
	const struct command *command;
	const struct endpoint *endpoint;
	struct source source; /* of the grant */
	struct strings holders;
};

struct report_approval {
	int64_t time;
	unsigned long number;
	const char *edge, *state, *user, *words, *terms, *detail;
	const char *script; /* algorithm and hash of the bytes; "": a command */
	bool success;
};

/* What an administrator did by rolegatectl, or had done. */
struct report_act {
	int64_t time;
	const char *operation, *user, *about;
	bool success;
};

struct report_day {
	unsigned allowed, refused;
};

struct report {
	struct arena *arena;
	const struct policy *policy;
	const char *directory;	   /* of the configuration, as it was said */
	int64_t now, since, until; /* ms; 0: not limited */

	struct report_endpoint *endpoints;
	size_t endpoint_count;

	struct table by_person; /* "endpoint\037user\037command" -> struct report_person_use */
	struct report_person_use **uses;
	size_t use_count;
	struct table by_command; /* -> struct report_command */
	struct report_command **commands;
	size_t command_count;
	struct table by_refusal; /* -> struct report_refusal */
	struct report_refusal **refusals;
	size_t refusal_count;
	unsigned long other_refusals;
	struct table by_reason; /* -> struct report_refusal, `reason` alone */
	struct report_refusal **reasons;
	size_t reason_count;
	struct report_approval approvals[REPORT_APPROVALS_MAX]; /* a ring */
	unsigned long approval_count;
	struct report_act acts[REPORT_ACTS_MAX]; /* a ring */
	unsigned long act_count;
	int64_t first_day; /* since 1970; of days[0] */
	struct report_day *days;
	size_t day_count;
	unsigned long events, runs, refused, unreadable;
	unsigned long unrecorded; /* by what the gateway says of itself: rolegate-records(5) */
	int64_t first, last; /* of the events that were read */

	const struct problems *warnings; /* of check; NULL: not asked */
};

/* Counts one event of the log. */
void report_add_event(struct report *report, const struct log_event *event);
/*
 * Who may do what: every user that the configuration names, every member of a group that it names,
 * whoever has run something. After the events, since it takes over what they counted.
 */
void report_people(struct report *report);
/* Why what `command` does at `endpoint` deserves a look: "runs as root", …; in `arena`. */
struct strings report_risks(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct command *command);

/* Unused permissions, in `arena`: how many. */
size_t report_unused(
	struct arena *arena, const struct report *report, struct report_unused **items);
/* Who may run what is in that column. */
struct strings report_who_may(
	struct arena *arena, const struct report_endpoint *place, size_t column);

/* The page. 0, or -1 and errno. */
int report_html(const struct report *report, FILE *to);
/* What the page is made of, for a program: one object on one line. 0, or -1 and errno. */
int report_json(const struct report *report, FILE *to);

#endif
