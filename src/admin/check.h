/* The warnings of `check`, by what they look at. Each adds to `problems`. */
#ifndef ROLEGATE_ADMIN_CHECK_H
#define ROLEGATE_ADMIN_CHECK_H

#include <jansson.h>

#include "config/config.h"
#include "policy/policy.h"

/* Wildcards, grants that permit nothing by themselves, aliases without their command, roles nobody
 * has. */
void check_grants(const struct policy *policy, struct problems *problems);

/* By index: whether some endpoint's role_definitions name the role. */
bool *check_used_roles(struct arena *arena, const struct policy *policy);

/*
 * Functions that nobody can call, that say no account, whose interpreter or directory of a
 * transaction is missing, that name approvers for no approval, or whose script seems to start
 * programs where its profile lets none be started.
 */
void check_functions(const struct policy *policy, struct problems *problems);

/*
 * What roles do to each other when one person has several: rules 3, 4 and 7 of the merge. For
 * each command over its grants, never over pairs of roles.
 */
void check_merging(const struct policy *policy, struct problems *problems);

/* Accounts and groups that NSS does not know, run_as root. */
void check_accounts(const struct policy *policy, struct problems *problems);

/* The recorder's account and key, where it could not start without them. */
struct settings;
void check_recorder(const struct settings *settings, struct problems *problems);

/* Whether this kernel takes records now, where nothing runs without them. For root. */
void check_audit(const struct policy *policy, struct problems *problems);

/* Programs that are missing or not trusted (R28), and those that take any arguments. */
void check_programs(const struct policy *policy, struct problems *problems);

/* Programs that are known to lead elsewhere, where nothing contains that (R38). */
void check_known(const struct policy *policy, struct problems *problems);

/* Input that is to be written down where nothing is; transcripts of what goes on afterwards. */
void check_transcripts(const struct policy *policy, struct problems *problems);

/* Commands that claim to be read-only where that opens a door, and are free to write. */
void check_classes(const struct policy *policy, struct problems *problems);

/*
 * Functions that are refused, or run under less than they ask for, because of the trust in their
 * scripts; scripts that are not what was trusted.
 */
void check_trust(const struct policy *policy, struct problems *problems);

/*
 * Profiles with paths that don't exist, with names that match no command, or that nobody uses;
 * what they leave to programs that run as root; commands that are blocked for want of a class.
 */
void check_profiles(const struct policy *policy, struct problems *problems);

/*
 * What this kernel can't enforce, and filters that can't be built. The rows of by which means each
 * field is enforced, as JSON; the caller's.
 */
json_t *check_support(struct policy *policy, struct problems *problems);

/*
 * All of that: the policy of the directory, or NULL after errors. *confinement: what check_support()
 * gives, NULL without a policy; the caller's.
 */
struct policy *check_configuration(struct arena *arena, const char *directory, unsigned flags,
	struct problems *problems, json_t **confinement);

#endif
