/*
 * rolegatectl: tells policy authors and reviewers what a configuration means. It has no right of
 * its own, and what it reads is never handed to the gateway (R9).
 */
#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>

#include "admin/admin.h"
#include "base/message.h"

#define READS (OPTION_CONFIG | OPTION_JSON)
#define ASKS (OPTION_ENDPOINT | OPTION_JSON | OPTION_NO_PROMPT)
#define WHO (OPTION_USER | OPTION_ROLES | OPTION_ENDPOINT)

static const struct verb verbs[] = {
	{"check", READS, false, check_run, false},
	{"show", READS | OPTION_ROLES | OPTION_ENDPOINT | OPTION_PROFILE, true, show_run, false},
	{"explain", READS | WHO | OPTION_ACT_AS | OPTION_LINE | OPTION_BATCH | OPTION_WORDS, false,
		explain_run, false},
	{"trial", OPTION_CONFIG | WHO | OPTION_AS | OPTION_WORDS, false, trial_verb, false},
	{"trust", READS, false, trust_verb, true},
	{"bundle", READS | OPTION_BUNDLE, 2, bundle_run, false},
	{"pending", ASKS, false, pending_run, true},
	{"approve", ASKS, false, approve_run, true},
	{"reject", ASKS, false, reject_run, true},
	{"revoke", ASKS, false, revoke_run, true},
	{"verify-log", READS, false, verify_log_verb, true},
	{"log", READS, false, log_verb, true},
	{"replay", READS, false, replay_verb, true},
	{"watch", READS, false, watch_verb, true},
	{"report", READS, false, report_verb, true},
	{"sessions", READS | OPTION_USER, false, sessions_verb, false},
	{"terminate", READS | OPTION_USER, false, terminate_verb, true},
	{"new-role", READS, false, new_role_verb, true},
	{"diff", READS, false, diff_verb, true},
	{"import", READS, false, import_verb, true},
	{"test", READS, false, test_verb, true},
	{"status", READS, false, status_run, false},
	{"reload", READS, false, reload_run, false},
	{NULL, 0, false, NULL, false},
};

static bool wants_json(char *const *words)
{
	for (; *words != NULL && strcmp(*words, "--") != 0; words++)
		if (strcmp(*words, "--json") == 0)
			return true;
	return false;
}

/* Where a verb has no answer, whoever reads JSON is still told why. */
static void say_error(void)
{
	struct arena *arena;

	if (message_last() == NULL || __fpending(stdout) > 0)
		return;
	arena = arena_new();
	printf("{\"error\":%s}\n", json_text(arena, message_last()));
	arena_free(arena);
}

int main(int argc, char **argv)
{
	/* R11: an empty argv has no first word to skip. */
	char *const *words = argc > 0 ? argv + 1 : argv;

	const struct verb *verb = NULL;
	struct options options;
	int status;

	message_set_name("rolegatectl");
	switch (options_parse(verbs, words, &verb, &options)) {
	case 0:
		status = verb->run(&options);
		break;
	case 1:
		status = ADMIN_OK;
		break;
	default:
		usage(stderr, verb == NULL ? NULL : verb->name);
		status = ADMIN_WRONG;
	}
	if (status != ADMIN_OK && wants_json(words))
		say_error();
	if (fflush(stdout) != 0 || ferror(stdout)) {
		message_error("writing to stdout: %s", strerror(errno));
		return ADMIN_WRONG;
	}
	return status;
}
