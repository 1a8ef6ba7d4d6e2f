/*
 * Two configurations, compared in people and commands, not in text: who gains and who loses what.
 * Pure; whom it is about is the caller's to find.
 */
#ifndef ROLEGATE_AUTHOR_DIFF_H
#define ROLEGATE_AUTHOR_DIFF_H

#include "policy/policy.h"
#include "policy/roles.h"

enum diff_effect { DIFF_LOSS, DIFF_GAIN, DIFF_CHANGE };

struct diff_change {
	enum diff_effect effect;
	const char *what; /* a command, "alias x", or a key of an endpoint */
	const char *text; /* "" or what about it, one clause */
	const char *risk; /* of what is gained: why it deserves a second look; NULL: nothing */
};

struct diff_changes {
	struct arena *arena;
	struct diff_change *items;
	size_t count;
};

/* Whom a definition reaches. */
struct diff_subject {
	const char *label; /* "dana", "everybody in web-ops" */
	const char *user;  /* "": somebody of these groups */
	struct strings groups;
	bool whole_group; /* required_groups are taken to hold */
};

/* People for whom the same changes. */
struct diff_people {
	struct strings labels;
	struct diff_changes changes;
};

enum diff_state { DIFF_SAME, DIFF_NEW, DIFF_GONE };

struct diff_endpoint {
	const char *name;
	enum diff_state state;
	struct diff_changes changes; /* of the endpoint itself */
	struct diff_people *people;
	size_t people_count;
};

struct diff {
	struct arena *arena;
	const struct policy *before, *after;
	struct diff_changes changes; /* of the gateway as a whole */
	struct diff_endpoint *endpoints;
	size_t endpoint_count;
	struct strings notes; /* that make no difference to anybody */
};

/* Endpoints of both, what they say of themselves, and notes; no people yet. */
void diff_begin(struct arena *arena, const struct policy *before, const struct policy *after,
	struct diff *diff);
/* What changes for a subject at an endpoint of the diff. */
void diff_add_subject(
	struct diff *diff, struct diff_endpoint *endpoint, const struct diff_subject *subject);
bool diff_is_different(const struct diff *diff);

/* Several lines, not escaped for a terminal yet; one JSON object on a line. In the diff's arena. */
char *diff_text(const struct diff *diff);
char *diff_json(const struct diff *diff);

#endif
