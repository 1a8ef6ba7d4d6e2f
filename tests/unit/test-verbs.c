/* R7: what a packet may hold, and when it may come, for every verb. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/verbs.h"

/* A session of a peer that was not identified: every request is refused, and nothing runs. */
struct fixture {
	struct session session;
	struct policy policy;
	struct endpoint endpoint;
	struct session_note note;
	int client;
};

static const int types[] = { PACKET_RUN, PACKET_REPLY, PACKET_INPUT, PACKET_INPUT_END,
	PACKET_WINDOW, PACKET_SIGNAL, PACKET_CONTINUE, PACKET_LIST, PACKET_DESCRIBE, PACKET_CHECK,
	PACKET_LINE, PACKET_OVERSIZE, PACKET_CHOICES, PACKET_APPROVAL };

enum { TYPE_COUNT = sizeof(types) / sizeof(types[0]) };

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct session *session = &fixture->session;
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_RDWR | O_NONBLOCK), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_RDWR | O_NONBLOCK), 0);
	session->socket = ends[0];
	fixture->client = ends[1];
	fixture->endpoint.audit = AUDIT_LEVEL_NONE;
	session->endpoint = &fixture->endpoint;
	session->policy = &fixture->policy;
	session->note = &fixture->note;
	session->refused = REASON_NOT_IDENTIFIED;
	session->refused_detail = "test";
	session->arena = arena_new();
	session->buffer = arena_alloc(session->arena, PACKET_MAX);
	packet_start(session->arena, &session->writer, PACKET_ANSWER);
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

static bool is_request(int type)
{
	return type == PACKET_RUN || type == PACKET_LIST || type == PACKET_DESCRIBE ||
	       type == PACKET_CHECK || type == PACKET_CHOICES ||
	       type == PACKET_LINE || type == PACKET_OVERSIZE || type == PACKET_APPROVAL;
}

/* The fields of a verb, well-formed, with values that are no other verb's by chance. */
static void write_fields(struct packet_writer *writer, int type)
{
	const struct packet_window window = { 24, 80, 0, 0 };

	if (is_request(type))
		packet_put_u32(writer, PACKET_FLAG_NO_PROMPT);
	if (type == PACKET_RUN || type == PACKET_CHECK)
		packet_put_string(writer, "svc-ops");
	if (type == PACKET_RUN) {
		packet_put_u8(writer, 0);
		packet_put_string(writer, "xterm");
	}
	if (type == PACKET_RUN || type == PACKET_WINDOW)
		packet_put_window(writer, &window);
	if (is_request(type) && type != PACKET_LINE && type != PACKET_OVERSIZE &&
		type != PACKET_APPROVAL)
		packet_put_string(writer, "lena");
	if (type == PACKET_RUN || type == PACKET_CHECK)
		packet_put_string(writer, "0123456789abcdef0123456789abcdef");
	if (type == PACKET_CHOICES)
		packet_put_string(writer, "unit");
	if (type == PACKET_RUN || type == PACKET_DESCRIBE || type == PACKET_CHECK ||
		type == PACKET_CHOICES || type == PACKET_APPROVAL) {
		packet_put_u32(writer, 1);
		packet_put_string(writer, "whoami");
	}
	if (type == PACKET_REPLY)
		packet_put_u8(writer, 1);
	if (type == PACKET_REPLY || type == PACKET_INPUT)
		packet_put_string(writer, "typed");
	if (type == PACKET_LINE)
		packet_put_string(writer, "whoami; id");
	if (type == PACKET_OVERSIZE) {
		packet_put_u32(writer, 2000);
		packet_put_u32(writer, 300000);
		packet_put_string(writer, "whoami");
	}
	if (type == PACKET_SIGNAL)
		packet_put_u32(writer, SIGTERM);
}

static int dispatch(struct fixture *fixture, enum session_state now, int type, int fields)
{
	static uint8_t answer[PACKET_MAX];
	struct session *session = &fixture->session;
	struct arena *arena = arena_new();
	struct packet_writer writer;
	int result;

	packet_start(arena, &writer, (enum packet_type)type);
	write_fields(&writer, fields);
	assert_int_equal(packet_parse(writer.bytes, writer.length, &session->packet), 0);
	session->state = now;
	result = verb_dispatch(session);
	assert_int_equal(session->over, SESSION_OPEN);
	while (recv(fixture->client, answer, sizeof(answer), 0) > 0)
		continue;
	arena_free(arena);
	return result;
}

static bool is_empty(int type)
{
	return type == PACKET_INPUT_END || type == PACKET_CONTINUE;
}

/* A name, or a line. */
static bool look_alike(int type, int fields)
{
	return (is_empty(type) && is_empty(fields)) ||
	       (type == PACKET_LIST && fields == PACKET_LINE);
}

static void R7_fields_of_another_verb_are_an_error(void **state)
{
	for (size_t i = 0; i < TYPE_COUNT; i++) {
		for (size_t j = 0; j < TYPE_COUNT; j++) {
			bool same = i == j || look_alike(types[i], types[j]);

			assert_int_equal(dispatch(*state, SESSION_BETWEEN, types[i], types[j]),
				same ? 0 : -1);
		}
	}
}

static bool may_come(enum session_state now, int type)
{
	switch (now) {
	case SESSION_FIRST:
		return is_request(type);
	case SESSION_BETWEEN:
		return true;
	case SESSION_PROMPTING:
		return type == PACKET_REPLY;
	default:
		return type != PACKET_REPLY && !is_request(type);
	}
}

static void R7_a_verb_at_the_wrong_time_is_an_error(void **state)
{
	static const enum session_state states[] = { SESSION_FIRST, SESSION_BETWEEN,
		SESSION_PROMPTING, SESSION_RUNNING };

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		for (size_t j = 0; j < TYPE_COUNT; j++)
			assert_int_equal(dispatch(*state, states[i], types[j], types[j]),
				may_come(states[i], types[j]) ? 0 : -1);
}

static void R45_the_list_of_verbs_is_closed(void **state)
{
	for (int type = 0; type < 512; type++) {
		bool known = false;

		for (size_t i = 0; i < TYPE_COUNT; i++)
			known = known || types[i] == type;
		for (size_t i = 0; i < TYPE_COUNT && !known; i++)
			assert_int_equal(dispatch(*state, SESSION_BETWEEN, type, types[i]), -1);
	}
}

/* With descriptors that nobody asked for, or other than the bits say. */
static int dispatch_with_descriptors(
	struct fixture *fixture, int type, uint8_t streams, const int *fds, size_t count)
{
	struct session *session = &fixture->session;
	struct arena *arena = arena_new();
	struct packet_writer writer;
	int result;

	packet_start(arena, &writer, (enum packet_type)type);
	write_fields(&writer, type);
	if (type == PACKET_RUN)
		writer.bytes[4 + 4 + 4 + strlen("svc-ops")] = streams;
	assert_int_equal(packet_parse(writer.bytes, writer.length, &session->packet), 0);
	for (size_t i = 0; i < count; i++)
		session->packet.descriptors[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 100);
	session->packet.descriptor_count = count;
	session->state = SESSION_BETWEEN;
	result = verb_dispatch(session);
	arena_free(arena);
	for (int fd = 100; fd < 110; fd++)
		assert_int_equal(fcntl(fd, F_GETFD), -1);
	return result;
}

static void R22_descriptors_are_as_many_as_agreed(void **state)
{
	static const int fds[] = { 0, 1, 2 };

	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (types[i] != PACKET_RUN)
			assert_int_equal(
				dispatch_with_descriptors(*state, types[i], 0, fds, 1), -1);
	for (uint8_t streams = 0; streams < 16; streams++)
		for (size_t count = 0; count <= 3; count++)
			assert_int_equal(dispatch_with_descriptors(
						 *state, PACKET_RUN, streams, fds, count),
				streams < 8 && (size_t)__builtin_popcount(streams) == count ? 0
											    : -1);
}

static void flags_and_signals_out_of_the_list_are_errors(void **state)
{
	struct fixture *fixture = *state;
	struct session *session = &fixture->session;
	struct arena *arena = arena_new();

	for (uint32_t value = 0; value < 128; value++) {
		struct packet_writer writer;
		bool signal = value == SIGHUP || value == SIGINT || value == SIGQUIT ||
			value == SIGTERM || value == SIGUSR1 || value == SIGUSR2 ||
			value == SIGTSTP || value == SIGCONT;

		session->state = SESSION_BETWEEN;
		packet_start(arena, &writer, PACKET_SIGNAL);
		packet_put_u32(&writer, value);
		assert_int_equal(packet_parse(writer.bytes, writer.length, &session->packet), 0);
		assert_int_equal(verb_dispatch(session), signal ? 0 : -1);
		packet_restart(&writer, PACKET_LIST);
		packet_put_u32(&writer, value);
		packet_put_string(&writer, "");
		assert_int_equal(packet_parse(writer.bytes, writer.length, &session->packet), 0);
		assert_int_equal(
			verb_dispatch(session), (value & ~(uint32_t)PACKET_FLAG_ALL) == 0 ? 0 : -1);
	}
	arena_free(arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(R7_fields_of_another_verb_are_an_error),
		TEST(R7_a_verb_at_the_wrong_time_is_an_error),
		TEST(R45_the_list_of_verbs_is_closed),
		TEST(R22_descriptors_are_as_many_as_agreed),
		TEST(flags_and_signals_out_of_the_list_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
