/*
 * The account module: nobody without a role at the gateway gets a login. It runs in sshd's process,
 * as root, before the person has any process of their own; the name that it is given is the only
 * thing of theirs that it sees, and the gateway judges it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include "gateway.h"
#include "local.h"
#include "options.h"

/* The tests' module has others. */
#ifndef GATEWAY_OWNER
#define GATEWAY_OWNER 0
#define GROUP_FILE "/etc/group"
#define PASSWD_FILE "/etc/passwd"
#endif

#define EXPORTED __attribute__((visibility("default")))

enum { USER_MAX = 256 /* bytes */ };

static const char no_role[] = "You have no role on this host, so that you can't log in here.";
static const char unknown[] =
	"Whether you have a role on this host can't be found out now, so that you can't log in.";

static void tell(pam_handle_t *pam, int flags, const char *text)
{
	if ((flags & PAM_SILENT) == 0)
		(void)pam_error(pam, "%s", text);
}

/* R6: nothing that a file's or a record's line would take for two, and nothing that a log obeys. */
static bool is_name(const char *user)
{
	size_t length = strnlen(user, USER_MAX + 1);

	if (length == 0 || length > USER_MAX || user[0] == '-')
		return false;
	for (const char *at = user; *at != '\0'; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f || strchr(":/,", *at) != NULL)
			return false;
	return true;
}

static bool is_exempt(const struct options *options, const char *user)
{
	for (size_t i = 0; i < options->exempt_users.count; i++)
		if (strcmp(options->exempt_users.items[i], user) == 0)
			return true;
	return local_is_member(GROUP_FILE, PASSWD_FILE, user, &options->exempt_groups);
}

static int on_failure(pam_handle_t *pam, int flags, const struct options *options, const char *user,
	const char *why)
{
	pam_syslog(pam, LOG_ERR, "%s: %s: %s", user, why,
		options->allow_on_failure ? "not checked (failure=allow)" : "denied");
	if (options->allow_on_failure)
		return PAM_IGNORE;
	tell(pam, flags, unknown);
	return PAM_AUTHINFO_UNAVAIL;
}

/* `contact`: "; ask …", or NULL. */
static void tell_no_role(
	pam_handle_t *pam, int flags, const struct options *options, const char *contact)
{
	char text[sizeof(((struct gateway_answer *)0)->why) + sizeof(no_role)];
	size_t marked = strlen(PERMITTED_CONTACT);

	if (options->message != NULL || contact == NULL) {
		tell(pam, flags, options->message == NULL ? no_role : options->message);
		return;
	}
	snprintf(text, sizeof(text), "%s Ask %s.", no_role, contact + marked);
	tell(pam, flags, text);
}

static int decide(pam_handle_t *pam, int flags, const struct options *options, const char *user,
	int64_t deadline)
{
	struct gateway_answer answer;
	const char *why;

	if (gateway_ask(ROLEGATE_RUN_DIR "/control.sock", GATEWAY_OWNER, user, &options->endpoints,
		    deadline, &answer, &why) != 0)
		return on_failure(pam, flags, options, user, why);
	switch (answer.permitted) {
	case PERMITTED_YES:
		if (options->debug)
			pam_syslog(pam, LOG_DEBUG, "%s: %s", user, answer.why);
		return PAM_SUCCESS;
	case PERMITTED_NO:
		pam_syslog(pam, LOG_NOTICE, "%s: denied: %s", user, answer.why);
		tell_no_role(pam, flags, options, strstr(answer.why, PERMITTED_CONTACT));
		return PAM_PERM_DENIED;
	default:
		return on_failure(pam, flags, options, user, answer.why);
	}
}

EXPORTED int pam_sm_acct_mgmt(pam_handle_t *pam, int flags, int argc, const char **argv)
{
	int64_t start = gateway_now();
	const char *user = NULL, *word, *complaint;
	struct options options;

	if (options_parse(&options, argc, argv, &word, &complaint) != 0) {
		pam_syslog(pam, LOG_ERR, "denied: %s%s%s", word == NULL ? "" : word,
			word == NULL ? "" : ": ", complaint);
		tell(pam, flags, unknown);
		return PAM_SERVICE_ERR;
	}
	/* Not pam_get_user(), which would ask for one. */
	if (pam_get_item(pam, PAM_USER, (const void **)&user) != PAM_SUCCESS || user == NULL ||
		!is_name(user)) {
		pam_syslog(pam, LOG_ERR, "denied: no name that an account could have");
		return PAM_USER_UNKNOWN;
	}
	if (is_exempt(&options, user)) {
		pam_syslog(pam, LOG_NOTICE, "%s: exempt", user);
		return PAM_IGNORE;
	}
	return decide(pam, flags, &options, user, start + 1000 * (int64_t)options.timeout);
}

/* It has no say in these, wherever it is listed. */
#define IGNORES(name)                                                                              \
	EXPORTED int name(pam_handle_t *pam, int flags, int argc, const char **argv)               \
	{                                                                                          \
		(void)pam;                                                                         \
		(void)flags;                                                                       \
		(void)argc;                                                                        \
		(void)argv;                                                                        \
		return PAM_IGNORE;                                                                 \
	}

IGNORES(pam_sm_authenticate)
IGNORES(pam_sm_setcred)
IGNORES(pam_sm_open_session)
IGNORES(pam_sm_close_session)
IGNORES(pam_sm_chauthtok)
