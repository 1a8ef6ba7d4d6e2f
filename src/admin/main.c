/*
 * rolegatectl: tells policy authors and reviewers what a configuration means. It has no right of
 * its own, and what it reads is never handed to the gateway (R9).
 */
#include <errno.h>
#include <stdio.h>
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

int main(int argc, char **argv)
{
	const struct verb *verb = NULL;
	struct options options;
	int status;

	message_set_name("rolegatectl");
	/* R11: an empty argv has no first word to skip. */
	switch (options_parse(verbs, argc > 0 ? argv + 1 : argv, &verb, &options)) {
	case 0:
		status = verb->run(&options);
		break;
	case 1:
		status = ADMIN_OK;
		break;
	default:
		usage(stderr, verb == NULL ? NULL : verb->name);
		return ADMIN_WRONG;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		message_error("writing to stdout: %s", strerror(errno));
		return ADMIN_WRONG;
	}
	return status;
}
