/* What recorder.conf names, and the recorder could not start without. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "admin/check.h"
#include "recorder/settings.h"
#include "spawn/account.h"

static const struct source file = {"recorder.conf", 0};

void check_recorder(const struct settings *settings, struct problems *problems)
{
	struct account account;
	const char *complaint;

	/* Its usual account is the package's to make, and is missed where nothing is recorded. */
	if (strcmp(settings->account, "rolegate-recorder") != 0 &&
		account_by_name(problems->arena, settings->account, &account, &complaint) != 0)
		problem_add(problems, PROBLEM_WARNING, file, "account: %s", complaint);
	if (settings->signing_key != NULL && access(settings->signing_key, F_OK) != 0)
		problem_add(problems, PROBLEM_WARNING, file, "signing_key: %s: %s",
			settings->signing_key, strerror(errno));
}
