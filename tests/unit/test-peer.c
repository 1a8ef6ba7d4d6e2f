/* Text of /proc about processes that name themselves, and ids that are none. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/clock.h"
#include "gateway/peer.h"
#include "gateway/sessions.h"
#include "gateway/sockets.h"

static bool parses(const char *text, bool unset)
{
	uint32_t id = 7;

	return peer_parse_id(text, strlen(text), unset, &id);
}

static void R8_ids_are_parsed_once_and_unsigned(void **state)
{
	static const char *const bad[] = { "-1", "4294967296", "0x0", "+0", " 0", "00", "", "0 ",
		"01", "1e3", "99999999999", "18446744073709551616", "4294967295 ", "\t0", "٣" };
	static const struct {
		const char *text;
		uint32_t id;
	} good[] = { { "0", 0 }, { "2147483647", INT32_MAX }, { "2147483648", 2147483648U },
		{ "4294967294", UINT32_MAX - 1 }, { "1000", 1000 } };
	uint32_t id;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(parses(bad[i], false));
		assert_false(parses(bad[i], true));
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(peer_parse_id(good[i].text, strlen(good[i].text), false, &id));
		assert_int_equal(id, good[i].id);
	}
	assert_false(parses("4294967295", false));
	assert_true(parses("4294967295", true));
	/* A NUL within is no end. */
	assert_false(peer_parse_id("1\0", 2, false, &id));
}

#define STATUS_HEAD "Name:\tbash\nUmask:\t0022\nState:\tS (sleeping)\n"

static void R19_all_four_ids_are_read(void **state)
{
	struct peer_status status;

	(void)state;
	assert_true(peer_parse_status(
		STATUS_HEAD "Uid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nFDSize:\t64\n", &status));
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(status.uid[i], i + 1);
		assert_int_equal(status.gid[i], i + 5);
	}
}

static void R17_status_is_whole_or_refused(void **state)
{
	static const char *const bad[] = {
		"",
		STATUS_HEAD,
		STATUS_HEAD "Uid:\t1\t1\t1\t1\n",
		STATUS_HEAD "Gid:\t1\t1\t1\t1\n",
		STATUS_HEAD "Uid:\t1\t1\t1\nGid:\t1\t1\t1\t1\n",
		STATUS_HEAD "Uid:\t1\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\n",
		STATUS_HEAD "Uid: 1\t1\t1\t1\nGid:\t1\t1\t1\t1\n",
		STATUS_HEAD "Uid:\t1\t1\t1\t-1\nGid:\t1\t1\t1\t1\n",
		STATUS_HEAD "Uid:\t1\t1\t1\t4294967295\nGid:\t1\t1\t1\t1\n",
		STATUS_HEAD "Uid:\t1\t1\t1\t1\nUid:\t0\t0\t0\t0\nGid:\t1\t1\t1\t1\n",
		STATUS_HEAD "Uid:\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\nGid:\t0\t0\t0\t0\n",
	};
	struct peer_status status;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(peer_parse_status(bad[i], &status));
}

static void R17_the_name_of_a_process_changes_nothing(void **state)
{
	struct peer_status status;
	uint64_t ticks;

	(void)state;
	/* The kernel writes a line end in a name as backslash and n. */
	assert_true(peer_parse_status("Name:\ta\\nUid:\\t0\\t0\\t0\\t0\nUid:\t9\t9\t9\t9\n"
				      "Gid:\t9\t9\t9\t9\n",
		&status));
	assert_int_equal(status.uid[0], 9);
	assert_true(peer_parse_start_time("12 () R 1 () S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "
					  "19 20 21 4711 23\n",
		&ticks));
	assert_int_equal(ticks, 4711);
	assert_false(peer_parse_start_time("12 bash S 4 5", &ticks));
	assert_false(peer_parse_start_time("12 (bash) S 4 5\n", &ticks));
	assert_false(peer_parse_start_time("12 (bash)", &ticks));
	assert_false(peer_parse_start_time("", &ticks));
}

/* A child with a hostile name connects; `body` sees the gateway's end. */
static pid_t connect_child(int ends[2], const char *name)
{
	char byte;
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	pid = fork();
	if (pid == 0) {
		FILE *comm = fopen("/proc/self/comm", "w");

		if (comm == NULL || fputs(name, comm) < 0 || fclose(comm) != 0)
			_exit(1);
		(void)!write(ends[0], "x", 1);
		_exit(read(ends[0], &byte, 1) == 1 ? 0 : 1);
	}
	return pid;
}

static void R17_a_live_process_with_a_hostile_name_is_read(void **state)
{
	char path[64], text[4096] = "";
	int ends[2];
	pid_t pid = connect_child(ends, ") R 1 (");
	uint64_t ticks = 0, limit = (uint64_t)clock_now() / 10 + 100;
	FILE *file;
	char byte;

	(void)state;
	assert_int_equal(read(ends[1], &byte, 1), 1);
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_true(peer_parse_start_time(text, &ticks));
	if (sysconf(_SC_CLK_TCK) == 100)
		assert_in_range(ticks, 1, limit);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(ends[0]);
	close(ends[1]);
}

/* A socketpair's credentials are ours, so this process is the peer. */
static void R18_a_peer_is_read_through_the_kernel(void **state)
{
	struct arena *arena = arena_new();
	const char *complaint = NULL;
	struct peer peer;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	(void)peer_identify(arena, ends[0], clock_now(), true, &peer, &complaint);
	assert_int_equal(peer.pid, getpid());
	assert_int_equal(peer.uid, getuid());
	assert_int_equal(peer.gid, getgid());
	close(ends[0]);
	close(ends[1]);
	arena_free(arena);
}

static void R20_a_peer_that_is_gone_is_refused(void **state)
{
	struct arena *arena = arena_new();
	const char *complaint = NULL;
	struct peer peer;
	int ends[2], carrier[2];
	pid_t pid;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, carrier), 0);
	pid = fork();
	if (pid == 0) {
		/* Its credentials stay on the pair that it made, when it is gone. */
		_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = "";
		struct iovec part = { (char[]){ 'x' }, 1 };
		struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control) };
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);

		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
			_exit(1);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &ends[0], sizeof(int));
		_exit(sendmsg(carrier[1], &message, 0) == 1 ? 0 : 1);
	}
	{
		_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = "";
		char byte;
		struct iovec part = { &byte, 1 };
		struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control) };
		struct cmsghdr *header;
		int status;

		assert_int_equal(recvmsg(carrier[0], &message, 0), 1);
		header = CMSG_FIRSTHDR(&message);
		if (header == NULL)
			fail_msg("no descriptor came");
		else
			memcpy(&ends[0], CMSG_DATA(header), sizeof(int));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
	assert_int_equal(peer_identify(arena, ends[0], clock_now(), true, &peer, &complaint), -1);
	assert_non_null(complaint);
	close(ends[0]);
	close(carrier[0]);
	close(carrier[1]);
	arena_free(arena);
}

static void R22_sessions_are_limited_per_user_and_in_all(void **state)
{
	static struct sessions sessions;

	(void)state;
	assert_int_equal(sessions_open(&sessions), 0);
	for (pid_t i = 0; i < 3; i++)
		sessions_started(&sessions, sessions_reserve(&sessions, 1000, 1000, 3), 100 + i, "0123456789abcdef");
	assert_null(sessions_reserve(&sessions, 1000, 1000, 3));
	assert_non_null(sessions_reserve(&sessions, 1001, 1001, 3));
	assert_int_equal(sessions_ended(&sessions, 101)->pid, 0);
	assert_null(sessions_ended(&sessions, 101));
	assert_int_equal(sessions.count, 2);
	assert_non_null(sessions_reserve(&sessions, 1000, 1000, 3));
	for (uid_t uid = 2000; sessions.count < SESSIONS_MAX; uid++)
		sessions_started(&sessions, sessions_reserve(&sessions, uid, uid, 3), (pid_t)uid, "0123456789abcdef");
	assert_null(sessions_reserve(&sessions, 1, 1, 3));
}

/* Places are made by who has said nothing for longest, and only when they are needed. */
static void R22_silent_sessions_make_room(void **state)
{
	static struct sessions sessions;
	struct session_slot *slot;

	(void)state;
	assert_int_equal(sessions_open(&sessions), 0);
	sessions.most = 32;
	for (uid_t i = 0; i < 29; i++) {
		slot = sessions_reserve(&sessions, i, i, 3);
		slot->started = 1000 - (int64_t)i;
		sessions_started(&sessions, slot, (pid_t)(100 + i),
			"0123456789abcdef");
	}
	assert_null(sessions_in_the_way(&sessions));
	slot = sessions_reserve(&sessions, 29, 29, 3);
	slot->started = 2000;
	sessions_started(&sessions, slot, 129, "0123456789abcdef");
	/* The oldest has sent its request, and the next one is going already. */
	session_note_set(sessions.slots[28].note->request, "0123456789abcdef0123456789abcdef");
	sessions_dropped(&sessions, &sessions.slots[27]);
	assert_null(sessions_in_the_way(&sessions)); /* its place is free */
	slot = sessions_reserve(&sessions, 30, 30, 3);
	slot->started = 2000;
	sessions_started(&sessions, slot, 130, "0123456789abcdef");
	assert_ptr_equal(sessions_in_the_way(&sessions), &sessions.slots[26]);
	for (size_t i = 0; i < 31; i++)
		session_note_set(
			sessions.slots[i].note->request, "0123456789abcdef0123456789abcdef");
	assert_null(sessions_in_the_way(&sessions));
	for (uid_t i = 31; i < 33; i++)
		sessions_started(&sessions, sessions_reserve(&sessions, i, i, 3), (pid_t)(100 + i),
			"0123456789abcdef");
	assert_null(sessions_reserve(&sessions, 99, 99, 3));
	/* It was not counted any more, so that its end frees no place; another's does. */
	assert_non_null(sessions_ended(&sessions, 127));
	assert_null(sessions_reserve(&sessions, 99, 99, 3));
	assert_non_null(sessions_ended(&sessions, 126));
	assert_false(sessions_reserve(&sessions, 99, 99, 3)->dropped);
}

/* Of a user namespace, say: its uids are one person's, whose login is theirs. */
static void R22_one_login_is_one_user_whatever_its_uids(void **state)
{
	static struct sessions sessions;

	(void)state;
	assert_int_equal(sessions_open(&sessions), 0);
	for (uid_t i = 0; i < 3; i++)
		sessions_started(&sessions, sessions_reserve(&sessions, 100000 + i, 1000, 3),
			(pid_t)(100 + i),
			"0123456789abcdef");
	assert_null(sessions_reserve(&sessions, 100003, 1000, 3));
	assert_non_null(sessions_reserve(&sessions, 100003, (uid_t)-1, 3));
	assert_non_null(sessions_reserve(&sessions, 1001, 1001, 3));
}

static void a_note_is_cut_to_its_room(void **state)
{
	struct session_note note = { .doing = "" };
	char copy[sizeof(note.user)], name[64];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	session_note_set(note.user, name);
	assert_int_equal(strlen(note.user), sizeof(note.user) - 1);
	/* A character is whole or not there. */
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = i % 2 == 0 ? '\303' : '\251';
	name[sizeof(name) - 2] = '\0';
	session_note_set(note.doing, name);
	assert_int_equal(strlen(note.doing), 60);
	session_note_set(note.user, name + 2);
	assert_int_equal(strlen(note.user), 32);
	session_note_set(note.user, "");
	assert_string_equal(note.user, "");
	/* One that a broken session left without an end is read no further. */
	memset(note.user, 'b', sizeof(note.user));
	assert_int_equal(
		strlen(session_note_text(copy, note.user, sizeof(copy))), sizeof(copy) - 1);
}

static void a_socket_is_named_by_its_file(void **state)
{
	char name[SOCKET_NAME_MAX];

	(void)state;
	assert_true(socket_name("/run/rolegate/operations.sock", name));
	assert_string_equal(name, "operations");
	assert_false(socket_name("/run/rolegate/.sock", name));
	assert_false(socket_name("/run/rolegate/operations", name));
	assert_false(socket_name("/run/rolegate/a b.sock", name));
	assert_false(socket_name("/run/rolegate/"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.sock",
		name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R8_ids_are_parsed_once_and_unsigned),
		cmocka_unit_test(R19_all_four_ids_are_read),
		cmocka_unit_test(R17_status_is_whole_or_refused),
		cmocka_unit_test(R17_the_name_of_a_process_changes_nothing),
		cmocka_unit_test(R17_a_live_process_with_a_hostile_name_is_read),
		cmocka_unit_test(R18_a_peer_is_read_through_the_kernel),
		cmocka_unit_test(R20_a_peer_that_is_gone_is_refused),
		cmocka_unit_test(R22_sessions_are_limited_per_user_and_in_all),
		cmocka_unit_test(R22_silent_sessions_make_room),
		cmocka_unit_test(R22_one_login_is_one_user_whatever_its_uids),
		cmocka_unit_test(a_note_is_cut_to_its_room),
		cmocka_unit_test(a_socket_is_named_by_its_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
