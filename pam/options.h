/* What stands behind the module's name in a file of /etc/pam.d. */
#ifndef PAM_ROLEGATE_OPTIONS_H
#define PAM_ROLEGATE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum { OPTION_NAMES_MAX = 32, TIMEOUT_DEFAULT = 5, TIMEOUT_MAX = 60 /* seconds */ };

struct names {
	const char *items[OPTION_NAMES_MAX]; /* point into the module's arguments */
	size_t count;
};

struct options {
	struct names endpoints; /* a role at any of these is enough; never empty */
	struct names exempt_users, exempt_groups;
	const char *message; /* what the person is told; NULL: a sentence of ours */
	unsigned timeout;    /* seconds; 0 while none was given */
	bool failure_given, allow_on_failure;
	bool debug;
};

/*
 * 0; or -1 with what is wrong in *complaint, and the word in *word (NULL: none): an unknown option
 * is a wish that nobody would fulfil (R5), and the caller denies.
 */
int options_parse(struct options *options, int argc, const char *const *argv, const char **word,
	const char **complaint);

#endif
