/*
 * pam_rolegate(8) as an application has it: loaded by libpam from a service of the test's own, in
 * front of a gateway of the test's own. Nothing outside of one directory is touched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gateway.h"

enum answer_kind { ANSWER_PACKET, ANSWER_NONE, ANSWER_CLOSE, ANSWER_BYTES };

static char directory[] = "/tmp/rolegate-pam-XXXXXX";
static char module[PATH_MAX];
static pid_t gateway;
static char told[1024];

static int set_up_group(void **state)
{
	(void)state;
	assert_non_null(realpath("tests/unit/pam_rolegate_here.so", module));
	assert_non_null(mkdtemp(directory));
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(mkdir("services", 0700), 0);
	return 0;
}

static int tear_down_group(void **state)
{
	static const char *const names[] = {
		"services/test", "passwd", "group", "control.sock", "services"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)remove(names[i]);
	return chdir("/") == 0 && remove(directory) == 0 ? 0 : -1;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int listen_here(int backlog)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "./control.sock"};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	unlink("control.sock");
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

static void serve(int listening, enum answer_kind kind, const void *bytes, size_t length)
{
	char question[8192];
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing behind */
	fd = accept(listening, NULL, NULL);

	if (recv(fd, question, sizeof(question), 0) <= 0)
		_exit(1);
	if (kind == ANSWER_NONE)
		pause();
	if (kind != ANSWER_CLOSE)
		(void)!send(fd, bytes, length, MSG_NOSIGNAL);
	_exit(0);
}

/* A gateway that takes one question. */
static void gateway_is(enum answer_kind kind, const void *bytes, size_t length)
{
	int listening = listen_here(8);

	gateway = fork();
	assert_true(gateway >= 0);
	if (gateway == 0)
		serve(listening, kind, bytes, length);
	close(listening);
}

static size_t make_answer(uint8_t *bytes, uint32_t status, const char *text)
{
	const uint8_t head[] = {PROTOCOL_VERSION, 0, PACKET_ANSWER, 0, 0, (uint8_t)status,
		(uint8_t)(status >> 8), (uint8_t)(status >> 16), (uint8_t)(status >> 24),
		(uint8_t)strlen(text), 0, 0, 0};

	memcpy(bytes, head, sizeof(head));
	memcpy(bytes + sizeof(head), text, strlen(text));
	return sizeof(head) + strlen(text);
}

static void gateway_says(uint32_t status)
{
	uint8_t bytes[128];

	gateway_is(ANSWER_PACKET, bytes, make_answer(bytes, status, "because"));
}

static void gateway_ends(void)
{
	if (gateway > 0) {
		kill(gateway, SIGKILL);
		waitpid(gateway, NULL, 0);
	}
	gateway = 0;
	unlink("control.sock");
}

static int talk(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	(void)context;
	*responses = calloc((size_t)count, sizeof(**responses));
	for (int i = 0; i < count; i++) {
		if (messages[i]->msg_style == PAM_TEXT_INFO)
			continue; /* pam_debug's */
		assert_int_equal(messages[i]->msg_style, PAM_ERROR_MSG);
		snprintf(told, sizeof(told), "%s", messages[i]->msg);
	}
	return PAM_SUCCESS;
}

/* What pam_acct_mgmt() says for a service with this module and these options alone. */
static int check_with(const char *user, const char *options, const char *control, const char *after)
{
	const struct pam_conv conversation = {.conv = talk};
	pam_handle_t *handle = NULL;
	char line[2 * PATH_MAX];
	int result;

	told[0] = '\0';
	snprintf(line, sizeof(line), "account %s %s %s\n%s", control, module, options, after);
	write_file("services/test", line);
	assert_int_equal(
		pam_start_confdir("test", user, &conversation, "services", &handle), PAM_SUCCESS);
	result = pam_acct_mgmt(handle, 0);
	pam_end(handle, result);
	return result;
}

/* What the module itself returned: after PAM_IGNORE it is the next one's turn. */
static int check(const char *user, const char *options)
{
	int result = check_with(user, options, "[success=done ignore=ignore default=die]",
		"account [default=die] pam_debug.so acct=acct_expired\n");

	return result == PAM_ACCT_EXPIRED ? PAM_IGNORE : result;
}

static int64_t check_takes(const char *options, int *result)
{
	int64_t start = gateway_now();

	*result = check("dana", options);
	return gateway_now() - start;
}

static void who_has_a_role_gets_in(void **state)
{
	(void)state;
	gateway_says(PERMITTED_YES);
	assert_int_equal(check("dana", "endpoint=operations"), PAM_SUCCESS);
	assert_string_equal(told, "");
	gateway_ends();
}

static void who_has_none_is_told_and_denied(void **state)
{
	(void)state;
	gateway_says(PERMITTED_NO);
	assert_int_equal(check("nora", "endpoint=operations"), PAM_PERM_DENIED);
	assert_non_null(strstr(told, "You have no role"));
	gateway_ends();
	gateway_says(PERMITTED_NO);
	assert_int_equal(
		check("nora", "endpoint=operations failure=allow [message=Go away, nora.]"),
		PAM_PERM_DENIED);
	assert_string_equal(told, "Go away, nora.");
	gateway_ends();
}

static void a_gateway_that_does_not_know_counts_as_failure(void **state)
{
	(void)state;
	gateway_says(PERMITTED_UNKNOWN);
	assert_int_equal(check("dana", "endpoint=operations"), PAM_AUTHINFO_UNAVAIL);
	assert_non_null(strstr(told, "can't be found out"));
	gateway_ends();
	gateway_says(PERMITTED_UNKNOWN);
	assert_int_equal(check("dana", "endpoint=operations failure=allow"), PAM_IGNORE);
	gateway_ends();
}

static void a_gateway_that_is_down_denies_or_allows_as_configured(void **state)
{
	(void)state;
	assert_int_equal(check("dana", "endpoint=operations"), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(check("dana", "endpoint=operations failure=deny"), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(check("dana", "endpoint=operations failure=allow"), PAM_IGNORE);
	close(listen_here(1)); /* the name is there, and nobody behind it */
	assert_int_equal(check("dana", "endpoint=operations"), PAM_AUTHINFO_UNAVAIL);
	gateway_is(ANSWER_CLOSE, NULL, 0);
	assert_int_equal(check("dana", "endpoint=operations"), PAM_AUTHINFO_UNAVAIL);
	gateway_ends();
}

static void the_deadline_is_one_of_the_whole_call(void **state)
{
	int result;
	int64_t took;

	(void)state;
	gateway_is(ANSWER_NONE, NULL, 0);
	took = check_takes("endpoint=operations timeout=1", &result);
	assert_int_equal(result, PAM_AUTHINFO_UNAVAIL);
	assert_true(took >= 900 && took < 1500);
	gateway_ends();
	gateway_is(ANSWER_NONE, NULL, 0);
	took = check_takes("endpoint=operations timeout=1 failure=allow", &result);
	assert_int_equal(result, PAM_IGNORE);
	assert_true(took >= 900 && took < 1500);
	gateway_ends();
}

/* The queue of the socket is full, and nobody takes anything from it. */
static void the_deadline_holds_for_the_connection_too(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "./control.sock"};
	int listening = listen_here(0), queued[8], result;
	int64_t took;

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		queued[i] = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
		(void)connect(queued[i], (struct sockaddr *)&address, sizeof(address));
	}
	took = check_takes("endpoint=operations timeout=1", &result);
	assert_int_equal(result, PAM_AUTHINFO_UNAVAIL);
	assert_true(took >= 900 && took < 1500);
	for (size_t i = 0; i < 8; i++)
		close(queued[i]);
	close(listening);
	gateway_ends();
}

static volatile sig_atomic_t ticks;

static void on_tick(int number)
{
	(void)number;
	ticks++;
}

/* Signals of the application's neither stretch the deadline nor are they changed. */
static void signals_stay_the_applications(void **state)
{
	struct sigaction tick = {.sa_handler = on_tick}, after[65], before[65];
	const struct itimerspec often = {
		.it_interval.tv_nsec = 20000000, .it_value.tv_nsec = 20000000};
	sigset_t mask_before, mask_after;
	timer_t timer;
	int result;
	int64_t took;

	(void)state;
	memset(before, 0, sizeof(before)); /* two of the numbers are the C library's own */
	memset(after, 0, sizeof(after));
	sigaction(SIGALRM, &tick, NULL);
	for (int i = 1; i < 65; i++)
		sigaction(i, NULL, &before[i]);
	sigprocmask(SIG_SETMASK, NULL, &mask_before);
	assert_int_equal(
		timer_create(CLOCK_MONOTONIC,
			&(struct sigevent){.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM},
			&timer),
		0);
	gateway_is(ANSWER_NONE, NULL, 0);
	timer_settime(timer, 0, &often, NULL);
	took = check_takes("endpoint=operations timeout=1", &result);
	timer_delete(timer);
	assert_true(took >= 900 && took < 1500 && ticks > 10);
	for (int i = 1; i < 65; i++) {
		sigaction(i, NULL, &after[i]);
		assert_ptr_equal(before[i].sa_handler, after[i].sa_handler);
	}
	sigprocmask(SIG_SETMASK, NULL, &mask_after);
	assert_memory_equal(&mask_before, &mask_after, sizeof(unsigned long));
	signal(SIGALRM, SIG_DFL);
	gateway_ends();
}

static void what_is_no_answer_is_a_failure(void **state)
{
	uint8_t good[256];
	size_t length = make_answer(good, PERMITTED_YES, "a role");

	(void)state;
	for (size_t cut = 1; cut < length; cut++) {
		struct gateway_answer answer;

		assert_int_equal(gateway_parse(good, cut, &answer), -1);
		assert_int_not_equal(answer.permitted, PERMITTED_YES);
	}
	for (size_t at = 0; at < 13; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			struct gateway_answer answer;
			uint8_t bad[256];

			memcpy(bad, good, sizeof(bad));
			bad[at] ^= (uint8_t)(1u << bit);
			(void)gateway_parse(bad, length, &answer);
			assert_int_not_equal(answer.permitted, PERMITTED_YES);
		}
	good[2] = PACKET_REFUSED;
	gateway_is(ANSWER_BYTES, good, length);
	assert_int_equal(check("dana", "endpoint=operations"), PAM_AUTHINFO_UNAVAIL);
	gateway_ends();
}

static void R32_what_goes_to_the_log_is_plain(void **state)
{
	struct gateway_answer answer;
	uint8_t bytes[256];
	size_t length = make_answer(bytes, PERMITTED_NO, "a\x1b[2Jb\nc\xc3\xa4");

	(void)state;
	assert_int_equal(gateway_parse(bytes, length, &answer), 0);
	assert_string_equal(answer.why, "a?[2Jb?c??");
}

/* R5: whatever is not understood denies, and the gateway is not even asked. */
static void R5_unknown_options_deny(void **state)
{
	static const char *const wrong[] = {"", "failure=allow", "endpoint=", "endpoint=../x",
		"endpoint=a/b", "endpoint=operations nonsense", "endpoint=operations debug=1",
		"endpoint=operations timeout=0", "endpoint=operations timeout=61",
		"endpoint=operations timeout=-1",
		"endpoint=operations timeout=", "endpoint=operations timeout=5s",
		"endpoint=operations timeout=5 timeout=5",
		"endpoint=operations timeout=99999999999999999999",
		"endpoint=operations failure=", "endpoint=operations failure=Allow",
		"endpoint=operations failure=allow failure=deny",
		"endpoint=operations exempt_user=", "endpoint=operations exempt_group=",
		"endpoint=operations Endpoint=x", "endpoint=operations message=a message=b"};

	(void)state;
	gateway_says(PERMITTED_YES);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char options[256];

		snprintf(options, sizeof(options), "%s exempt_user=dana", wrong[i]);
		assert_int_equal(check("dana", options), PAM_SERVICE_ERR);
	}
	assert_int_equal(check("dana", "endpoint=a endpoint=b debug timeout=60"), PAM_SUCCESS);
	gateway_ends();
}

static void exempt_is_who_a_line_names_and_nobody_else(void **state)
{
	(void)state;
	write_file("passwd", "root:x:0:0::/:/bin/sh\ndana:x:1000:1000::/:/bin/sh\n"
			     "erin:x:1001:77::/:/bin/sh\n");
	write_file("group", "breakglass:x:77:dana,frank\nothers:x:78:nora\n");
	assert_int_equal(check("root", "endpoint=operations"), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(check("root", "endpoint=operations exempt_user=root"), PAM_IGNORE);
	assert_int_equal(
		check("toor", "endpoint=operations exempt_user=root"), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(check("dana", "endpoint=operations exempt_group=breakglass"), PAM_IGNORE);
	assert_int_equal(check("erin", "endpoint=operations exempt_group=breakglass"), PAM_IGNORE);
	assert_int_equal(check("frank", "endpoint=operations exempt_group=breakglass"), PAM_IGNORE);
	assert_int_equal(
		check("nora", "endpoint=operations exempt_group=breakglass"), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(
		check("dan", "endpoint=operations exempt_group=breakglass"), PAM_AUTHINFO_UNAVAIL);
	unlink("group");
	assert_int_equal(
		check("dana", "endpoint=operations exempt_group=breakglass"), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(check_with("root", "endpoint=operations exempt_user=root", "required", ""),
		PAM_PERM_DENIED); /* nobody said yes: another account module has to */
}

/* R6, R8, R23: nothing of such a name is sent anywhere. */
static void R6_names_that_nobody_can_have_are_denied(void **state)
{
	static const char *const names[] = {
		"", "-x", "../etc/passwd", "a:b", "a b", "a,b", "a\nb", "a\x1b[2J", "a\x7f"};
	char longest[300];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	gateway_says(PERMITTED_YES);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(
			check(names[i], "endpoint=operations failure=allow"), PAM_USER_UNKNOWN);
	assert_int_equal(check(longest, "endpoint=operations failure=allow"), PAM_USER_UNKNOWN);
	assert_int_equal(check(NULL, "endpoint=operations failure=allow"), PAM_USER_UNKNOWN);
	assert_int_equal(check("dana", "endpoint=operations"), PAM_SUCCESS);
	gateway_ends();
}

static void R21_who_listens_there_must_be_the_gateway(void **state)
{
	const struct names endpoints = {.items = {"operations"}, .count = 1};
	struct gateway_answer answer;
	const char *why = NULL;

	(void)state;
	gateway_says(PERMITTED_YES);
	assert_int_equal(gateway_ask("./control.sock", geteuid() + 1, "dana", &endpoints,
				 gateway_now() + 1000, &answer, &why),
		-1);
	assert_string_equal(why, "who listens there is not the gateway");
	assert_int_not_equal(answer.permitted, PERMITTED_YES);
	gateway_ends();
}

static int count_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void nothing_is_left_open(void **state)
{
	int before, result;

	(void)state;
	(void)check("dana", "endpoint=operations"); /* what libpam and syslog(3) keep */
	before = count_descriptors();
	for (int i = 0; i < 20; i++) {
		gateway_says(i % 2 == 0 ? PERMITTED_YES : PERMITTED_NO);
		(void)check("dana", "endpoint=operations");
		gateway_ends();
		(void)check("dana", "endpoint=operations");
	}
	gateway_is(ANSWER_NONE, NULL, 0);
	(void)check_takes("endpoint=operations timeout=1", &result);
	gateway_ends();
	assert_int_equal(count_descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_a_role_gets_in),
		cmocka_unit_test(who_has_none_is_told_and_denied),
		cmocka_unit_test(a_gateway_that_does_not_know_counts_as_failure),
		cmocka_unit_test(a_gateway_that_is_down_denies_or_allows_as_configured),
		cmocka_unit_test(the_deadline_is_one_of_the_whole_call),
		cmocka_unit_test(the_deadline_holds_for_the_connection_too),
		cmocka_unit_test(signals_stay_the_applications),
		cmocka_unit_test(what_is_no_answer_is_a_failure),
		cmocka_unit_test(R32_what_goes_to_the_log_is_plain),
		cmocka_unit_test(R5_unknown_options_deny),
		cmocka_unit_test(exempt_is_who_a_line_names_and_nobody_else),
		cmocka_unit_test(R6_names_that_nobody_can_have_are_denied),
		cmocka_unit_test(R21_who_listens_there_must_be_the_gateway),
		cmocka_unit_test(nothing_is_left_open),
	};

	return cmocka_run_group_tests_name("pam-rolegate", tests, set_up_group, tear_down_group);
}
