/*
 * Modules are others' code in a root process. What they leave behind in it (limits, umask, a
 * keyring, an environment) reaches no program: the child sets all of that itself. What they answer
 * is checked, and so is that they are still talking of the same account.
 */
#include "spawn/pam.h"

#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/protocol.h"

#define SERVICE "rolegate"

enum { MESSAGES_MAX = 32 }; /* of one call; PAM_MAX_NUM_MSG */

static pam_handle_t *kept, *inherited;
static pid_t kept_by;

static int style_of(int style)
{
	switch (style) {
	case PAM_PROMPT_ECHO_OFF:
		return PROMPT_ECHO_OFF;
	case PAM_PROMPT_ECHO_ON:
		return PROMPT_ECHO_ON;
	case PAM_TEXT_INFO:
		return PROMPT_INFO;
	case PAM_ERROR_MSG:
		return PROMPT_ERROR;
	default: /* PAM_BINARY_PROMPT and whatever comes */
		return -1;
	}
}

static void forget_replies(struct pam_response *replies, int count)
{
	for (int i = 0; i < count; i++) {
		if (replies[i].resp == NULL)
			continue;
		explicit_bzero(replies[i].resp, strlen(replies[i].resp));
		free(replies[i].resp);
	}
	free(replies);
}

/* Linux-PAM's shape: an array of pointers to messages. */
static int converse(int count, const struct pam_message **messages, struct pam_response **replies,
	void *context)
{
	const struct pam_talk *talk = context;
	struct pam_response *answers;

	if (count <= 0 || count > MESSAGES_MAX || talk == NULL || talk->ask == NULL)
		return PAM_CONV_ERR;
	answers = calloc((size_t)count, sizeof(*answers));
	if (answers == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++) {
		int style = style_of(messages[i]->msg_style);
		const char *text = messages[i]->msg != NULL ? messages[i]->msg : "";
		bool prompt = style == PROMPT_ECHO_OFF || style == PROMPT_ECHO_ON;

		if (style < 0 || talk->ask(talk->context, style, text, &answers[i].resp) < 0 ||
			(prompt && answers[i].resp == NULL)) {
			forget_replies(answers, count);
			return PAM_CONV_ERR;
		}
	}
	*replies = answers;
	return PAM_SUCCESS;
}

int pam_preload(void)
{
	static const struct pam_conv silent = { .conv = converse };
	pam_handle_t *handle = NULL;
	int result = pam_start(SERVICE, "root", &silent, &handle);

	if (result != PAM_SUCCESS)
		return result;
	/* The end of one that was not used is a record of a failure, which each session would make. */
	if (kept_by != getpid())
		inherited = kept;
	else if (kept != NULL)
		(void)pam_end(kept, PAM_SUCCESS);
	(void)inherited;
	kept = handle;
	kept_by = getpid();
	return PAM_SUCCESS;
}

static int start(const char *user, const char *caller, const char *tty, const struct pam_talk *talk,
	pam_handle_t **handle)
{
	/* The library only hands the pointer back to converse(), which takes it as const. */
	struct pam_conv conversation = { .conv = converse, .appdata_ptr = (void *)(uintptr_t)talk };
	int result = pam_start(SERVICE, user, &conversation, handle);

	if (result == PAM_SUCCESS)
		result = pam_set_item(*handle, PAM_RUSER, caller);
	if (result == PAM_SUCCESS && tty != NULL)
		result = pam_set_item(*handle, PAM_TTY, tty);
	return result;
}

/* A module may map a name to another; what was decided was decided for this one. */
static bool is_still(pam_handle_t *handle, const char *user)
{
	const void *now = NULL;

	return pam_get_item(handle, PAM_USER, &now) == PAM_SUCCESS && now != NULL &&
		strcmp(now, user) == 0;
}

static const char *explain(
	struct arena *arena, pam_handle_t *handle, const char *what, const char *user, int result)
{
	return arena_printf(arena, "%s for %s: %s", what, user, pam_strerror(handle, result));
}

static int authenticate_caller(struct arena *arena, pam_handle_t *handle, const char *user,
	bool *authentication_failed, const char **complaint)
{
	int result = pam_authenticate(handle, PAM_DISALLOW_NULL_AUTHTOK);

	if (result == PAM_SUCCESS && is_still(handle, user))
		return PAM_SUCCESS;
	*authentication_failed = true;
	*complaint = result == PAM_SUCCESS
		? arena_printf(arena, "PAM authenticated somebody other than %s", user)
		: explain(arena, handle, "authentication", user, result);
	return result == PAM_SUCCESS ? PAM_USER_UNKNOWN : result;
}

static int check_account(
	struct arena *arena, pam_handle_t *handle, const char *user, const char **complaint)
{
	int result = pam_acct_mgmt(handle, 0);

	if (result == PAM_NEW_AUTHTOK_REQD)
		*complaint = arena_printf(
			arena, "the password of %s has expired: change it first, at a login", user);
	else if (result != PAM_SUCCESS)
		*complaint = explain(arena, handle, "account check", user, result);
	else if (!is_still(handle, user)) {
		*complaint = arena_printf(arena, "PAM checked an account other than %s", user);
		result = PAM_USER_UNKNOWN;
	}
	return result;
}

int pam_check_caller(struct arena *arena, const char *user, const char *tty, bool authenticate,
	const struct pam_talk *talk, bool *authentication_failed, const char **complaint)
{
	pam_handle_t *handle = NULL;
	int result = start(user, user, tty, talk, &handle);

	*authentication_failed = false;
	if (result != PAM_SUCCESS)
		*complaint = explain(arena, handle, "PAM", user, result);
	if (result == PAM_SUCCESS && authenticate)
		result = authenticate_caller(arena, handle, user, authentication_failed, complaint);
	if (result == PAM_SUCCESS)
		result = check_account(arena, handle, user, complaint);
	if (handle != NULL)
		(void)pam_end(handle, result);
	return result == PAM_SUCCESS ? 0 : -1;
}

struct pam_session {
	pam_handle_t *handle;
};

static int open_session(
	struct arena *arena, pam_handle_t *handle, const char *account, const char **complaint)
{
	int result = pam_setcred(handle, PAM_ESTABLISH_CRED);
	const char *what = "credentials";

	if (result == PAM_SUCCESS) {
		result = pam_open_session(handle, 0);
		what = "session";
		if (result != PAM_SUCCESS)
			(void)pam_setcred(handle, PAM_DELETE_CRED);
	}
	if (result != PAM_SUCCESS) {
		*complaint = explain(arena, handle, what, account, result);
		return result;
	}
	if (is_still(handle, account))
		return PAM_SUCCESS;
	*complaint =
		arena_printf(arena, "PAM opened a session for an account other than %s", account);
	(void)pam_close_session(handle, 0);
	(void)pam_setcred(handle, PAM_DELETE_CRED);
	return PAM_USER_UNKNOWN;
}

struct pam_session *pam_session_open(struct arena *arena, const char *account, const char *caller,
	const char *tty, const struct pam_talk *talk, const char **complaint)
{
	struct pam_session *session = malloc(sizeof(*session));
	pam_handle_t *handle = NULL;
	int result = session == NULL ? PAM_BUF_ERR : start(account, caller, tty, talk, &handle);

	if (result != PAM_SUCCESS)
		*complaint = explain(arena, handle, "PAM", account, result);
	else
		result = open_session(arena, handle, account, complaint);
	if (result == PAM_SUCCESS) {
		session->handle = handle;
		return session;
	}
	if (handle != NULL)
		(void)pam_end(handle, result);
	free(session);
	return NULL;
}

void pam_session_close(struct pam_session *session)
{
	int result;

	if (session == NULL)
		return;
	result = pam_close_session(session->handle, 0);
	(void)pam_setcred(session->handle, PAM_DELETE_CRED);
	(void)pam_end(session->handle, result);
	free(session);
}
