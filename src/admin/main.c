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
#define ASKS (OPTION_ENDPOINT | OPTION_JSON)
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
	{"status", READS, false, status_run, false},
	{"reload", READS, false, reload_run, false},
	{NULL, 0, false, NULL, false},
};

void usage(FILE *to)
{
	fputs("usage: rolegatectl [--config DIR] [--json] VERB ...\n"
	      "  check                                        every error and warning\n"
	      "  show USER | --roles A,B [--endpoint E]       what they may run, and by which "
	      "line\n"
	      "  show --profile [NAME]                        what a profile restricts, and by "
	      "which line\n"
	      "  explain (--user U [--act-as V] | --roles A,B) [--endpoint E]\n"
	      "          (-- CMD [ARG ...] | --line LINE | --batch FILE)\n"
	      "                                               the decision, and why\n"
	      "  trial [--user U | --roles A,B] [--endpoint E] [--as ACCOUNT] -- CMD [ARG ...]\n"
	      "                                               run it once, and print the least "
	      "profile\n"
	      "  trust add NAME|PATH [--level L] [--on-mismatch M] [--pin-interpreter] [--id UUID]\n"
	      "            [--signed-by KEY]                  trust a script as it is now\n"
	      "  trust list | verify                          what is trusted; whether it still is "
	      "that\n"
	      "  trust update NAME|PATH|ID                    trust what it has become\n"
	      "  trust generate [--level L] DIR               entries for all scripts of a staging "
	      "directory\n"
	      "  bundle key --key FILE                        the public key, as trusted_keys has "
	      "it\n"
	      "  bundle sign DIR --key FILE [--key-name NAME] [--name TEXT]\n"
	      "                                               sign a configuration directory\n"
	      "  bundle verify DIR [--keys FILE]              whether it is as it was signed\n"
	      "  bundle install DIR [--trust-key FILE] [--allow-older]\n"
	      "                                               put it in the configuration's "
	      "place\n"
	      "  bundle rollback                              the former configuration back\n"
	      "  bundle list                                  what is installed, and the former "
	      "one\n"
	      "  status                                       what the gateway is doing\n"
	      "  reload                                       load the configuration again\n"
	      "  pending [show N] [-e ENDPOINT]               what waits for approval\n"
	      "  approve N [--for 8h] [--once] [--role R] [--as-caller-only] --reason TEXT\n"
	      "  reject N --reason TEXT, revoke N --reason TEXT\n"
	      "                                               decide on it, or take it back\n"
	      "  --help, --version\n",
		to);
}

int main(int argc, char **argv)
{
	const struct verb *verb;
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
		usage(stderr);
		return ADMIN_WRONG;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		message_error("writing to stdout: %s", strerror(errno));
		return ADMIN_WRONG;
	}
	return status;
}
