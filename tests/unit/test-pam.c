/*
 * What modules answer, and what they ask. The test stands in for libpam: it is linked before it,
 * so that every answer of every call can be had, without a service file and without root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/protocol.h"
#include "spawn/pam.h"

struct pam_handle {
	struct pam_conv conversation;
	const char *user, *ruser, *tty;
};

/* What each call of the stand-in answers, and what it saw. */
static struct {
	int start, authenticate, account, credentials, session;
	const char *other_user; /* a module maps the name to this one */
	int prompt_style, prompts;
	int asked_result;
	char answer[32];
	int opened, closed, established, deleted, ended, flags;
	char service[32];
} pam;

int pam_start(const char *service, const char *user, const struct pam_conv *conversation,
	pam_handle_t **handle)
{
	*handle = NULL;
	strncpy(pam.service, service, sizeof(pam.service) - 1);
	if (pam.start != PAM_SUCCESS)
		return pam.start;
	*handle = calloc(1, sizeof(**handle));
	(*handle)->conversation = *conversation;
	(*handle)->user = user;
	return PAM_SUCCESS;
}

int pam_end(pam_handle_t *handle, int status)
{
	(void)status;
	pam.ended++;
	free(handle);
	return PAM_SUCCESS;
}

int pam_set_item(pam_handle_t *handle, int item, const void *value)
{
	if (item == PAM_RUSER)
		handle->ruser = value;
	if (item == PAM_TTY)
		handle->tty = value;
	return PAM_SUCCESS;
}

int pam_get_item(const pam_handle_t *handle, int item, const void **value)
{
	assert_int_equal(item, PAM_USER);
	*value = pam.other_user != NULL ? pam.other_user : handle->user;
	return PAM_SUCCESS;
}

const char *pam_strerror(pam_handle_t *handle, int result)
{
	(void)handle, (void)result;
	return "the stand-in says so";
}

static void ask(const pam_handle_t *handle)
{
	struct pam_message message = { .msg_style = pam.prompt_style, .msg = "Password: " };
	const struct pam_message *messages[64];
	struct pam_response *replies = NULL;

	for (int i = 0; i < 64; i++)
		messages[i] = &message;
	pam.asked_result = handle->conversation.conv(
		pam.prompts, messages, &replies, handle->conversation.appdata_ptr);
	if (pam.asked_result != PAM_SUCCESS) {
		assert_null(replies);
		return;
	}
	for (int i = 0; i < pam.prompts; i++) {
		if (replies[i].resp != NULL)
			strncpy(pam.answer, replies[i].resp, sizeof(pam.answer) - 1);
		free(replies[i].resp);
	}
	free(replies);
}

int pam_authenticate(pam_handle_t *handle, int flags)
{
	pam.flags = flags;
	if (pam.prompts != 0)
		ask(handle);
	return pam.authenticate;
}

int pam_acct_mgmt(pam_handle_t *handle, int flags)
{
	(void)handle, (void)flags;
	return pam.account;
}

int pam_setcred(pam_handle_t *handle, int flags)
{
	(void)handle;
	if (flags == PAM_DELETE_CRED) {
		pam.deleted++;
		return PAM_SUCCESS;
	}
	pam.established++;
	return pam.credentials;
}

int pam_open_session(pam_handle_t *handle, int flags)
{
	(void)handle, (void)flags;
	pam.opened++;
	return pam.session;
}

int pam_close_session(pam_handle_t *handle, int flags)
{
	(void)handle, (void)flags;
	pam.closed++;
	return PAM_SUCCESS;
}

/* The person at the other end. */
struct person {
	int asked, fail_at, last_style;
};

static int answer(void *context, int style, const char *text, char **reply)
{
	struct person *person = context;

	person->last_style = style;
	assert_string_equal(text, "Password: ");
	if (++person->asked == person->fail_at)
		return -1;
	if (style == PROMPT_ECHO_OFF || style == PROMPT_ECHO_ON)
		*reply = strdup("secret");
	return 0;
}

static struct arena *arena;
static struct person person;
static const struct pam_talk talk = { .ask = answer, .context = &person };

static int check(bool authenticate, bool *authentication_failed, const char **complaint)
{
	*complaint = NULL;
	return pam_check_caller(
		arena, "dana", "/dev/pts/3", authenticate, &talk, authentication_failed, complaint);
}

static void expect_refused(bool authenticate, bool authentication_failed, const char *words)
{
	const char *complaint;
	bool failed;

	assert_int_equal(check(authenticate, &failed, &complaint), -1);
	assert_int_equal(failed, authentication_failed);
	assert_non_null(complaint);
	if (strstr(complaint, words) == NULL)
		fail_msg("no \"%s\" in: %s", words, complaint);
	assert_int_equal(pam.ended, 1);
	pam.ended = 0;
}

static void a_good_caller_passes(void **state)
{
	const char *complaint;
	bool failed = true;

	(void)state;
	assert_int_equal(check(true, &failed, &complaint), 0);
	assert_false(failed);
	assert_string_equal(pam.service, "rolegate");
	assert_true((pam.flags & PAM_DISALLOW_NULL_AUTHTOK) != 0);
	assert_int_equal(pam.ended, 1);
}

static void authentication_is_only_asked_for_if_wanted(void **state)
{
	const char *complaint;
	bool failed;

	(void)state;
	pam.authenticate = PAM_AUTH_ERR;
	assert_int_equal(check(false, &failed, &complaint), 0);
	pam.ended = 0;
	expect_refused(true, true, "authentication for dana");
}

static void every_other_answer_is_a_refusal(void **state)
{
	(void)state;
	for (int result = 1; result < _PAM_RETURN_VALUES; result++) {
		pam.authenticate = result;
		expect_refused(true, true, "");
		pam.authenticate = PAM_SUCCESS;
		pam.account = result;
		expect_refused(true, false, "");
		pam.account = PAM_SUCCESS;
		pam.start = result;
		pam.ended = 1; /* there is no handle to end */
		expect_refused(true, false, "PAM for dana");
		pam.start = PAM_SUCCESS;
	}
}

static void an_expired_password_is_a_sentence(void **state)
{
	(void)state;
	pam.account = PAM_NEW_AUTHTOK_REQD;
	expect_refused(false, false, "the password of dana has expired");
}

static void R20_a_module_cannot_change_who_it_is(void **state)
{
	const char *complaint = NULL;

	(void)state;
	pam.other_user = "root";
	expect_refused(true, true, "somebody other than dana");
	expect_refused(false, false, "an account other than dana");
	assert_null(pam_session_open(arena, "svc-web", "dana", NULL, &talk, &complaint));
	assert_non_null(strstr(complaint, "other than svc-web"));
	assert_int_equal(pam.closed, 1);
	assert_int_equal(pam.deleted, 1);
}

static int converse_with(int style, int prompts)
{
	const char *complaint;
	bool failed;

	pam.prompt_style = style;
	pam.prompts = prompts;
	person.asked = 0;
	(void)check(true, &failed, &complaint);
	return pam.asked_result;
}

static void all_four_styles_are_carried(void **state)
{
	static const int styles[][2] = { { PAM_PROMPT_ECHO_OFF, PROMPT_ECHO_OFF },
		{ PAM_PROMPT_ECHO_ON, PROMPT_ECHO_ON }, { PAM_ERROR_MSG, PROMPT_ERROR },
		{ PAM_TEXT_INFO, PROMPT_INFO } };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(converse_with(styles[i][0], 1), PAM_SUCCESS);
		assert_int_equal(person.last_style, styles[i][1]);
		assert_int_equal(person.asked, 1);
	}
	assert_string_equal(pam.answer, "secret");
}

static void binary_and_unknown_prompts_are_refused(void **state)
{
	(void)state;
	assert_int_equal(converse_with(PAM_BINARY_PROMPT, 1), PAM_CONV_ERR);
	assert_int_equal(converse_with(PAM_RADIO_TYPE, 1), PAM_CONV_ERR);
	assert_int_equal(converse_with(99, 1), PAM_CONV_ERR);
	assert_int_equal(person.asked, 0);
}

static void the_number_of_messages_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(converse_with(PAM_PROMPT_ECHO_OFF, 32), PAM_SUCCESS);
	assert_int_equal(converse_with(PAM_PROMPT_ECHO_OFF, 33), PAM_CONV_ERR);
	assert_int_equal(converse_with(PAM_PROMPT_ECHO_OFF, -1), PAM_CONV_ERR);
	assert_int_equal(person.asked, 0);
}

/* With -n, or when the client is gone: the answers so far are not kept (see the leak checker). */
static void who_cannot_be_asked_has_not_answered(void **state)
{
	(void)state;
	person.fail_at = 3;
	assert_int_equal(converse_with(PAM_PROMPT_ECHO_OFF, 5), PAM_CONV_ERR);
	assert_int_equal(person.asked, 3);
}

static void a_session_is_opened_and_closed(void **state)
{
	const char *complaint;
	struct pam_session *session =
		pam_session_open(arena, "svc-web", "dana", "/dev/pts/3", &talk, &complaint);

	(void)state;
	assert_non_null(session);
	assert_int_equal(pam.established, 1);
	assert_int_equal(pam.opened, 1);
	pam_session_close(session);
	assert_int_equal(pam.closed, 1);
	assert_int_equal(pam.deleted, 1);
	assert_int_equal(pam.ended, 1);
	pam_session_close(NULL);
}

static void a_session_that_fails_leaves_nothing_open(void **state)
{
	const char *complaint = NULL;

	(void)state;
	pam.session = PAM_SESSION_ERR;
	assert_null(pam_session_open(arena, "svc-web", "dana", NULL, &talk, &complaint));
	assert_non_null(strstr(complaint, "session for svc-web"));
	assert_int_equal(pam.deleted, 1);
	assert_int_equal(pam.ended, 1);
	pam.credentials = PAM_CRED_ERR;
	assert_null(pam_session_open(arena, "svc-web", "dana", NULL, &talk, &complaint));
	assert_non_null(strstr(complaint, "credentials for svc-web"));
	assert_int_equal(pam.opened, 1);
	assert_int_equal(pam.ended, 2);
}

static void preloading_keeps_one_handle(void **state)
{
	(void)state;
	assert_int_equal(pam_preload(), PAM_SUCCESS);
	assert_int_equal(pam.ended, 0);
	assert_int_equal(pam_preload(), PAM_SUCCESS);
	assert_int_equal(pam.ended, 1);
	pam.start = PAM_ABORT;
	assert_int_equal(pam_preload(), PAM_ABORT);
	assert_int_equal(pam.ended, 1);
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	memset(&pam, 0, sizeof(pam));
	person = (struct person){ .asked = 0 };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_good_caller_passes),
		TEST(authentication_is_only_asked_for_if_wanted),
		TEST(every_other_answer_is_a_refusal),
		TEST(an_expired_password_is_a_sentence),
		TEST(R20_a_module_cannot_change_who_it_is),
		TEST(all_four_styles_are_carried),
		TEST(binary_and_unknown_prompts_are_refused),
		TEST(the_number_of_messages_is_bounded),
		TEST(who_cannot_be_asked_has_not_answered),
		TEST(a_session_is_opened_and_closed),
		TEST(a_session_that_fails_leaves_nothing_open),
		TEST(preloading_keeps_one_handle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
