/* What ends a session from outside: orders, limits of time, a newer configuration. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/clock.h"
#include "gateway/orders.h"
#include "gateway/request.h"

struct fixture {
	struct session session;
	struct endpoint endpoint;
	struct session_note note;
	struct session_order order;
	struct session_slot slot;
	uint64_t loads;
	int client;
};

static void nothing(int number)
{
	(void)number;
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct session *session = &fixture->session;
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_RDWR | O_NONBLOCK), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_RDWR | O_NONBLOCK), 0);
	signal(ORDER_SIGNAL, nothing);
	session->socket = ends[0];
	fixture->client = ends[1];
	session->endpoint = &fixture->endpoint;
	session->note = &fixture->note;
	session->order = &fixture->order;
	session->loads = &fixture->loads;
	session->state = SESSION_BETWEEN;
	session->arena = arena_new();
	session->accepted = clock_now();
	packet_start(session->arena, &session->writer, PACKET_ANSWER);
	fixture->slot = (struct session_slot){.pid = getpid(), .order = &fixture->order};
	limits_active(session);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	close(fixture->client);
	close(fixture->session.socket);
	arena_free(fixture->session.arena);
	free(fixture);
	return 0;
}

/* The type of what the client gets, and the text of a notice; 0: nothing. */
static int take(struct fixture *fixture, char text[512])
{
	static uint8_t buffer[PACKET_MAX];
	struct arena *arena = arena_new();
	struct packet packet;
	int got = packet_receive(fixture->client, buffer, &packet), type = 0;

	text[0] = '\0';
	if (got > 0) {
		type = packet.type;
		if (type == PACKET_NOTICE)
			snprintf(text, 512, "%s", packet_get_string(arena, &packet));
		assert_true(packet_done(&packet));
	}
	arena_free(arena);
	return type;
}

/* The session is as old, and was as long idle. */
static void age(struct fixture *fixture, int64_t old, int64_t idle)
{
	fixture->session.accepted = clock_now() - old;
	fixture->session.limits.active = clock_now() - idle;
}

static void without_limits_nothing_is_due(void **state)
{
	struct fixture *fixture = *state;
	struct session *session = &fixture->session;
	char text[512];

	age(fixture, INT64_C(1) << 40, INT64_C(1) << 40);
	assert_int_equal(limits_deadline(session, CLOCK_NEVER, true), CLOCK_NEVER);
	assert_int_equal(limits_deadline(session, 17, true), 17);
	limits_check(session, true);
	assert_int_equal(session->over, SESSION_OPEN);
	session->endpoint = NULL; /* the configuration has it no more */
	limits_check(session, true);
	assert_int_equal(limits_deadline(session, CLOCK_NEVER, true), CLOCK_NEVER);
	assert_int_equal(take(fixture, text), 0);
}

static void idle_limit_is_warned_of_once_and_passes(void **state)
{
	struct fixture *fixture = *state;
	struct session *session = &fixture->session;
	char text[512];

	fixture->endpoint.limits = (struct limits){.idle_timeout = 600, .warning_time = 60};
	age(fixture, 10000000, 0);
	assert_int_equal(
		limits_deadline(session, CLOCK_NEVER, true), session->limits.active + 540000);
	assert_int_equal(limits_deadline(session, CLOCK_NEVER, false), CLOCK_NEVER);
	assert_int_equal(limits_deadline(session, 5, true), 5);
	limits_check(session, true);
	assert_int_equal(take(fixture, text), 0);
	age(fixture, 10000000, 540000);
	limits_check(session, false); /* a run that somebody waits for */
	assert_int_equal(take(fixture, text), 0);
	limits_check(session, true);
	assert_int_equal(take(fixture, text), PACKET_NOTICE);
	assert_non_null(strstr(text, "ends in 60 seconds"));
	limits_check(session, true);
	assert_int_equal(take(fixture, text), 0);
	assert_int_equal(
		limits_deadline(session, CLOCK_NEVER, true), session->limits.active + 600000);
	limits_active(session); /* and it may warn again */
	age(fixture, 10000000, 550000);
	limits_check(session, true);
	assert_int_equal(take(fixture, text), PACKET_NOTICE);
	assert_int_equal(session->over, SESSION_OPEN);
	age(fixture, 10000000, 600000);
	limits_check(session, true);
	assert_int_equal(session->over, SESSION_LIMIT);
	assert_string_equal(session->limits.passed, "idle-limit");
	assert_int_equal(take(fixture, text), PACKET_NOTICE);
	assert_non_null(strstr(text, "nothing happened for 10 minutes"));
	assert_int_equal(limits_deadline(session, 7, true), 7);
}

static void session_limit_passes_whatever_it_does(void **state)
{
	struct fixture *fixture = *state;
	struct session *session = &fixture->session;
	char text[512];

	fixture->endpoint.limits =
		(struct limits){.session_timeout = 100, .idle_timeout = 50, .warning_time = 10};
	age(fixture, 90000, 0);
	limits_check(session, false);
	assert_int_equal(take(fixture, text), PACKET_NOTICE);
	assert_non_null(strstr(text, "ends in 10 seconds"));
	limits_active(session);
	limits_check(session, false);
	assert_int_equal(take(fixture, text), 0);
	age(fixture, 100000, 0);
	limits_check(session, false);
	assert_int_equal(session->over, SESSION_LIMIT);
	assert_string_equal(session->limits.passed, "session-limit");
	assert_int_equal(take(fixture, text), PACKET_NOTICE);
}

static void a_notice_waits_for_room(void **state)
{
	struct fixture *fixture = *state;
	struct session *session = &fixture->session;
	char text[512];
	int type;

	packet_restart(&session->writer, PACKET_ANSWER);
	while (packet_send(session->socket, &session->writer, NULL, 0) == 0)
		continue;
	assert_int_equal(errno, EAGAIN);
	limits_notice(session, "first");
	limits_notice(session, "second");
	assert_string_equal(session->limits.notice, "second");
	while (take(fixture, text) == PACKET_ANSWER)
		continue;
	limits_check(session, true);
	assert_string_equal(session->limits.notice, "");
	type = take(fixture, text);
	assert_int_equal(type, PACKET_NOTICE);
	assert_string_equal(text, "second");
}

static void an_order_ends_what_it_names_and_nothing_else(void **state)
{
	struct fixture *fixture = *state;
	struct session *session = &fixture->session;
	struct request request = {
		.session = session, .id.text = "00000000000000000000000000000001"};
	struct request nested = {.session = session,
		.outer = &request,
		.id.text = "00000000000000000000000000000002"};
	char text[512];

	order_give(&fixture->slot, "00000000000000000000000000000009", "");
	limits_check(session, false);
	assert_false(limits_end_run(session, &nested));
	assert_int_equal(session->over, SESSION_OPEN);
	assert_int_equal(take(fixture, text), 0);
	order_give(&fixture->slot, request.id.text, "lunch");
	limits_check(session, false);
	assert_true(limits_end_run(session, &nested)); /* it is a part of that */
	assert_int_equal(take(fixture, text), PACKET_NOTICE);
	assert_string_equal(text, "an administrator ends this command: lunch");
	assert_false(limits_end_run(session, &request)); /* once */
	assert_int_equal(session->over, SESSION_OPEN);
}

static void an_order_to_end_is_not_lost_by_another(void **state)
{
	struct fixture *fixture = *state;
	struct session *session = &fixture->session;
	char text[512];

	order_give(&fixture->slot, NULL, "go");
	order_give(&fixture->slot, "00000000000000000000000000000009", "stay");
	limits_check(session, false);
	assert_int_equal(session->over, SESSION_TERMINATED);
	assert_int_equal(take(fixture, text), PACKET_NOTICE);
	assert_true(session_is_heard(session));
	limits_check(session, false);
	assert_int_equal(take(fixture, text), 0);
}

static void reasons_are_cut_to_their_room(void **state)
{
	struct fixture *fixture = *state;
	struct session *session = &fixture->session;
	char reason[1000], text[512];

	memset(reason, 'x', sizeof(reason));
	reason[sizeof(reason) - 1] = '\0';
	order_give(&fixture->slot, NULL, reason);
	limits_check(session, false);
	assert_int_equal(take(fixture, text), PACKET_NOTICE);
	assert_true(strlen(text) < 512 && strlen(text) > 250);
}

/* A writer in another process, as the listener is one: what is read belongs together. */
static void orders_are_read_whole(void **state)
{
	struct fixture *fixture = *state;
	struct session_order *shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct session_order copy = {.number = 0};
	uint32_t seen = 0;
	pid_t writer;

	assert_ptr_not_equal(shared, MAP_FAILED);
	fixture->slot.order = shared;
	writer = fork();
	if (writer == 0) {
		signal(ORDER_SIGNAL, SIG_IGN);
		fixture->slot.pid = getpid();
		for (int i = 0; i < 20000; i++) {
			char text[33];

			snprintf(text, sizeof(text), "%032d", i);
			order_give(&fixture->slot, text, text);
		}
		_exit(0);
	}
	while (waitpid(writer, NULL, WNOHANG) == 0)
		if (order_take(shared, &seen, &copy))
			assert_int_equal(strlen(copy.request), 32);
	(void)order_take(shared, &seen, &copy);
	assert_string_equal(copy.request, "00000000000000000000000000019999");
	assert_string_equal(copy.reason, copy.request);
	assert_int_equal(seen, 20000);
	munmap(shared, sizeof(*shared));
}

static void a_session_is_renewed_between_two_requests_alone(void **state)
{
	static const enum session_state busy[] = {
		SESSION_FIRST, SESSION_PROMPTING, SESSION_RUNNING};
	struct fixture *fixture = *state;
	struct session *session = &fixture->session;
	char text[512];

	assert_false(limits_renew(session)); /* nothing is newer */
	fixture->loads = 1;
	for (size_t i = 0; i < 3; i++) {
		session->state = busy[i];
		assert_false(limits_renew(session));
	}
	assert_int_equal(take(fixture, text), 0);
	session->state = SESSION_BETWEEN;
	assert_true(limits_renew(session));
	assert_int_equal(session->over, SESSION_RENEWED);
	assert_int_equal(take(fixture, text), PACKET_RENEW);
	assert_false(session_is_heard(session));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_limits_nothing_is_due, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			idle_limit_is_warned_of_once_and_passes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			session_limit_passes_whatever_it_does, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_notice_waits_for_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_order_ends_what_it_names_and_nothing_else, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_order_to_end_is_not_lost_by_another, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reasons_are_cut_to_their_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(orders_are_read_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_session_is_renewed_between_two_requests_alone, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
