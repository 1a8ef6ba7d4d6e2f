/* The gateway's side of recorder/wire.h, against recorders that do it well, badly, or not at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "record/recorder_client.h"
#include "recorder/wire.h"

static char path[64];

/* A recorder's side of one connection: each packet is answered, or not. */
struct fake {
	int listening, connection;
	uint8_t buffer[PACKET_MAX];
	struct packet packet;
	struct arena *arena;
};

static int listen_at(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)unlink(path);
	memcpy(address.sun_path, path, strlen(path));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static uint64_t get_u64(struct packet *packet)
{
	uint64_t low = packet_get_u32(packet);

	return low | (uint64_t)packet_get_u32(packet) << 32;
}

static void answer(struct fake *fake, enum recorder_packet type, uint64_t number, const char *text)
{
	struct packet_writer writer;

	packet_start(fake->arena, &writer, (enum packet_type)type);
	if (type == RECORDER_TAKEN) {
		packet_put_u32(&writer, (uint32_t)number);
		packet_put_u32(&writer, (uint32_t)(number >> 32));
	} else if (type == RECORDER_FAILED) {
		packet_put_u16(&writer, RECORDER_DATA);
	}
	packet_put_string(&writer, text);
	if (packet_send(fake->connection, &writer, NULL, 0) != 0)
		_exit(10);
}

static void expect(struct fake *fake, enum recorder_packet type)
{
	if (packet_receive(fake->connection, fake->buffer, &fake->packet) != 1 ||
		fake->packet.type != (uint16_t)type)
		_exit(11);
}

/* In a child: `act` with one connection. */
static pid_t start(void (*act)(struct fake *fake))
{
	int fd = listen_at();
	pid_t pid = fork();
	struct fake *fake;

	if (pid != 0) {
		close(fd);
		return pid;
	}
	fake = calloc(1, sizeof(*fake));
	fake->listening = fd;
	fake->arena = arena_new();
	fake->connection = accept(fd, NULL, NULL);
	act(fake);
	_exit(0);
}

static int end_of(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct recorder_client client_new(void)
{
	struct recorder_client client;

	recorder_client_init(&client, path);
	return client;
}

static void take_two_events(struct fake *fake)
{
	for (uint64_t i = 1; i <= 2; i++) {
		expect(fake, RECORDER_EVENT);
		if (strcmp(packet_get_string(fake->arena, &fake->packet), "{\"op\":\"x\"}") != 0 ||
			!packet_done(&fake->packet))
			_exit(12);
		answer(fake, RECORDER_TAKEN, i, "hash");
	}
}

static void events(void **state)
{
	struct recorder_client client = client_new();
	pid_t pid = start(take_two_events);

	(void)state;
	assert_int_equal(recorder_client_event(&client, "{\"op\":\"x\"}"), 0);
	assert_int_equal(recorder_client_event(&client, "{\"op\":\"x\"}"), 0);
	assert_int_equal(end_of(pid), 0);
	recorder_client_free(&client);
}

static void nobody_there(void **state)
{
	struct recorder_client client = client_new();

	(void)state;
	(void)unlink(path);
	assert_int_equal(recorder_client_event(&client, "{}"), -1);
	assert_non_null(strstr(client.complaint, "is not there"));
	recorder_client_free(&client);
}

/* It was started again in between: the same call finds the new one. */
static void restarted(void **state)
{
	struct recorder_client client = client_new();

	(void)state;
	for (int i = 0; i < 3; i++) {
		pid_t pid = start(take_two_events);

		assert_int_equal(recorder_client_event(&client, "{\"op\":\"x\"}"), 0);
		assert_int_equal(recorder_client_event(&client, "{\"op\":\"x\"}"), 0);
		assert_int_equal(end_of(pid), 0);
	}
	recorder_client_free(&client);
}

static void refuse_event(struct fake *fake)
{
	expect(fake, RECORDER_EVENT);
	answer(fake, RECORDER_FAILED, 0, "no space left");
}

static void an_event_that_fails(void **state)
{
	struct recorder_client client = client_new();
	pid_t pid = start(refuse_event);

	(void)state;
	assert_int_equal(recorder_client_event(&client, "{}"), -1);
	assert_string_equal(client.complaint, "the recorder: no space left");
	assert_int_equal(end_of(pid), 0);
	recorder_client_free(&client);
}

static void end_before_answer(struct fake *fake)
{
	expect(fake, RECORDER_EVENT);
}

static void one_that_is_killed_before_it_answers(void **state)
{
	struct recorder_client client = client_new();
	pid_t pid = start(end_before_answer);

	(void)state;
	assert_int_equal(recorder_client_event(&client, "{}"), -1);
	assert_string_equal(client.complaint, "the recorder has ended");
	assert_int_equal(end_of(pid), 0);
	recorder_client_free(&client);
}

static void answer_nonsense(struct fake *fake)
{
	expect(fake, RECORDER_EVENT);
	answer(fake, RECORDER_OPEN, 0, "what?");
}

static void nonsense(void **state)
{
	struct recorder_client client = client_new();
	pid_t pid = start(answer_nonsense);

	(void)state;
	assert_int_equal(recorder_client_event(&client, "{}"), -1);
	assert_non_null(strstr(client.complaint, "does not keep to the protocol"));
	assert_int_equal(end_of(pid), 0);
	recorder_client_free(&client);
}

static void hang(struct fake *fake)
{
	(void)fake;
	for (;;)
		pause();
}

/* It denies rather than blocks. */
static void one_that_hangs(void **state)
{
	struct recorder_client client = client_new();
	const struct recorder_opening opening = {.request = "0", .header = "{}"};
	pid_t pid = start(hang);
	int64_t begun = milliseconds(), took;
	static uint8_t bytes[PACKET_DATA_MAX];
	int result = 0;

	(void)state;
	assert_int_equal(recorder_client_event(&client, "{}"), -1);
	took = milliseconds() - begun;
	assert_true(took >= RECORDER_PATIENCE - 100 && took < RECORDER_PATIENCE + 2000);
	assert_string_equal(client.complaint, "the recorder does not answer");
	/* The next one does not wait again. */
	begun = milliseconds();
	assert_int_equal(recorder_client_event(&client, "{}"), -1);
	assert_string_equal(client.complaint, "the recorder does not answer");
	assert_true(milliseconds() - begun < 1000);
	recorder_client_free(&client);
	/* The same for one that reads nothing: the socket's buffer is full at some time. */
	client = client_new();
	assert_int_equal(recorder_client_open(&client, &opening), 0);
	begun = milliseconds();
	for (int i = 0; i < 1000 && result == 0; i++)
		result = recorder_client_data(&client, 'o', 0, bytes, sizeof(bytes));
	took = milliseconds() - begun;
	assert_int_equal(result, -1);
	assert_true(took >= RECORDER_PATIENCE - 100 && took < RECORDER_PATIENCE + 2000);
	kill(pid, SIGKILL);
	(void)end_of(pid);
	recorder_client_free(&client);
}

#define EQUAL(left, right)                                                                         \
	do {                                                                                       \
		if ((left) != (right))                                                             \
			_exit(20);                                                                 \
	} while (0)

/* Every field as wire.h has it. */
static void take_transcript(struct fake *fake)
{
	size_t length;
	const uint8_t *bytes;

	expect(fake, RECORDER_OPEN);
	EQUAL(strcmp(packet_get_string(fake->arena, &fake->packet),
		      "0123456789abcdef0123456789abcdef"),
		0);
	EQUAL(packet_get_u32(&fake->packet), 4242);
	EQUAL(strcmp(packet_get_string(fake->arena, &fake->packet), "{\"version\":2}"), 0);
	EQUAL(get_u64(&fake->packet), 1ULL << 33);
	EQUAL(packet_done(&fake->packet), true);
	answer(fake, RECORDER_TAKEN, (1ULL << 32) + 5, "");
	expect(fake, RECORDER_DATA);
	EQUAL(packet_get_u8(&fake->packet), 'o');
	EQUAL(get_u64(&fake->packet), 7ULL << 32);
	bytes = packet_get_bytes(&fake->packet, &length);
	EQUAL(length, 3);
	EQUAL(memcmp(bytes, "a\0b", 3), 0);
	EQUAL(packet_done(&fake->packet), true);
	expect(fake, RECORDER_WINDOW);
	EQUAL(get_u64(&fake->packet), 8);
	EQUAL(packet_get_u16(&fake->packet), 132);
	EQUAL(packet_get_u16(&fake->packet), 43);
	EQUAL(packet_done(&fake->packet), true);
	expect(fake, RECORDER_LOST);
	EQUAL(packet_get_u8(&fake->packet), 'e');
	EQUAL(get_u64(&fake->packet), 9);
	EQUAL(get_u64(&fake->packet), 1ULL << 40);
	EQUAL(packet_done(&fake->packet), true);
	expect(fake, RECORDER_CLOSE);
	EQUAL(get_u64(&fake->packet), 10);
	EQUAL(strcmp(packet_get_string(fake->arena, &fake->packet), "end"), 0);
	EQUAL(packet_done(&fake->packet), true);
	answer(fake, RECORDER_TAKEN, 100, "hash");
}

static const struct recorder_opening opening = {.request = "0123456789abcdef0123456789abcdef",
	.uid = 4242,
	.header = "{\"version\":2}",
	.most = 1ULL << 33};

static void a_transcript(void **state)
{
	struct recorder_client client = client_new();
	pid_t pid = start(take_transcript);
	uint64_t most = 0;

	(void)state;
	assert_int_equal(recorder_client_open(&client, &opening), 0);
	assert_int_equal(recorder_client_opened(&client, &most), 0);
	assert_true(most == (1ULL << 32) + 5);
	assert_int_equal(recorder_client_data(&client, 'o', 7ULL << 32, "a\0b", 3), 0);
	assert_int_equal(recorder_client_window(&client, 8, 132, 43), 0);
	assert_int_equal(recorder_client_lost(&client, 'e', 9, 1ULL << 40), 0);
	assert_int_equal(recorder_client_finish(&client, 10, "end"), 0);
	assert_int_equal(recorder_client_finished(&client), 0);
	assert_int_equal(end_of(pid), 0);
	recorder_client_free(&client);
}

static void fail_in_the_middle(struct fake *fake)
{
	expect(fake, RECORDER_OPEN);
	answer(fake, RECORDER_TAKEN, 0, "");
	expect(fake, RECORDER_DATA);
	answer(fake, RECORDER_FAILED, 0, "disk full");
	for (int i = 0; i < 3; i++)
		expect(fake, RECORDER_DATA);
}

/* What it says unasked is heard, and said, whether it is asked for it or not. */
static void one_that_fails_in_the_middle(void **state)
{
	(void)state;
	for (int ask = 0; ask < 2; ask++) {
		struct recorder_client client = client_new();
		pid_t pid = start(fail_in_the_middle);
		uint64_t most = 0;
		int result = 0;

		assert_int_equal(recorder_client_open(&client, &opening), 0);
		assert_int_equal(recorder_client_opened(&client, &most), 0);
		assert_true(most == UINT64_MAX);
		assert_int_equal(recorder_client_data(&client, 'o', 1, "x", 1), 0);
		if (ask != 0)
			result = recorder_client_failed(&client);
		for (int i = 0; ask == 0 && i < 100000 && result == 0; i++)
			result = recorder_client_data(&client, 'o', 1, "x", 1);
		assert_int_equal(result, -1);
		assert_string_equal(client.complaint, "the recorder: disk full");
		assert_int_equal(client.socket, -1);
		(void)end_of(pid);
		/* Nothing goes anywhere after that. */
		assert_int_equal(recorder_client_data(&client, 'o', 1, "x", 1), -1);
		assert_int_equal(recorder_client_finish(&client, 1, "end"), -1);
		recorder_client_free(&client);
	}
}

static void a_header_that_is_too_long(void **state)
{
	struct recorder_client client = client_new();
	struct recorder_opening large = opening;
	char *header = calloc(1, PACKET_MAX + 1);
	pid_t pid = start(hang);

	(void)state;
	memset(header, 'x', PACKET_MAX);
	large.header = header;
	assert_int_equal(recorder_client_open(&client, &large), -1);
	assert_non_null(strstr(client.complaint, "larger than"));
	kill(pid, SIGKILL);
	(void)end_of(pid);
	free(header);
	recorder_client_free(&client);
}

static void say_state(struct fake *fake)
{
	struct packet_writer writer;

	expect(fake, RECORDER_STATUS);
	packet_start(fake->arena, &writer, (enum packet_type)RECORDER_STATE);
	for (uint32_t i = 1; i <= 3; i++) {
		packet_put_u32(&writer, i);
		packet_put_u32(&writer, i);
	}
	packet_put_u8(&writer, 1);
	if (packet_send(fake->connection, &writer, NULL, 0) != 0)
		_exit(10);
}

static void whether_it_answers(void **state)
{
	struct recorder_client client = client_new();
	struct recorder_state said = {.full = false};
	pid_t pid = start(say_state);

	(void)state;
	assert_int_equal(recorder_client_probe(&client, &said), 0);
	assert_int_equal(said.oldest, (uint64_t)1 << 32 | 1);
	assert_int_equal(said.newest, (uint64_t)2 << 32 | 2);
	assert_int_equal(said.failed, (uint64_t)3 << 32 | 3);
	assert_true(said.full);
	assert_int_equal(end_of(pid), 0);
	assert_int_equal(recorder_client_probe(&client, &said), -1);
	recorder_client_free(&client);
}

/* One that takes connections and says nothing, and somebody who has no time for that. */
static void one_that_hangs_is_left_soon(void **state)
{
	struct recorder_client client = client_new();
	struct recorder_state said;
	pid_t pid = start(hang);
	int64_t began = milliseconds();

	(void)state;
	client.patience = 200;
	assert_int_equal(recorder_client_event(&client, "{}"), -1);
	assert_in_range(milliseconds() - began, 190, 2000);
	began = milliseconds();
	for (int i = 0; i < 100; i++)
		assert_int_equal(recorder_client_event(&client, "{}"), -1);
	assert_int_equal(recorder_client_probe(&client, &said), -1);
	assert_in_range(milliseconds() - began, 0, 190);
	assert_string_equal(client.complaint, "the recorder does not answer");
	kill(pid, SIGKILL);
	(void)end_of(pid);
	recorder_client_free(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(restarted),
		cmocka_unit_test(an_event_that_fails),
		cmocka_unit_test(one_that_is_killed_before_it_answers),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(one_that_hangs),
		cmocka_unit_test(a_transcript),
		cmocka_unit_test(one_that_fails_in_the_middle),
		cmocka_unit_test(a_header_that_is_too_long),
		cmocka_unit_test(whether_it_answers),
		cmocka_unit_test(one_that_hangs_is_left_soon),
	};
	char directory[] = "/tmp/rolegate-client-XXXXXX";
	int failed;

	if (mkdtemp(directory) == NULL)
		return 1;
	(void)snprintf(path, sizeof(path), "%s/recorder.sock", directory);
	alarm(100);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink(path);
	(void)rmdir(directory);
	return failed;
}
