/* Whom show and explain are about: a set of roles, named, or a user's through NSS. */
#ifndef ROLEGATE_ADMIN_PERSON_H
#define ROLEGATE_ADMIN_PERSON_H

#include "admin/options.h"
#include "base/arena.h"
#include "base/strings.h"
#include "policy/decide.h"

struct person_request {
	const char *user; /* or NULL: the roles by name */
	const struct strings *groups; /* of `user`, all that they have; NULL: NSS says it */
	const char *act_as; /* of `user`: whose roles; or NULL */
	struct strings roles;
	const char *endpoint; /* NULL: the first one, as for a client without -e */
};

struct person {
	const struct policy *policy;
	const struct endpoint *endpoint; /* NULL: the configuration has none */
	const char *user;		 /* or NULL */
	const char *act_as;		 /* or NULL: nobody else */
	const char *act_as_refused;	 /* why not, or NULL */
	struct strings groups; /* of `user`, by name */
	struct role_set roles;
	bool group_missing; /* no role, because required_groups does not hold */
};

/*
 * The policy of --config, for reading only: file trust is no matter here, and rolegate.conf may be
 * missing. NULL after the errors were printed.
 */
struct policy *person_policy(struct arena *arena, const struct options *options);

/* "A,B" as a list. */
struct strings person_role_names(struct arena *arena, const char *roles);

/* Users that NSS knows to be in the group, by its members and by their own group; may be none. */
struct strings person_members(struct arena *arena, const char *group);

/* 0, or -1 with *complaint: an unknown role, endpoint or user. */
int person_find(struct arena *arena, const struct policy *policy,
	const struct person_request *request, struct person *person, const char **complaint);

/* decide() for them. */
void person_decide(struct arena *arena, const struct person *person, const char *const *words,
	size_t count, struct decision *decision);

/* The account that the decision runs as, by name where that is known, else NULL. */
const char *person_run_as(const struct person *person, const struct decision *decision);

#endif
