/*
 * What cvtsudoers(1) -f json says of a sudoers file, as commands, roles and endpoints. An endpoint
 * for each account that is run as, and for whether a password is asked for; a role for each person
 * or group there. Never wider than sudo: what can't be said exactly is said more narrowly, or is
 * left out. Pure.
 */
#ifndef ROLEGATE_AUTHOR_SUDOERS_H
#define ROLEGATE_AUTHOR_SUDOERS_H

#include "author/losses.h"

enum { SUDOERS_ENTRIES_MAX = 4096 /* commands of all rules, aliases expanded */ };

struct sudoers_file {
	const char *name; /* "roles.d/sudo-dana-root.role" */
	char *text;
};

struct sudoers {
	struct sudoers_file *files; /* rolegate.conf first */
	size_t file_count;
	struct losses losses;
};

/*
 * `host`: the name of the host whose rules are wanted; NULL: those for all hosts alone. 0, or -1
 * with *complaint, safe for a terminal: it is not what cvtsudoers writes.
 */
int sudoers_import(struct arena *arena, const char *bytes, size_t length, const char *host,
	struct sudoers *sudoers, const char **complaint);

#endif
