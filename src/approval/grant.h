/*
 * An approved command becomes the smallest grant for it, in a role file that a person can read and
 * move: roles.d/approved-UID-ENDPOINT.role, or roles.d/ROLE.role where the approver names a role.
 *
 * In two steps, so that an approval whose grant can't be written is none: prepare (everything is
 * checked: the configuration as it would be is loaded, and the words are decided on by it), the
 * edge of the queue, then commit, which renames one file. The configuration directory is locked
 * between the two.
 */
#ifndef ROLEGATE_APPROVAL_GRANT_H
#define ROLEGATE_APPROVAL_GRANT_H

#include "approval/approval.h"
#include "policy/arguments.h"
#include "policy/policy.h"
#include "policy/roles.h"

struct approval_grant {
	const char
		*file; /* relative to the configuration: "roles.d/approved-1000-operations.role" */
	const char *line; /* the grant in it, for a person to read; NULL: none of this number */
	const char *before; /* digest of the configuration that it is added to */
	const char *wider;  /* what it lets through besides, with other grants; or NULL */
	/* Not the caller's: */
	struct arena *arena; /* NULL: not prepared */
	int directory, lock;
	const char *bytes; /* the file as it will be; NULL: there will be none */
	size_t length;
};

/*
 * The file that approving `entry` for good changes, relative to the configuration; NULL: it is not
 * a command's, or the queue keeps it.
 */
const char *approval_grant_file(struct arena *arena, const struct approval_entry *entry);

/*
 * What commit would write for `entry` (APPROVAL_COMMAND) when `person` approves it for `reason`;
 * `role` as --role, or NULL. 0, or -1 with *complaint, one sentence: nothing of that name is
 * defined, a bare program, words that the definition refuses, a file that is not rolegatectl's or
 * is another person's, a configuration that would not load, a grant that would not be enough.
 */
int approval_grant_prepare(struct arena *arena, const char *directory,
	const struct approval_entry *entry, const struct approval_person *person, const char *role,
	const char *reason, struct approval_grant *grant, const char **complaint);

/*
 * The same for taking the grant of `entry` out again. 0 with grant->line NULL: there is none (any
 * more), and commit does nothing. -1 with *complaint: the file was edited, and these are the lines.
 */
int approval_grant_withdraw(struct arena *arena, const char *directory,
	const struct approval_entry *entry, struct approval_grant *grant, const char **complaint);

/* Replaces the file, and unlocks. 0, or -1 with *complaint, and the file is as it was. */
int approval_grant_commit(struct approval_grant *grant, const char **complaint);
/* Unlocks. Also after a commit, and for one that was never prepared. */
void approval_grant_close(struct approval_grant *grant);

/*
 * The one line of a grant: `{ name = "systemctl restart"; parameters = ( … ); }`. A value goes into
 * a set, or, where a grant of one of `roles` has a pattern for that parameter, into a pattern that
 * it alone matches: sets beside patterns are ignored (rule 7). So does a text of several lines. A
 * secret has neither.
 */
char *approval_grant_line(struct arena *arena, const struct command *command,
	const struct arguments *arguments, const struct role_set *roles);

#endif
