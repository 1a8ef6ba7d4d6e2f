#include "approval/granting.h"

#include <string.h>

/* What somebody has begun to edit is not for an approver to bring into force. */
static int check_loaded(struct granting_context *granting, const char **complaint)
{
	if (granting->loaded == NULL || strcmp(granting->loaded, granting->grant.before) == 0)
		return 0;
	approval_grant_close(&granting->grant);
	*complaint =
		"the configuration has been edited since it was loaded, and would be loaded by "
		"this: root has to reload it first, or --for or --once has to do";
	return -1;
}

static int prepare(void *context, const struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person, const char **complaint)
{
	struct granting_context *granting = context;

	approval_grant_close(&granting->grant);
	granting->taken_out = event == APPROVAL_REVOKE;
	/* No grant can say this, so that it stays in the queue. */
	if (!granting->taken_out && entry->as_caller_only)
		return 0;
	if (!granting->taken_out) {
		if (approval_grant_prepare(granting->arena, granting->directory, entry, person,
			    entry->role, entry->decision == NULL ? "" : entry->decision,
			    &granting->grant, complaint) != 0)
			return -1;
		return check_loaded(granting, complaint);
	}
	granting->left = NULL;
	(void)approval_grant_withdraw(
		granting->arena, granting->directory, entry, &granting->grant, &granting->left);
	return 0;
}

static int commit(void *context, const char **news, const char **complaint)
{
	struct granting_context *granting = context;
	struct approval_grant *grant = &granting->grant;

	if (granting->left != NULL) {
		*complaint = granting->left;
		return -1;
	}
	if (grant->arena == NULL || grant->line == NULL)
		return 0;
	if (approval_grant_commit(grant, complaint) != 0)
		return -1;
	*news = arena_printf(granting->arena, "%s %s: %s%s%s", grant->file,
		granting->taken_out ? "lost" : "has", grant->line, grant->wider == NULL ? "" : "\n",
		grant->wider == NULL ? "" : grant->wider);
	return 1;
}

static void finish(void *context)
{
	approval_grant_close(&((struct granting_context *)context)->grant);
}

struct approval_grants approval_granting(struct granting_context *context)
{
	return (struct approval_grants){context, prepare, commit, finish};
}
