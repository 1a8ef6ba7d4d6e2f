/* What an endpoint says of itself. More of it is less safe where that can be told. */
#include <string.h>

#include "author/diff_parts.h"

static const char *const failures[] = {
	[AUDIT_FAILURE_DENY] = "deny", [AUDIT_FAILURE_CONTINUE] = "continue"};
static const char *const asked[] = {[AUTHENTICATE_NEVER] = "never",
	[AUTHENTICATE_SESSION] = "session",
	[AUTHENTICATE_ALWAYS] = "always"};
static const char *const merges[] = {[MERGE_JEA] = "jea", [MERGE_SINGLE_ROLE] = "single-role"};

static void compare(struct diff_changes *changes, const char *key, const char *old, const char *new,
	const char *risk)
{
	if (!diff_same_text(old, new))
		diff_change(changes, DIFF_CHANGE, key, risk, "%s -> %s",
			old == NULL ? "(none)" : old, new == NULL ? "(none)" : new);
}

static void compare_numbers(
	struct diff_changes *changes, const char *key, unsigned old, unsigned new)
{
	compare(changes, key, arena_printf(changes->arena, "%u", old),
		arena_printf(changes->arena, "%u", new), NULL);
}

static void compare_flags(
	struct diff_changes *changes, const char *key, bool old, bool new, const char *risk)
{
	compare(changes, key, old ? "true" : "false", new ? "true" : "false", new ? risk : NULL);
}

static char *rule_text(struct arena *arena, const struct group_rule *rule)
{
	struct strings texts = {0};

	if (rule == NULL)
		return NULL;
	if (rule->kind == GROUP_NAME)
		return arena_strdup(arena, rule->name);
	for (size_t i = 0; i < rule->count; i++)
		strings_add(arena, &texts, rule_text(arena, &rule->rules[i]));
	return arena_printf(arena, "%s of (%s)", rule->kind == GROUP_ALL ? "all" : "any",
		strings_join(arena, &texts, ", "));
}

static struct strings act_as_texts(struct arena *arena, const struct endpoint *endpoint)
{
	struct strings texts = {0};

	for (size_t i = 0; i < endpoint->act_as_count; i++) {
		const struct act_as *entry = &endpoint->act_as[i];

		strings_add(arena, &texts,
			arena_printf(arena, "%s as %s: %s", entry->group,
				entry->users.count == 0 ? "anybody"
							: strings_join(arena, &entry->users, ", "),
				strings_join(arena, &entry->commands, ", ")));
	}
	return texts;
}

static void compare_limits(
	struct diff_changes *changes, const struct limits *old, const struct limits *new)
{
	compare_numbers(
		changes, "sessions_per_user", old->sessions_per_user, new->sessions_per_user);
	compare_numbers(changes, "request_size", old->request_size, new->request_size);
	compare_numbers(changes, "service_timeout", old->service_timeout, new->service_timeout);
	compare_numbers(
		changes, "handshake_timeout", old->handshake_timeout, new->handshake_timeout);
}

static const char *seconds(struct arena *arena, unsigned number)
{
	return number == 0 ? NULL : arena_printf(arena, "%u s", number);
}

static void compare_times(
	struct diff_changes *changes, const struct limits *old, const struct limits *new)
{
	struct arena *arena = changes->arena;

	compare(changes, "idle_timeout", seconds(arena, old->idle_timeout),
		seconds(arena, new->idle_timeout),
		new->idle_timeout == 0 ? "sessions stay open" : NULL);
	compare(changes, "session_timeout", seconds(arena, old->session_timeout),
		seconds(arena, new->session_timeout),
		new->session_timeout == 0 ? "sessions stay open" : NULL);
	compare(changes, "warning_time", seconds(arena, old->warning_time),
		seconds(arena, new->warning_time), NULL);
}

static const char *drive_as_text(struct arena *arena, const struct drive *drive)
{
	if (drive == NULL)
		return NULL;
	return arena_printf(arena, "%s%s, kept %s, of %s, by %s", drive_text(arena, drive),
		drive->read_only ? ", read-only" : "",
		drive->keep == 0 ? "for ever" : seconds(arena, drive->keep), drive->run_as,
		drive->program);
}

static void compare_approval(struct diff_changes *changes, const struct approval_rule *old,
	const struct approval_rule *new)
{
	compare(changes, "approval", old->required ? "required" : "none",
		new->required ? "required" : "none",
		new->required ? NULL : "nobody is asked any more");
	compare_flags(changes, "learn", old->learn, new->learn, NULL);
	compare_flags(changes, "self_approval", old->self_approval, new->self_approval,
		"people approve what they ask for");
	compare_numbers(changes, "approvers", old->approvers, new->approvers);
	diff_lists(changes, "approver_groups", &old->groups, &new->groups);
}

void diff_endpoint_keys(
	struct diff_changes *changes, const struct endpoint *before, const struct endpoint *after)
{
	struct strings old = act_as_texts(changes->arena, before),
		       new = act_as_texts(changes->arena, after);
	bool root = after->run_as != NULL && strcmp(after->run_as, "root") == 0;

	compare(changes, "run_as", before->run_as, after->run_as, root ? "root" : NULL);
	compare(changes, "profile", before->profile_name, after->profile_name,
		after->profile_name == NULL ? "no profile is its ceiling" : NULL);
	compare(changes, "required_groups", rule_text(changes->arena, before->required_groups),
		rule_text(changes->arena, after->required_groups),
		after->required_groups == NULL ? "no group is required" : NULL);
	compare(changes, "authenticate", asked[before->authenticate], asked[after->authenticate],
		after->authenticate < before->authenticate ? "people are asked less" : NULL);
	compare(changes, "merge", merges[before->merge], merges[after->merge],
		after->merge == MERGE_JEA ? "grants of several roles add up" : NULL);
	compare(changes, "audit", audit_level_names[before->audit], audit_level_names[after->audit],
		after->audit < before->audit ? "less is recorded" : NULL);
	compare(changes, "audit_failure", failures[before->audit_failure],
		failures[after->audit_failure],
		after->audit_failure == AUDIT_FAILURE_CONTINUE ? "runs without a record" : NULL);
	compare(changes, "transcript", transcript_mode_names[before->transcript.mode],
		transcript_mode_names[after->transcript.mode],
		after->transcript.mode < before->transcript.mode ? "less is recorded" : NULL);
	compare_flags(changes, "transcript_input", before->transcript.input,
		after->transcript.input, NULL);
	compare_flags(changes, "allow_unset_loginuid", before->allow_unset_loginuid,
		after->allow_unset_loginuid, "processes without a login are let in");
	compare_approval(changes, &before->approval, &after->approval);
	diff_lists(changes, "act_as", &old, &new);
	compare_limits(changes, &before->limits, &after->limits);
	compare_times(changes, &before->limits, &after->limits);
	compare(changes, "user_drive", drive_as_text(changes->arena, before->drive),
		drive_as_text(changes->arena, after->drive), NULL);
	compare_flags(changes, "pipelines", before->pipelines, after->pipelines, NULL);
	compare(changes, "contact", before->contact, after->contact, NULL);
	compare(changes, "motd", before->motd, after->motd, NULL);
}
